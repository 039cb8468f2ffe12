"""The index on PostgreSQL: a table of folded texts with a trigram index (pg_trgm), which finds any three characters in a row, also inside words.

Where the extension may not be made, the built-in text search stands in: it finds beginnings of words, not their middles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError, connection, transaction

from catalog.search.backends import Groups
from catalog.search.documents import Document
from catalog.search.text import fold

TABLE = "catalog_search"
TRIGRAM_INDEX, WORD_INDEX = "catalog_search_trigrams", "catalog_search_words_of"
NO_TRIGRAMS = (
    "Search works without pg_trgm: it finds beginnings of words only. To find parts of words too, let a superuser run "
    "“CREATE EXTENSION pg_trgm”, then run “manage.py migrate” again."
)


class PostgresIndex:
    """See ``catalog.search.backends.Index``."""

    def create(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TABLE IF NOT EXISTS {TABLE} (product_id bigint PRIMARY KEY, company_id bigint NOT NULL, text text NOT NULL)"
            )
            cursor.execute(f"CREATE INDEX IF NOT EXISTS catalog_search_owner ON {TABLE} (company_id, product_id)")
            if _has_trigrams():
                cursor.execute(f"CREATE INDEX IF NOT EXISTS {TRIGRAM_INDEX} ON {TABLE} USING gin (text gin_trgm_ops)")
                return ""
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {WORD_INDEX} ON {TABLE} USING gin (to_tsvector('simple', text))"
            )
        return NO_TRIGRAMS

    def drop(self) -> None:
        _with_trigrams.clear()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")

    def exists(self) -> bool:
        return _exists(TABLE)

    def put(self, documents: Sequence[Document]) -> None:
        sql = (
            f"INSERT INTO {TABLE} (product_id, company_id, text) SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) "
            "ON CONFLICT (product_id) DO UPDATE SET company_id = excluded.company_id, text = excluded.text"
        )
        columns = zip(*((one.product_id, one.company_id, one.text) for one in documents), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(sql, [list(column) for column in columns])

    def remove(self, product_ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE product_id = ANY(%s)", [list(product_ids)])

    def candidates(self, company_ids: Sequence[int], groups: Groups, *, after: int, most: int) -> list[int]:
        sql, values = self._candidates(company_ids, groups, after=after, most=most)
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return [row[0] for row in cursor.fetchall()]

    def _candidates(
        self, company_ids: Sequence[int], groups: Groups, *, after: int, most: int
    ) -> tuple[str, list[Any]]:
        condition, values = _trigram_terms(groups) if _finds_trigrams() else _word_terms(groups)
        sql = (
            f"SELECT product_id FROM {TABLE} WHERE company_id = ANY(%s) AND product_id > %s AND {condition} "
            "ORDER BY product_id LIMIT %s"
        )
        return sql, [list(company_ids), after, *values, most]

    def beginnings(self, company_ids: Sequence[int], key: str, *, most: int) -> list[int]:
        """Through the index of texts: the order of a language is no order of beginnings, so the index of SKUs cannot be used.

        OFFSET 0 keeps the variants a look-up for each of the few products near; joined freely, PostgreSQL reads all variants instead.
        """
        near, values = self._candidates(company_ids, [[fold(key)]], after=0, most=4 * most)
        sql = (
            f"SELECT v.product_id FROM ({near}) near CROSS JOIN LATERAL (SELECT id, product_id, sku_key FROM catalog_variant "
            "WHERE product_id = near.product_id AND sku_key LIKE %s OFFSET 0) v ORDER BY v.sku_key, v.id LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*values, f"{_escaped(key)}%", most])
            return [row[0] for row in cursor.fetchall()]


def _trigram_terms(groups: Groups) -> tuple[str, list[Any]]:
    terms = ["(" + " OR ".join(["text LIKE %s"] * len(spellings)) + ")" for spellings in groups]
    return " AND ".join(terms), [f"%{_escaped(word)}%" for spellings in groups for word in spellings]


def _word_terms(groups: Groups) -> tuple[str, list[Any]]:
    """One query of the text search; quoting makes each word one lexeme, ``:*`` its beginning."""
    asked = " & ".join("(" + " | ".join(f"'{_lexeme(word)}':*" for word in group) + ")" for group in groups)
    return "to_tsvector('simple', text) @@ to_tsquery('simple', %s)", [asked]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _lexeme(word: str) -> str:
    # A blank, not nothing: an empty pair of quotes is an error to to_tsquery.
    return word.replace("\\", " ").replace("'", "''")


def _has_trigrams() -> bool:
    """Whether pg_trgm is there, or could be made just now."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return False
    return True


# Databases seen to have the index of trigrams: it stays until ``drop``.
_with_trigrams: set[str] = set()


def _finds_trigrams() -> bool:
    name = connection.settings_dict["NAME"]
    if name not in _with_trigrams and _exists(TRIGRAM_INDEX):
        _with_trigrams.add(name)
    return name in _with_trigrams


def _exists(relation: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [relation])
        return bool(cursor.fetchone()[0])
