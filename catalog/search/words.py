"""The words of each company's goods, so that a mistyped word can be led back to one that is there.

Words are only added: one that no product has any more leads to nothing and does no harm until the next rebuild.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalog.search.documents import Document
from catalog.search.text import is_plain

TABLE = "catalog_search_words"
# Words of about the same length that are compared, and spellings that are tried for one.
MOST_COMPARED = 50_000
MOST_SPELLINGS = 3
_PARAMETERS = 900


def create() -> None:
    """Make the table where it is missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {TABLE} (company_id bigint NOT NULL, size smallint NOT NULL, word varchar(40) NOT NULL,"
            " PRIMARY KEY (company_id, size, word))"
        )


def drop() -> None:
    """Remove the table."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def add(documents: Iterable[Document]) -> None:
    """Note the words of ``documents``; those that are known change nothing."""
    rows = sorted({(one.company_id, len(word), word) for one in documents for word in one.words})
    sql = f"INSERT INTO {TABLE} (company_id, size, word) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def spellings(company_ids: Sequence[int], word: str) -> list[str]:
    """What ``word`` may have been meant to be, the nearest first: one slip in a short word, two in one of six letters or more."""
    if not is_plain(word):
        return []
    slips = 1 if len(word) < 6 else 2
    known = _of_size(company_ids, len(word) - slips, len(word) + slips)
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=MOST_SPELLINGS)
    return [found for found, distance, _ in near if distance]


def _of_size(company_ids: Sequence[int], least: int, most: int) -> list[str]:
    marks = ", ".join(["%s"] * len(company_ids[:_PARAMETERS]))
    sql = f"SELECT DISTINCT word FROM {TABLE} WHERE company_id IN ({marks}) AND size BETWEEN %s AND %s LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*company_ids[:_PARAMETERS], least, most, MOST_COMPARED])
        return [row[0] for row in cursor.fetchall()]
