"""Products that are written but not in the index yet: a first load does not wait for it, a job takes them up."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

TABLE = "catalog_search_waiting"


def create() -> None:
    """Make the table where it is missing."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (product_id bigint PRIMARY KEY)")


def drop() -> None:
    """Remove the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def add(product_ids: Sequence[int]) -> None:
    """Note products; those that wait already are left as they are."""
    sql = f"INSERT INTO {TABLE} (product_id) VALUES (%s) ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(pk,) for pk in product_ids])


def take(most: int) -> list[int]:
    """Up to ``most`` waiting products; they wait no longer. Call it in the transaction that puts them into the index."""
    sql = f"DELETE FROM {TABLE} WHERE product_id IN (SELECT product_id FROM {TABLE} ORDER BY product_id LIMIT %s) RETURNING product_id"
    with connection.cursor() as cursor:
        cursor.execute(sql, [most])
        return [row[0] for row in cursor.fetchall()]


def are_any() -> bool:
    """Whether something waits."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {TABLE} LIMIT 1")
        return cursor.fetchone() is not None
