"""What the templates of a list show: heads, lines, tabs and chips, each with its addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.safestring import SafeString

from portal.ui.lists.address import Address
from portal.ui.lists.columns import Column
from portal.ui.lists.counting import Bounded, count
from portal.ui.lists.filters import Filter
from portal.ui.lists.paging import Order
from portal.ui.lists.parts import Tab

if TYPE_CHECKING:
    from portal.ui.lists.view import ListView


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head; ``sorted`` is "ascending", "descending" or ""."""

    column: Column
    url: str
    sorted: str


@dataclass(frozen=True, slots=True)
class ShownTab:
    """A tab with its count under the present search."""

    tab: Tab
    url: str
    is_current: bool
    count: Bounded | None


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as the tools row shows it: ``said`` is empty while it is not in use."""

    filter: Filter
    values: list[str]
    said: str
    clear_url: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its drawn cells."""

    view: ListView
    row: Any

    @property
    def css(self) -> str:
        return self.view.row_class(self.row)

    @property
    def label(self) -> str:
        return str(self.row)

    def cells(self) -> list[tuple[Column, SafeString | str]]:
        return [(column, column.draw(self.row, self.view)) for column in self.view.shown_columns]


def heads_of(columns: Sequence[Column], order: Order, address: Address) -> list[Head]:
    """The heads, each sortable one with the address that sorts by it or turns it round."""
    return [_head(column, order, address) for column in columns]


def _head(column: Column, order: Order, address: Address) -> Head:
    if not column.sort:
        return Head(column, "", "")
    is_current = column.sort == order.field
    down = not order.descending if is_current else column.newest_first
    direction = ("descending" if order.descending else "ascending") if is_current else ""
    return Head(column, address.with_(sort=f"{'-' if down else ''}{column.key}"), direction)


def tabs_of(view: ListView) -> list[ShownTab]:
    """The tabs; counts are bounded, one query each, and the present tab's is the list's own. Others may come later, see ``ListView.late_counts``."""
    return [_tab(view, tab) for tab in view.tabs]


def _tab(view: ListView, tab: Tab) -> ShownTab:
    is_current = tab is view.tab
    is_known = tab.counted and (is_current or not view.counts_url)
    number = total_of(view, tab) if is_known else None
    key = "" if tab is view.tabs[0] else tab.key
    return ShownTab(tab, view.address.with_(tab=key or None), is_current, number)


def total_of(view: ListView, tab: Tab) -> Bounded:
    """How many rows ``tab`` holds under the present search and filters."""
    return (
        view.total
        if tab is view.tab
        else count(lambda: view.without_tab.filter(tab.where), known_as=view.count_name(tab))
    )


def chips_of(view: ListView) -> list[Chip]:
    """The filters in use first, in the list's order."""
    return sorted((_chip(view, item) for item in view.filters), key=lambda chip: not chip.said)


def _chip(view: ListView, item: Filter) -> Chip:
    values = view.chosen.get(item.key, [])
    said = item.said(values, view) if values else ""
    options = [(value, label, value in values) for value, label in item.options(view)]
    return Chip(item, values, said, view.address.with_(**{item.key: None}) if said else "", options)
