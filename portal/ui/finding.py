"""Search over everything: a registry of sources, each a function of the scope and the text typed.

``register("Orders", "shopping-cart", find)`` in ``AppConfig.ready``; ``find(scope, text)`` returns at most ``MOST`` hits in one query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from portal.companies.scope import Scope

MOST = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its name, a line that tells it from others, its page."""

    title: str
    url: str
    detail: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one source."""

    label: str
    icon: str
    hits: tuple[Hit, ...]


Finder = Callable[[Scope, str], Iterable[Hit]]
_sources: dict[str, tuple[str, Finder]] = {}


def register(label: str, icon: str, finder: Finder) -> None:
    """Search with ``finder`` too, under the heading ``label``."""
    _sources[label] = (icon, finder)


def find(scope: Scope, text: str) -> list[Group]:
    """The groups with hits, in the order of registration."""
    groups = (Group(label, icon, tuple(finder(scope, text))[:MOST]) for label, (icon, finder) in _sources.items())
    return [group for group in groups if group.hits]
