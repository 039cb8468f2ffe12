"""Lists whose search forgives typos and shows the best matches first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from catalog.models import Product
from catalog.search import MOST, Found, find, in_order
from portal.ui.lists import ListView
from portal.ui.lists.filters import narrow
from portal.ui.lists.paging import Order


class SearchedListView(ListView):
    """A list of products that is searched through the index; a sort that somebody asked for goes before the best match."""

    hits = Found()

    def sellers(self) -> Sequence[int]:
        """The companies whose goods are listed."""
        raise NotImplementedError

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        passing: QuerySet[Product] = narrow(rows, self.filters, self.chosen, self)
        if self.tab:
            passing = passing.filter(self.tab.where)
        self.hits = find(passing, text, company_ids=self.sellers())
        return in_order(rows, self.hits)

    @cached_property
    def order_by(self) -> Order:
        if self.address.q and not self.request.GET.get("sort"):
            return Order("found_at", descending=False)
        return super().order_by

    @property
    def newer_word(self) -> str:
        return "Better matches" if self.address.q else "Newer"

    @property
    def older_word(self) -> str:
        return "More matches" if self.address.q else "Older"

    @property
    def note(self) -> str:
        """What the search did beyond the words typed."""
        return search_note(self.hits)

    @property
    def foot_note(self) -> str:
        return self.note

    def context(self) -> dict[str, Any]:
        found = super().context()
        return {**found, "foot_note": self.foot_note or found.get("foot_note", "")}


def search_note(hits: Found) -> str:
    """What the search did beyond the words typed; "" when nothing."""
    if hits.instead:
        return f"Few matches, so we looked for {' and '.join(f'“{word}”' for word in hits.instead)} too."
    return f"The {MOST} best matches. Type more words, or use the filters." if len(hits.ids) == MOST else ""
