"""Statements that are asked for every page: their SQL is made once from a query set, and only their values change.

Making the SQL of a long query set costs several times what the database needs to answer it. The query set stays the one place that says what is read::

    NEWEST = Prepared(lambda company, before: Order.objects.filter(company=company, pk__lt=before).values_list("pk", "number"))
    NEWEST.rows(company=7, before=1_000, limit=50)

A query set without ``values_list`` gives objects, with what ``select_related`` and ``annotate`` add::

    OWN = Prepared(lambda user: Membership.objects.filter(user=user).select_related("company"))
    OWN.objects(user=7)
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.query import get_related_populators
from django.db.models.sql.compiler import SQLCompiler

# What stands in for a value while the SQL is made: no id is so low, no text so odd, no moment so long ago.
_LOWEST = -(2**63) + 1_000
_TEXT = "\ue000{}\ue001"
_LONG_AGO = datetime(3, 1, 1, tzinfo=UTC)
# A list of ids as one parameter.
_EACH_ID = {"postgresql": "SELECT unnest(%s::bigint[])", "sqlite": "SELECT value FROM json_each(%s)"}


@dataclass(frozen=True, slots=True)
class Slot:
    """An argument: what ``make`` is given in its place, what of it is found among the statement's values, and how a value is put there."""

    given: Any
    found: Any
    put: Callable[[Any], Any]

    @classmethod
    def number(cls, place: int) -> Slot:
        return cls(_LOWEST + place, _LOWEST + place, int)

    @classmethod
    def text(cls, place: int) -> Slot:
        return cls(_TEXT.format(place), _TEXT.format(place), str)

    @classmethod
    def moment(cls, place: int) -> Slot:
        """A database writes a moment in its own way, so it is looked for as it writes it."""
        given = _LONG_AGO + timedelta(days=place)
        return cls(given, _moment(given), _moment)

    @classmethod
    def ids(cls, place: int) -> Slot:
        text = _TEXT.format(place)
        return cls(RawSQL(_EACH_ID[connection.vendor], (text,)), text, _ids)  # nosec B611  # SQL of ours


def _moment(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)


def _ids(values: Iterable[int]) -> Any:
    return list(values) if connection.vendor == "postgresql" else json.dumps(list(values))


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with the values that it has in common for all askers; ``places`` says where which argument goes."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str, Callable[[Any], Any]], ...]
    converters: tuple[tuple[int, Any, Sequence[Callable[..., Any]]], ...]
    # Makes an object of a converted row; None for a query set of values.
    build: Callable[[Sequence[Any]], Any] | None

    def filled(self, values: dict[str, Any]) -> list[Any]:
        """The parameters for ``values``."""
        params = list(self.params)
        for at, name, put in self.places:
            params[at] = put(values[name])
        return params

    def converted(self, row: Sequence[Any]) -> list[Any]:
        """``row`` of the driver as the query set would give it."""
        values = list(row)
        for at, expression, converters in self.converters:
            for convert in converters:
                values[at] = convert(values[at], expression, connection)
        return values


class Prepared:
    """``make`` takes its arguments by name and gives a query set that is not sliced. Arguments are numbers; those named in ``texts`` are texts, those in
    ``moments`` times with a zone, those in ``ids`` many ids (for ``pk__in``).

    An argument stands for a value that is compared (``company``, ``pk__lt``), never for a column, an order or a list. What ``make`` reads itself is read
    once: a time that passes must be an argument.
    """

    def __init__(
        self,
        make: Callable[..., QuerySet],
        *,
        texts: tuple[str, ...] = (),
        moments: tuple[str, ...] = (),
        ids: tuple[str, ...] = (),
    ) -> None:
        kinds = {
            **dict.fromkeys(inspect.signature(make).parameters, Slot.number),
            **dict.fromkeys(texts, Slot.text),
            **dict.fromkeys(moments, Slot.moment),
            **dict.fromkeys(ids, Slot.ids),
        }
        self._make = make
        self._kinds = kinds
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

    def objects(self, *, limit: int | None = None, **values: Any) -> list[Any]:
        """The objects that the query set would give. Raises TypeError for a query set of values."""
        rows = self.values(limit=limit, **values)
        build = self._made[connection.vendor].build
        if build is None:
            raise TypeError("This query set gives values, not objects.")
        return [build(row) for row in rows]

    def sql(self, *, limit: int | None = None, **values: Any) -> tuple[str, list[Any]]:
        """The statement with its parameters, to be put together with others."""
        statement = self._made.get(connection.vendor) or self._prepare()
        return (f"{statement.sql} LIMIT {int(limit)}" if limit is not None else statement.sql), statement.filled(values)

    def _prepare(self) -> Statement:
        slots = {name: kind(place) for place, (name, kind) in enumerate(self._kinds.items())}
        rows = self._make(**{name: slot.given for name, slot in slots.items()})
        compiler = rows.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        found = compiler.get_converters([expression for expression, _, _ in compiler.select])
        converters = tuple((at, expression, functions) for at, (functions, expression) in found.items())
        places = tuple(_places(params, slots))
        if missing := slots.keys() - {name for _, name, _ in places}:
            raise ValueError(f"These arguments are not among the statement's values: {', '.join(sorted(missing))}.")
        is_values = bool(rows._fields)  # type: ignore[attr-defined]  # the stubs leave out that Django notes the columns here
        made = Statement(sql, tuple(params), places, converters, None if is_values else _builder(compiler))
        self._made[connection.vendor] = made
        return made


@dataclass(frozen=True, slots=True)
class Number:
    """How many rows ``rows`` has for some ``values``, ``most`` of them at the most."""

    rows: Prepared
    values: Mapping[str, Any]
    most: int | None = None


def how_many(asked: Sequence[Number]) -> list[int]:
    """The figures of ``asked``, read together in one statement; none asked, none made."""
    if not asked:
        return []
    parts = [number.rows.sql(limit=number.most, **number.values) for number in asked]
    columns = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) counted)" for sql, _ in parts)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns}", [value for _, params in parts for value in params])
        return list(cursor.fetchone())


def _places(params: Sequence[Any], slots: dict[str, Slot]) -> Iterable[tuple[int, str, Callable[[Any], Any]]]:
    """Where which argument stands among ``params``."""
    names = {slot.found: name for name, slot in slots.items()}
    for at, value in enumerate(params):
        if isinstance(value, int | str | datetime) and value in names:
            yield at, names[value], slots[names[value]].put


def _builder(compiler: SQLCompiler) -> Callable[[Sequence[Any]], Model]:
    """What Django's own iterator does with a row: the object, those of ``select_related``, the annotations."""
    info, alias = compiler.klass_info, connection.alias
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    related = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]  # the stubs know Django 6.1
    annotations = tuple((compiler.annotation_col_map or {}).items())

    def build(row: Sequence[Any]) -> Model:
        made = info["model"].from_db(alias, names, row[start:end])
        for populator in related:
            populator.populate(row, made)
        for name, at in annotations:
            setattr(made, name, row[at])
        return made

    return build
