"""Statements that are asked for every page: their SQL is made once from a query set, and only their values change.

Making the SQL of a long query set costs several times what the database needs to answer it. The query set stays the one place that says what is read::

    NEWEST = Prepared(lambda company, before: Order.objects.filter(company=company, pk__lt=before).values_list("pk", "number"))
    NEWEST.rows(company=7, before=1_000, limit=50)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

# Numbers and texts that stand in for a value while the SQL is made: no id is so low, no text so odd.
_LOWEST = -(2**63) + 1_000
_TEXT = "\ue000{}\ue001"


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the values that it has in common for all askers; ``places`` says where which argument goes."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]
    converters: tuple[tuple[int, Any, Sequence[Callable[..., Any]]], ...]

    def filled(self, values: dict[str, Any]) -> list[Any]:
        """The parameters for ``values``."""
        params = list(self.params)
        for at, name in self.places:
            params[at] = values[name]
        return params

    def converted(self, row: Sequence[Any]) -> list[Any]:
        """``row`` of the driver as the query set would give it."""
        values = list(row)
        for at, expression, converters in self.converters:
            for convert in converters:
                values[at] = convert(values[at], expression, connection)
        return values


class Prepared:
    """``make`` takes its arguments by name and gives a query set of ``values_list``, not sliced. Arguments are numbers; those named in ``texts`` are texts.

    An argument stands for a value that is compared (``company``, ``pk__lt``), never for a column, an order or a list.
    """

    def __init__(self, make: Callable[..., QuerySet], *, texts: tuple[str, ...] = ()) -> None:
        self._make = make
        self._names = tuple(inspect.signature(make).parameters)
        self._texts = texts
        self._made: dict[str, Statement] = {}

    def rows(self, *, limit: int | None = None, **values: Any) -> list[tuple[Any, ...]]:
        """The rows as the driver gives them: JSON as text, on SQLite amounts as floats and times as texts."""
        sql, params = self.sql(limit=limit, **values)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall()

    def values(self, *, limit: int | None = None, **values: Any) -> list[list[Any]]:
        """The rows as the query set would give them: times and amounts as Python has them."""
        rows = self.rows(limit=limit, **values)
        return [self._made[connection.vendor].converted(row) for row in rows]

    def sql(self, *, limit: int | None = None, **values: Any) -> tuple[str, list[Any]]:
        """The statement with its parameters, to be put together with others."""
        statement = self._made.get(connection.vendor) or self._prepare()
        return (f"{statement.sql} LIMIT {int(limit)}" if limit is not None else statement.sql), statement.filled(values)

    def _prepare(self) -> Statement:
        stand_ins: dict[Any, str] = {
            (_TEXT.format(place) if name in self._texts else _LOWEST + place): name
            for place, name in enumerate(self._names)
        }
        query = self._make(**{name: value for value, name in stand_ins.items()}).query
        compiler = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        found = compiler.get_converters([expression for expression, _, _ in compiler.select])
        converters = tuple((at, expression, functions) for at, (functions, expression) in found.items())
        places = tuple((at, stand_ins[value]) for at, value in enumerate(params) if _is_among(value, stand_ins))
        if missing := set(self._names) - {name for _, name in places}:
            raise ValueError(f"These arguments are not among the statement's values: {', '.join(sorted(missing))}.")
        self._made[connection.vendor] = made = Statement(sql, tuple(params), places, converters)
        return made


def _is_among(value: Any, stand_ins: dict[Any, str]) -> bool:
    return isinstance(value, int | str) and value in stand_ins
