"""Counts that never read a whole table: exact to 10,000, then "10,000+"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import QuerySet

LIMIT = 10_000
# Seconds.
REMEMBERED = 300


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


def count(rows: Callable[[], QuerySet], *, known_as: str = "") -> Bounded:
    """How many of the ``rows`` there are that the function gives, in one query that looks at 10,001 of them at most.

    What was found to hold more is not counted again for some minutes under the name ``known_as``: looking at 10,001 rows is dearer than all else on
    a page.
    """
    if known_as and cache.get(known_as):
        return Bounded(LIMIT + 1)
    found = Bounded(rows().order_by().values("pk")[: LIMIT + 1].count())
    if known_as and found.is_capped:
        cache.set(known_as, True, timeout=REMEMBERED)
    return found
