"""The index of the database at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.db import connection

from catalog.search.documents import Document

# Words of which each must be found, in one of its spellings.
Groups = Sequence[Sequence[str]]


class Index(Protocol):
    """What an index of documents does. Callers hold a transaction while they write."""

    def create(self) -> str:
        """Make the tables that are missing; a note for people where something is not as good as it could be, else ""."""

    def drop(self) -> None:
        """Remove the tables."""

    def exists(self) -> bool:
        """Whether the tables are there."""

    def put(self, documents: Sequence[Document]) -> None:
        """Write or replace documents."""

    def remove(self, product_ids: Sequence[int]) -> None:
        """Forget products."""

    def candidates(self, company_ids: Sequence[int], groups: Groups, *, after: int, most: int) -> list[int]:
        """Products of these companies that hold a spelling of every group, with ids above ``after`` in ascending order."""

    def beginnings(self, company_ids: Sequence[int], key: str, *, most: int) -> list[int]:
        """Products of these companies with a variant whose ``sku_key`` begins with ``key``, in the order of the SKUs."""


def index() -> Index:
    """The index for this connection's kind of database."""
    from catalog.search import postgres, sqlite

    made: dict[str, type[Index]] = {"sqlite": sqlite.SqliteIndex, "postgresql": postgres.PostgresIndex}
    return made[connection.vendor]()
