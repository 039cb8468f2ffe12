"""Filters that live in the address: ``?state=held&state=waiting&placed=7d``. Unknown values are ignored, never an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.lib import clock

Option = tuple[str, str]
# As a form of choices has them: a value of any kind, which its text stands for in the address.
Choice = tuple[object, str]


@dataclass(frozen=True, slots=True)
class ChoiceFilter:
    """Any of some values of ``field``. ``choices`` is a list of (value, label), or a function of the view that reads one (partners, brands)."""

    key: str
    label: str
    choices: Iterable[Choice] | Callable[[Any], Iterable[Choice]]
    field: str = ""

    def options(self, view: Any) -> list[Option]:
        """The values one may choose, as (value, label)."""
        found = self.choices(view) if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in found]

    def where(self, values: list[str], view: Any) -> Q:
        """The condition for the chosen ``values``."""
        known = {value for value, _ in self.options(view)}
        return Q(**{f"{self.field or self.key}__in": [value for value in values if value in known]})

    def said(self, values: list[str], view: Any) -> str:
        """The chosen values in words, for the chip."""
        names = dict(self.options(view))
        chosen = [names[value] for value in values if value in names]
        return chosen[0] if len(chosen) == 1 else f"any of {len(chosen)}" if chosen else ""


@dataclass(frozen=True, slots=True)
class FlagFilter:
    """A yes or nothing: "Below MAP"."""

    key: str
    label: str
    condition: Q

    def options(self, view: Any) -> list[Option]:
        return [("1", "Yes")]

    def where(self, values: list[str], view: Any) -> Q:
        return self.condition

    def said(self, values: list[str], view: Any) -> str:
        return "yes" if "1" in values else ""


_PERIODS: dict[str, tuple[str, int]] = {
    "today": ("today", 0),
    "3d": ("last 3 days", 2),
    "7d": ("last 7 days", 6),
    "30d": ("last 30 days", 29),
    "90d": ("last 90 days", 89),
}


@dataclass(frozen=True, slots=True)
class PeriodFilter:
    """Days in the viewer's zone: one of the usual periods, or "2026-11-01..2026-11-20" (either end may be missing)."""

    key: str
    label: str
    field: str

    def options(self, view: Any) -> list[Option]:
        return [(value, words.capitalize()) for value, (words, _) in _PERIODS.items()]

    def where(self, values: list[str], view: Any) -> Q:
        start, end = self._days(values[0])
        condition = Q()
        if start:
            condition &= Q(**{f"{self.field}__gte": _midnight(start)})
        if end:
            condition &= Q(**{f"{self.field}__lt": _midnight(end + timedelta(days=1))})
        return condition

    def said(self, values: list[str], view: Any) -> str:
        if values[0] in _PERIODS:
            return _PERIODS[values[0]][0]
        start, end = self._days(values[0])
        words = [f"from {start:%-d %b}" if start else "", f"to {end:%-d %b}" if end else ""]
        return " ".join(word for word in words if word)

    def _days(self, value: str) -> tuple[date | None, date | None]:
        if value in _PERIODS:
            return timezone.localtime(clock.now()).date() - timedelta(days=_PERIODS[value][1]), None
        first, _, last = value.partition("..")
        return _day(first), _day(last)


class Filter(Protocol):
    """What a list needs of a filter. ``values`` are the texts that its key has in the address."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> str: ...

    def options(self, view: Any) -> list[Option]: ...

    def where(self, values: list[str], view: Any) -> Q: ...

    def said(self, values: list[str], view: Any) -> str: ...


def narrow(rows: QuerySet, filters: Iterable[Filter], chosen: dict[str, list[str]], view: Any) -> QuerySet:
    """``rows`` that pass every chosen filter."""
    for item in filters:
        values = chosen.get(item.key)
        if values and item.said(values, view):
            rows = rows.filter(item.where(values, view))
    return rows


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
