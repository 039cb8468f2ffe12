"""The index on SQLite: an FTS5 table with the trigram tokenizer (any three characters in a row are found, also inside words).

The owner is a text of three characters, one trigram, so that a search reads only what its companies have, however many others share the database.
See sqlite.org/fts5.html, "The Trigram Tokenizer".
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from catalog.models import Variant
from catalog.search.backends import Groups
from catalog.search.documents import Document
from catalog.services.bulk import id_list

TABLE = "catalog_search"
# Companies are counted in these many ideographs, three digits each: enough for 68 thousand million.
_BASE, _FIRST = 4096, 0x4E00
# Above every text that begins alike, in the byte order that SQLite compares in.
_LAST = "\U0010ffff"


class SqliteIndex:
    """See ``catalog.search.backends.Index``."""

    def create(self) -> str:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE VIRTUAL TABLE IF NOT EXISTS {TABLE} USING fts5(text, owner, tokenize='trigram')")
        return ""

    def drop(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")

    def exists(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [TABLE])
            return cursor.fetchone() is not None

    def put(self, documents: Sequence[Document]) -> None:
        self.remove([one.product_id for one in documents])
        rows = [(one.product_id, one.text, owner_code(one.company_id)) for one in documents]
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {TABLE} (rowid, text, owner) VALUES (%s, %s, %s)", rows)

    def remove(self, product_ids: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {TABLE} WHERE rowid IN (SELECT value FROM json_each(%s))", [id_list(product_ids)]
            )

    def candidates(self, company_ids: Sequence[int], groups: Groups, *, after: int, most: int) -> list[int]:
        owners = " OR ".join(_quoted(owner_code(pk)) for pk in company_ids)
        words = " AND ".join(f"({' OR '.join(map(_quoted, spellings))})" for spellings in groups)
        sql = f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s AND rowid > %s ORDER BY rowid LIMIT %s"
        with connection.cursor() as cursor:
            cursor.execute(sql, [f"{{owner}} : ({owners}) AND {{text}} : ({words})", after, most])
            return [row[0] for row in cursor.fetchall()]

    def beginnings(self, company_ids: Sequence[int], key: str, *, most: int) -> list[int]:
        found: list[int] = []
        for company_id in company_ids:
            mine = Variant.objects.filter(company_id=company_id, sku_key__gte=key, sku_key__lt=f"{key}{_LAST}")
            found += mine.order_by("sku_key", "pk").values_list("product_id", flat=True)[:most]
        return found


def owner_code(company_id: int) -> str:
    """Three characters that stand for a company."""
    return "".join(chr(_FIRST + company_id // _BASE**place % _BASE) for place in (2, 1, 0))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
