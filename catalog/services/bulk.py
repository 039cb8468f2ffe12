"""Rows in sets: one statement for thousands, on PostgreSQL (COPY, unnest) and on SQLite (executemany, json_each).

Values go in and come out as the database has them (see ``raw_decimal``), so that what was read can be compared with what would be written without
passing through model instances: that, and writing only what differs, is what makes a catalogue of 200,000 variants cheap. Callers hold a transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, cast

from django.db import connection, models

Row = tuple[Any, ...]

FOUR_PLACES = Decimal("0.0001")
_PG_ARRAYS = {
    "AutoField": "bigint",
    "BigAutoField": "bigint",
    "BooleanField": "boolean",
    "DateTimeField": "timestamptz",
    "DecimalField": "numeric",
    "ForeignKey": "bigint",
    "IntegerField": "bigint",
    "PositiveIntegerField": "bigint",
}


@cache
def is_postgres() -> bool:
    """Asked for every figure, so it is looked up once: a process serves one kind of database."""
    return connection.vendor == "postgresql"


def raw_decimal(value: Decimal | None) -> Decimal | float | None:
    """A price or weight as the database returns it: four places at most; SQLite keeps numbers as doubles."""
    if value is None:
        return None
    if int(value.as_tuple().exponent) < -4:
        value = value.quantize(FOUR_PLACES)
    return value if is_postgres() else float(value)


def raw_time(value: datetime) -> Any:
    """An aware time as a parameter for this database."""
    return connection.ops.adapt_datetimefield_value(value)


# An encoder of its own: ``json.dumps`` with an option makes a new one at each call.
raw_json = json.JSONEncoder(ensure_ascii=False).encode


def read_rows(
    model: type[models.Model], columns: Sequence[str], *, by: str, ids: Iterable[int], extra: str = ""
) -> list[Row]:
    """The ``columns`` of the rows whose column ``by`` is among ``ids``. ``extra`` is a fixed piece of SQL, never input."""
    found = list(ids)
    if not found:
        return []
    names = ", ".join(f"t.{_quote(c)}" for c in columns)
    sql = f"SELECT {names} FROM {_ID_SOURCE[connection.vendor]} JOIN {_quote(model._meta.db_table)} t ON t.{_quote(by)} = i.value {extra}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [id_list(found)])
        return cursor.fetchall()


# The ids in the parameter as rows: joined with, they are looked up in an index or hashed, whatever their number.
_ID_SOURCE = {"postgresql": "unnest(%s::bigint[]) AS i(value)", "sqlite": "json_each(%s) i CROSS"}


def id_list(ids: Sequence[int]) -> Any:
    return list(ids) if is_postgres() else f"[{','.join(map(str, ids))}]"


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> range | list[int]:
    """Insert ``rows`` (without id) and return their new ids in the same order."""
    if not rows:
        return []
    ids = _new_ids(model, len(rows))
    with_ids = ((new_id, *row) for new_id, row in zip(ids, rows, strict=True))
    _INSERT[connection.vendor](model, ("id", *columns), with_ids)
    return ids


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Set ``columns`` of each row; a row is (id, value, …) in the order of ``columns``."""
    if rows:
        _UPDATE[connection.vendor](model, columns, rows)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _copy_postgres(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    names = ", ".join(_quote(c) for c in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {_quote(model._meta.db_table)} ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _update_postgres(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    table = _quote(model._meta.db_table)
    sets = ", ".join(f"{_quote(c)} = v.{_quote(c)}{_cast(model, c)}" for c in columns)
    arrays = ", ".join(f"%s::{_array_type(model, c)}[]" for c in ("id", *columns))
    names = ", ".join(_quote(c) for c in ("id", *columns))
    sql = f"UPDATE {table} AS t SET {sets} FROM unnest({arrays}) AS v({names}) WHERE t.id = v.id"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


def _array_type(model: type[models.Model], column: str) -> str:
    return _PG_ARRAYS.get(_field(model, column).get_internal_type(), "text")


def _cast(model: type[models.Model], column: str) -> str:
    return "::jsonb" if _field(model, column).get_internal_type() == "JSONField" else ""


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _insert_sqlite(model: type[models.Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    names = ", ".join(_quote(c) for c in columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {_quote(model._meta.db_table)} ({names}) VALUES ({marks})", list(rows))


def _update_sqlite(model: type[models.Model], columns: Sequence[str], rows: Sequence[Row]) -> None:
    sets = ", ".join(f"{_quote(c)} = %s" for c in columns)
    sql = f"UPDATE {_quote(model._meta.db_table)} SET {sets} WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*row[1:], row[0]) for row in rows])


# --- Both -------------------------------------------------------------------------------------------------------------

_INSERT: dict[str, Callable[[type[models.Model], Sequence[str], Iterable[Row]], None]] = {
    "postgresql": _copy_postgres,
    "sqlite": _insert_sqlite,
}
_UPDATE: dict[str, Callable[[type[models.Model], Sequence[str], Sequence[Row]], None]] = {
    "postgresql": _update_postgres,
    "sqlite": _update_sqlite,
}


def _new_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Ids that nobody else gets: from the sequence, or on SQLite (where our transaction is the only writer) the next ones."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if is_postgres():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()
        first = (last[0] if last else 0) + 1
        return range(first, first + count)


def _quote(name: str) -> str:
    return connection.ops.quote_name(name)


def _field(model: type[models.Model], column: str) -> models.Field:
    # Rows are written to columns, which relations from elsewhere are not.
    return cast(models.Field, model._meta.get_field(column.removesuffix("_id")))
