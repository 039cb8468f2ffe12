"""Every address of the portal, as the resolver knows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal import public_urls


@dataclass(frozen=True, slots=True)
class Entry:
    """One address: its full name, its route, its view, and the names of what varies in it."""

    name: str
    route: str
    view: Callable[..., Any]
    parameters: tuple[str, ...]

    @property
    def permission(self) -> Any:
        return getattr(self.view, "guard_permission", None)

    @property
    def area(self) -> str:
        return getattr(getattr(self.view, "cls", None), "scope_area", "")

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/")

    @property
    def is_listed(self) -> bool:
        return self.name in public_urls.PUBLIC or self.name in public_urls.ANY_PERSON

    def address(self, **values: Any) -> str:
        return reverse(self.name, kwargs=values)


def all_entries() -> list[Entry]:
    """Every address that does not guard itself as a whole branch."""
    entries = _walk(get_resolver().url_patterns, "", "")
    return [entry for entry in entries if not entry.route.startswith(public_urls.SELF_GUARDED)]


def _walk(patterns: list[Any], prefix: str, space: str) -> Iterator[Entry]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            parameters = tuple(pattern.pattern.regex.groupindex)
            yield Entry(f"{space}{pattern.name}", route, pattern.callback, parameters)
