"""What stores' clocks say: the Date header of every answer beside our own time, kept when it changes.

A wrong clock, theirs or ours, explains orders that a cursor misses and signatures that are refused; so it is shown, not guessed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from django.db.models import F
from django.db.models.functions import Greatest

from channels.http import Budget
from channels.models import StoreClock
from portal.lib import clock

# A header counts whole seconds and an answer has a way to go: less than this is no news.
NEWS_SECONDS = 5.0
WRITE_EVERY = 3600.0
# What this process wrote: integration id → (offset, when by the process's own clock).
_written: dict[int, tuple[float, float]] = {}


class ClockWatch:
    """A budget that also reads the clock of whoever answers; everything else is the budget's."""

    def __init__(self, budget: Budget, integration_id: int) -> None:
        self._budget = budget
        self._integration_id = integration_id

    def acquire(self) -> None:
        self._budget.acquire()

    def observe(self, status: int, headers: Mapping[str, str], *, at: datetime | None = None) -> None:
        self._budget.observe(status, headers, at=at)
        if (offset := offset_of(headers, at=at)) is not None:
            note_offset(self._integration_id, offset)


def offset_of(headers: Mapping[str, str], *, at: datetime | None = None) -> float | None:
    """Seconds by which the clock of the answer that came ``at`` is ahead of ours; None where it has no Date that can be read."""
    try:
        said = parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return ((said if said.tzinfo else said.replace(tzinfo=UTC)) - (at or clock.now())).total_seconds()


def note_offset(integration_id: int, offset: float) -> None:
    """Keep it where it is news: first seen, changed, or an hour old."""
    known, at = _written.get(integration_id, (None, 0.0))
    if known is not None and abs(known - offset) < NEWS_SECONDS and time.monotonic() - at < WRITE_EVERY:
        return
    _written[integration_id] = (offset, time.monotonic())
    now = clock.now()
    size = abs(offset)
    row, created = StoreClock.objects.get_or_create(
        integration_id=integration_id,
        defaults={"offset_seconds": offset, "seen_at": now, "largest_seconds": size, "largest_at": now},
    )
    if not created:
        _update(row, offset, now)


def _update(row: StoreClock, offset: float, now: datetime) -> None:
    size = abs(offset)
    rows = StoreClock.objects.filter(pk=row.pk)
    rows.filter(largest_seconds__lt=size).update(largest_at=now)
    rows.update(offset_seconds=offset, seen_at=now, largest_seconds=Greatest(F("largest_seconds"), size))
