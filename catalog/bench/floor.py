"""The floors: the least that a database must do for the same effect, in raw SQL, on copies of our tables.

PostgreSQL: COPY into a temporary table and one comparing statement a chunk. SQLite: one ``executemany`` upsert with comparison a chunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from catalog.services.bulk import Row


@contextmanager
def copy_of(model: type[models.Model], *, filled: bool = False) -> Iterator[str]:
    """A table like that of ``model`` with its indexes, by name; with its rows when ``filled``. It goes in the end."""
    source, name = model._meta.db_table, f"bench_{model._meta.model_name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in _COPIES[connection.vendor](source, name):
            cursor.execute(statement)
        if filled:
            cursor.execute(f"INSERT INTO {name} SELECT * FROM {source}")
    try:
        yield name
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {name}")


def upsert(table: str, columns: Sequence[str], rows: Sequence[Row], *, key: Sequence[str] = ("id",)) -> None:
    """Insert ``rows``, or update those whose values differ, in one transaction."""
    with transaction.atomic():
        _UPSERTS[connection.vendor](table, columns, rows, key)


def compare_stock(table: str, rows: Sequence[Row]) -> None:
    """Make on hand of (variant, location) what ``rows`` say, in one comparing statement. Rows: (variant_id, location_id, on_hand, changed_at)."""
    with transaction.atomic():
        if connection.vendor == "sqlite":
            _upsert_sqlite(table, _STOCK, rows, ("variant_id", "location_id"), compared=("on_hand",))
            return
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE pulled (variant_id bigint, location_id bigint, on_hand int, changed_at timestamptz) ON COMMIT DROP"
            )
            _copy(cursor, "pulled", _STOCK, rows)
            cursor.execute(
                f"UPDATE {table} t SET on_hand = p.on_hand, changed_at = p.changed_at FROM pulled p WHERE t.variant_id = p.variant_id "
                "AND t.location_id = p.location_id AND t.on_hand IS DISTINCT FROM p.on_hand"
            )


_STOCK = ("variant_id", "location_id", "on_hand", "changed_at")


def _copy_postgres(source: str, name: str) -> list[str]:
    return [f"CREATE TABLE {name} (LIKE {source} INCLUDING ALL)"]


def _copy_sqlite(source: str, name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = %s AND sql IS NOT NULL ORDER BY type DESC",
            [source],
        )
        found = cursor.fetchall()
    return [
        sql.replace(f'"{source}"', f'"{name}"', 1)
        if kind == "table"
        else sql.replace(f'"{index}"', f'"bench_{index}"').replace(f'ON "{source}"', f'ON "{name}"')
        for kind, index, sql in found
    ]


def _upsert_postgres(table: str, columns: Sequence[str], rows: Sequence[Row], key: Sequence[str]) -> None:
    names = ", ".join(columns)
    others = [c for c in columns if c not in key]
    compared = [c for c in others if not c.endswith("_at")]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pulled")
        cursor.execute(f"CREATE TEMP TABLE pulled AS SELECT {names} FROM {table} WITH NO DATA")
        _copy(cursor, "pulled", columns, rows)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM pulled ON CONFLICT ({', '.join(key)}) DO UPDATE SET "
            + ", ".join(f"{c} = excluded.{c}" for c in others)
            + f" WHERE ({', '.join(f'{table}.{c}' for c in compared)}) IS DISTINCT FROM ({', '.join(f'excluded.{c}' for c in compared)})"
        )


def _copy(cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _upsert_sqlite(
    table: str, columns: Sequence[str], rows: Sequence[Row], key: Sequence[str], *, compared: Sequence[str] = ()
) -> None:
    others = [c for c in columns if c not in key]
    differs = " OR ".join(f"{table}.{c} IS NOT excluded.{c}" for c in compared or others if not c.endswith("_at"))
    sql = (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) ON CONFLICT ({', '.join(key)}) "
        f"DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in others)} WHERE {differs}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


_COPIES = {"postgresql": _copy_postgres, "sqlite": _copy_sqlite}
_UPSERTS = {"postgresql": _upsert_postgres, "sqlite": _upsert_sqlite}
