"""Keyset paging: a page is read from where the last one ended, so page 1,000 costs what page 1 costs.

A cursor names the sort value and key of the row at the edge of a page and the row's place in the list. It is signed, so that it can only be one of ours.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Q, QuerySet

_SALT = "portal.ui.lists"


@dataclass(frozen=True, slots=True)
class Order:
    """``field`` of the row's own table (or an annotation), then the key, both in one direction. Missing values stand last."""

    field: str
    descending: bool = True

    def apply(self, rows: QuerySet, *, backwards: bool) -> QuerySet:
        """``rows`` in this order, or from its end."""
        down = self.descending != backwards
        return rows.order_by(*self._terms(rows, down=down, nulls_first=backwards))

    def beyond(self, rows: QuerySet, value: Any, pk: Any, *, backwards: bool) -> QuerySet:
        """The part of ``rows`` that stands after (value, pk), or before it when ``backwards``."""
        down = self.descending != backwards
        step = "lt" if down else "gt"
        further = Q(**{f"pk__{step}": pk})
        if self.field == "pk":
            return rows.filter(further)
        if value is None:
            missing = Q(**{f"{self.field}__isnull": True}) & further
            return rows.filter(missing | Q(**{f"{self.field}__isnull": False}) if backwards else missing)
        same_or_further = Q(**{f"{self.field}__{step}e": value}) & (Q(**{f"{self.field}__{step}": value}) | further)
        if _may_be_missing(rows, self.field) and not backwards:
            same_or_further |= Q(**{f"{self.field}__isnull": True})
        return rows.filter(same_or_further)

    def value_of(self, row: Any) -> Any:
        """The sort value of ``row``; relations are walked."""
        for name in self.field.split("__"):
            row = getattr(row, name, None)
        return row

    def _terms(self, rows: QuerySet, *, down: bool, nulls_first: bool) -> list[Any]:
        key = "-pk" if down else "pk"
        if self.field == "pk":
            return [key]
        if not _may_be_missing(rows, self.field):
            return [f"-{self.field}" if down else self.field, key]
        nulls = {"nulls_first": True} if nulls_first else {"nulls_last": True}
        return [F(self.field).desc(**nulls) if down else F(self.field).asc(**nulls), key]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or before) the row (value, pk), which has ``place`` rows up to and with it."""

    value: Any
    pk: Any
    place: int
    backwards: bool = False

    def text(self) -> str:
        """The cursor for an address."""
        tag, plain = _plain(self.value)
        return signing.dumps([tag, plain, str(self.pk), self.place, int(self.backwards)], salt=_SALT)

    @classmethod
    def parse(cls, text: str, rows: QuerySet) -> Cursor | None:
        """The cursor of an address; None (the first page) for anything that is not one of ours."""
        try:
            tag, plain, pk, place, backwards = signing.loads(text, salt=_SALT)
            return cls(_UNPLAIN[tag](plain), rows.model._meta.pk.to_python(pk), int(place), bool(backwards))
        except (signing.BadSignature, ValueError, KeyError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows in order; ``newer`` and ``older`` are cursors' texts, "" at the ends. ``first`` is the place of the first row, from 1."""

    rows: list[Any]
    first: int
    newer: str
    older: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


Read = Callable[[Cursor | None, int], list[Any]]


def read_page(rows: QuerySet, order: Order, *, cursor: Cursor | None, size: int) -> Page:
    """One page of ``rows`` in one query (plus what prefetching costs)."""
    return page_of(reader(rows, order), order, cursor=cursor, size=size)


def reader(rows: QuerySet, order: Order) -> Read:
    """Reads ``rows`` in ``order`` for ``page_of``."""

    def read(at: Cursor | None, most: int) -> list[Any]:
        backwards = at.backwards if at else False
        part = order.beyond(rows, at.value, at.pk, backwards=backwards) if at else rows
        return list(order.apply(part, backwards=backwards)[:most])

    return read


def page_of(read: Read, order: Order, *, cursor: Cursor | None, size: int) -> Page:
    """One page of what ``read`` gives: so many rows at the most from a cursor on, in its direction; from the beginning without one."""
    found = read(cursor, size + 1)
    more, found = len(found) > size, found[:size]
    if cursor and cursor.backwards:
        if not more:
            return page_of(read, order, cursor=None, size=size)
        found.reverse()
        first = max(cursor.place - len(found), 1)
        return _page(found, order, first=first, has_newer=True, has_older=True)
    return _page(found, order, first=cursor.place + 1 if cursor else 1, has_newer=cursor is not None, has_older=more)


def _page(found: list[Any], order: Order, *, first: int, has_newer: bool, has_older: bool) -> Page:
    newer = older = ""
    if found and has_newer:
        newer = Cursor(order.value_of(found[0]), found[0].pk, first, backwards=True).text()
    if found and has_older:
        older = Cursor(order.value_of(found[-1]), found[-1].pk, first + len(found) - 1).text()
    return Page(found, first, newer, older)


def _may_be_missing(rows: QuerySet, path: str) -> bool:
    """Whether ``path`` can be NULL; annotations are taken as if they could."""
    model, missing = rows.model, False
    for name in path.split("__"):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return True
        missing = missing or field.null
        model = field.related_model
    return missing


def _plain(value: Any) -> tuple[str, str | None]:
    if value is None:
        return "none", None
    if isinstance(value, bool):
        return "bool", str(int(value))
    for tag, kind in _KINDS.items():
        if isinstance(value, kind):
            return tag, value.isoformat() if isinstance(value, date) else str(value)
    return "str", str(value)


_KINDS: dict[str, type] = {"datetime": datetime, "date": date, "int": int, "decimal": Decimal, "uuid": uuid.UUID}
_UNPLAIN: dict[str, Callable[[str], Any]] = {
    "none": lambda text: None,
    "bool": lambda text: bool(int(text)),
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "int": int,
    "decimal": Decimal,
    "uuid": uuid.UUID,
    "str": str,
}
