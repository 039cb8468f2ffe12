"""The state of a list as its address says it, and addresses that change one thing of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict

# What says which part of the list is asked for, and how, rather than describing the list.
_PASSING = ("at", "export", "counts")


@dataclass(frozen=True, slots=True)
class Address:
    """A list's query string; every method gives the address of a neighbouring view."""

    path: str
    query: QueryDict

    @property
    def q(self) -> str:
        return self.query.get("q", "").strip()[:100]

    def chosen(self, keys: Iterable[str]) -> dict[str, list[str]]:
        """The values of the filters ``keys``, those without a value left out."""
        found = {key: [value for value in self.query.getlist(key) if value] for key in keys}
        return {key: values for key, values in found.items() if values}

    def with_(self, **changes: str | list[str] | None) -> str:
        """This view with some parameters changed (None removes), from its first page."""
        query = self.query.copy()
        for key in _PASSING:
            query.pop(key, None)
        for key, value in changes.items():
            query.pop(key, None)
            if value:
                query.setlist(key, value if isinstance(value, list) else [value])
        text = query.urlencode()
        return f"{self.path}?{text}" if text else self.path

    def at(self, cursor: str) -> str:
        """Another page of this view."""
        return self.with_(at=cursor)

    @property
    def kept_for_search(self) -> list[tuple[str, str]]:
        """What the search form carries along."""
        return self.kept("q")

    def kept(self, *changed: str) -> list[tuple[str, str]]:
        """The parameters that a form must carry as hidden fields when it sets ``changed``."""
        skip = {*changed, *_PASSING}
        return [(key, value) for key, values in self.query.lists() if key not in skip for value in values if value]

    def saved(self) -> str:
        """What a saved view keeps."""
        query = self.query.copy()
        for key in (*_PASSING, "cols"):
            query.pop(key, None)
        return query.urlencode()
