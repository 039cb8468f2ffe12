"""Cutting work into transactions that keep nobody waiting: SQLite has one writer at a time, so each part stays within a budget of time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from django.db import connection

T = TypeVar("T")
LEAST_ROWS = 100
MOST_ROWS = 5_000


@dataclass(frozen=True, slots=True)
class Budget:
    """Seconds that one transaction may take, and how many rows the first one is given while nothing is known of the machine."""

    seconds: float
    first_rows: int


# PostgreSQL's writers of other companies do not wait for ours.
BUDGETS = {"sqlite": Budget(seconds=0.1, first_rows=600), "postgresql": Budget(seconds=1.0, first_rows=MOST_ROWS)}


def paced(
    items: Iterable[T],
    *,
    rows: Callable[[T], int],
    budget: Budget | None = None,
    seconds: Callable[[], float] = time.perf_counter,
) -> Iterator[list[T]]:
    """``items`` in parts, each for one transaction; the next part is as large as the time that the caller spent on the last one allows.

    ``rows`` tells how many rows an item is, ``seconds`` is the watch. An item is never cut.
    Inside an open transaction everything is one part: cutting would shorten nothing.
    """
    left = list(items)
    if connection.in_atomic_block:
        yield from [left] if left else []
        return
    budget = budget or BUDGETS[connection.vendor]
    size = budget.first_rows
    while left:
        count = max(sum(1 for total in accumulate(map(rows, left)) if total <= size), 1)
        part, left = left[:count], left[count:]
        began = seconds()
        yield part
        spent = max(seconds() - began, 1e-6)
        size = int(min(max(size * min(budget.seconds / spent, 2.0), LEAST_ROWS), MOST_ROWS))
