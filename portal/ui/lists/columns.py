"""A column of a list: what it shows, how it sorts, where it stands on a phone and what it exports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.template.loader import get_template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from portal.ui.looks import Look
from portal.ui.templatetags.ui import MISSING, money, state, when

Kind = Literal["text", "code", "number", "money", "time", "state"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    ``value`` is an attribute path ("partner.name") or a function of the row; the key when not given. ``cell`` names a template that draws the cell
    instead (context: row, value, column, view). ``link`` makes it the row's link: True for ``get_absolute_url``, or a function row -> address.
    ``sort`` is the ORM field to sort by (on the row's own table, indexed with the key), ``newest_first`` its first direction. ``hide`` is "lg"
    (goes below 1320 px) or "md" (below 1180 px). ``place`` is the cell's place in the three-line card of a phone: "1l", "2r" and so on.
    ``looks`` maps state values to looks, ``currency`` is the path of the currency of a money column. ``export`` overrides the exported value;
    False leaves the column out. ``shown`` False hides it until somebody chooses it. ``sub`` is the path of a second, smaller line. ``named`` puts the
    head before the cell on a phone, where a number alone would say nothing.
    """

    key: str
    head: str
    value: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    cell: str = ""
    link: bool | Callable[[Any], str] = False
    sort: str = ""
    newest_first: bool = False
    hide: Literal["", "lg", "md"] = ""
    place: str = ""
    looks: Mapping[str, Look] | None = None
    currency: str | Callable[[Any], str] = "currency"
    export: str | Callable[[Any], Any] | bool = True
    shown: bool = True
    sub: str | Callable[[Any], Any] = ""
    extra_class: str = ""
    named: bool = False

    @property
    def css(self) -> str:
        names = [f"hide-{self.hide}" if self.hide else "", "num" if self.is_number else "", self.extra_class]
        if self.kind == "text" and not self.cell:
            names.append("wide")
        return " ".join(name for name in names if name)

    @property
    def is_number(self) -> bool:
        return self.kind in {"number", "money"}

    def of(self, row: Any) -> Any:
        """The raw value of ``row``."""
        return read(row, self.value or self.key)

    def draw(self, row: Any, view: Any) -> SafeString | str:
        """The cell as HTML, with its link and second line."""
        inner = self._inner(row, view)
        if self.link and (address := self.address(row)):
            code = " code" if self.kind == "code" else ""
            inner = format_html('<a class="name{}" href="{}">{}</a>', code, address, inner)
        if self.sub and (second := read(row, self.sub)):
            inner = format_html('{}<span class="sub">{}</span>', inner, second)
        return inner

    def address(self, row: Any) -> str:
        """Where the row's link goes."""
        return self.link(row) if callable(self.link) else row.get_absolute_url()

    def for_export(self, row: Any) -> Any:
        """What CSV and XLSX hold: plain values, money as a number, states as words."""
        if self.export is not True and self.export is not False:
            return read(row, self.export)
        value = self.of(row)
        return self._look(row, value).label if self.kind == "state" else value

    def _inner(self, row: Any, view: Any) -> SafeString | str:
        value = self.of(row)
        if self.cell:
            context = {"row": row, "value": value, "column": self, "view": view, "request": view.request}
            return mark_safe(get_template(self.cell).render(context).strip())  # nosec B308 B703  # templates escape
        return _DRAW[self.kind](self, row, value)

    def _look(self, row: Any, value: Any) -> Look:
        look = (self.looks or {}).get(value) or Look("circle", "idle")
        word = getattr(row, f"get_{self.value or self.key}_display", None)
        return look if look.label else look.named(str(word() if word else value))


def read(row: Any, path: str | Callable[[Any], Any]) -> Any:
    """``row`` along a dotted path, or through a function; None where a step is missing."""
    if callable(path):
        return path(row)
    for name in path.split("."):
        row = getattr(row, name, None)
        if row is None:
            return None
    return row() if callable(row) else row


def _text(column: Column, row: Any, value: Any) -> SafeString | str:
    return MISSING if value in (None, "") else format_html("<span>{}</span>", value)


def _code(column: Column, row: Any, value: Any) -> SafeString | str:
    return MISSING if value in (None, "") else format_html('<span class="code">{}</span>', value)


def _number(column: Column, row: Any, value: Any) -> SafeString | str:
    return MISSING if value is None else conditional_escape(f"{value:,}")


def _money(column: Column, row: Any, value: Any) -> SafeString | str:
    return money(value, read(row, column.currency) or "GBP")


def _time(column: Column, row: Any, value: Any) -> SafeString | str:
    return when(value)


def _state(column: Column, row: Any, value: Any) -> SafeString | str:
    return state(column._look(row, value), "plain")


_DRAW = {"text": _text, "code": _code, "number": _number, "money": _money, "time": _time, "state": _state}
