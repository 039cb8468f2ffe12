"""What a partnership still lacks: a registry of hooks that catalog and channels fill, since companies know neither prices nor stores.

A hook takes ``(company, partnerships)`` and answers ``{partnership id: (Notice, ...)}`` in a bounded number of queries, in the words of that company's side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from portal.companies.models import Company, Partnership


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence on what is missing ("No price list is assigned to Acme: they see 0 products.") and the way to fix it."""

    sentence: str
    url: str = ""
    button: str = ""
    blocks: bool = True


Hook = Callable[[Company, Sequence[Partnership]], Mapping[int, Sequence[Notice]]]
_hooks: dict[str, Hook] = {}


def register(name: str, hook: Hook) -> None:
    """Ask ``hook`` whenever partners are shown; the same ``name`` again replaces it."""
    _hooks[name] = hook


def notices_for(company: Company, partnerships: Sequence[Partnership]) -> dict[int, list[Notice]]:
    """Everything the hooks say, by partnership id; partnerships that lack nothing map to []."""
    found: dict[int, list[Notice]] = {partnership.pk: [] for partnership in partnerships}
    for hook in _hooks.values():
        for pk, notices in hook(company, partnerships).items():
            found.setdefault(pk, []).extend(notices)
    return found
