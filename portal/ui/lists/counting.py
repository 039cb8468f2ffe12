"""Counts that never read a whole table: exact to 10,000, then "10,000+"."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Bounded:
    """A count that stops at the limit."""

    number: int

    @property
    def is_capped(self) -> bool:
        return self.number > LIMIT

    def __str__(self) -> str:
        return f"{LIMIT:,}+" if self.is_capped else f"{self.number:,}"

    def __bool__(self) -> bool:
        return self.number > 0


def count(rows: QuerySet) -> Bounded:
    """How many ``rows`` there are, in one query that looks at 10,001 of them at most."""
    return Bounded(rows.order_by().values("pk")[: LIMIT + 1].count())
