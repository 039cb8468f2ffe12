"""The public page's memory: since when each function is as it is, and how each of the last days was.

Written by the dispatcher's job every minute. Minutes in which nobody wrote are minutes in which nothing worked, and count as stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import F

from channels.function_status import Function, Reading, read_all
from channels.models import FunctionStatus, Level, StatusDay
from portal.lib import clock

DAYS = 30
# The dispatcher runs every minute; a longer silence is the machinery's.
LONGEST_GAP = timedelta(minutes=3)
KEPT = timedelta(days=120)
# Less than this in a whole day is no blemish.
SLOW_DAY = 300
STOPPED_DAY = 60
_COLUMNS = {Level.SLOW: "slow_seconds", Level.STOPPED: "stopped_seconds"}


def note_levels() -> None:
    """Look at every function and write down how it is and how long it was so. Safe to run twice or at the same time: each stretch counts once."""
    for reading in read_all():
        _note(reading)
    StatusDay.objects.filter(day__lt=(clock.now() - KEPT).date()).delete()


@transaction.atomic
def _note(reading: Reading) -> None:
    now = clock.now()
    row, created = FunctionStatus.objects.get_or_create(
        function=reading.function.key, defaults={"level": reading.level, "since": now, "checked_at": now}
    )
    if created:
        _count(reading.function, now, now, Level.OK)
        return
    since = row.since if row.level == reading.level else now
    taken = FunctionStatus.objects.filter(pk=row.pk, checked_at=row.checked_at).update(
        level=reading.level, since=since, checked_at=now
    )
    if taken:
        gap = now - row.checked_at
        _count(reading.function, row.checked_at, now, Level.STOPPED if gap > LONGEST_GAP else Level(row.level))


def _count(function: Function, start: datetime, end: datetime, level: Level) -> None:
    """Add a stretch of time to its days; a day that was looked at has a row, also where all was well."""
    for day, seconds in _days_of(start, end):
        row, _ = StatusDay.objects.get_or_create(function=function.key, day=day)
        if column := _COLUMNS.get(level):
            StatusDay.objects.filter(pk=row.pk).update(**{column: F(column) + seconds})


def _days_of(start: datetime, end: datetime) -> Iterator[tuple[date, int]]:
    """The days (UTC) that a stretch touches with its seconds in each; only the last thirty."""
    at = max(start, end - timedelta(days=DAYS))
    while True:
        next_day = datetime.combine(at.date() + timedelta(days=1), time(), tzinfo=UTC)
        yield at.date(), int((min(next_day, end) - at).total_seconds())
        if next_day > end:
            return
        at = next_day


@dataclass(frozen=True, slots=True)
class Day:
    """One bar: the day, how it was ("" where nobody looked), and that in words."""

    day: date
    level: str
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One function on the page: as it is now, since when, its last thirty days, the oldest first, and what they come to in words."""

    reading: Reading
    since: datetime | None
    days: tuple[Day, ...]
    history: str


def shown() -> list[Shown]:
    """What the public page shows; the present is read now, the past from the days."""
    states = {row.function: row for row in FunctionStatus.objects.all()}
    today = clock.now().date()
    first = today - timedelta(days=DAYS - 1)
    rows = {(row.function, row.day): row for row in StatusDay.objects.filter(day__gte=first)}
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return [_shown(reading, states.get(reading.function.key), days, rows) for reading in read_all()]


def _shown(
    reading: Reading, state: FunctionStatus | None, days: list[date], rows: dict[tuple[str, date], StatusDay]
) -> Shown:
    known = [rows.get((reading.function.key, day)) for day in days]
    bars = tuple(_bar(day, row) for day, row in zip(days, known, strict=True))
    return Shown(reading, _since(reading, state), bars, _history([row for row in known if row], days))


def _since(reading: Reading, state: FunctionStatus | None) -> datetime | None:
    """Since when it is so; what nobody wrote down yet began when its oldest work became due."""
    if state and state.level == reading.level and clock.now() - state.checked_at <= LONGEST_GAP:
        return state.since
    if state and reading.level == Level.STOPPED:
        return state.since if state.level == Level.STOPPED else state.checked_at
    if reading.level == Level.OK or reading.late_seconds < 60:
        return None
    return clock.now() - timedelta(seconds=reading.late_seconds)


def _bar(day: date, row: StatusDay | None) -> Day:
    if row is None:
        return Day(day, "", "not looked at")
    parts = [
        (row.stopped_seconds, STOPPED_DAY, Level.STOPPED, "stopped"),
        (row.slow_seconds, SLOW_DAY, Level.SLOW, "behind"),
    ]
    said = [f"{word} for {_minutes(seconds)}" for seconds, least, _, word in parts if seconds >= least]
    level = next((level for seconds, least, level, _ in parts if seconds >= least), Level.OK)
    worked = "worked all day" if day < clock.now().date() else "worked so far"
    return Day(day, level, " and ".join(said) or worked)


def _minutes(seconds: int) -> str:
    return f"{max(seconds // 60, 1)} min" if seconds < 7200 else f"{seconds // 3600} h"


def _history(rows: list[StatusDay], days: list[date]) -> str:
    """The share of the time in which it did not stand still, and of how many days that is known.

    On the first day of all the looking began at some hour, so that day counts for nothing; while there is no other, there is no history.
    """
    whole = rows if len(rows) == len(days) else rows[1:]
    if not whole:
        return "No history yet: looked at since today" if rows else "No history yet"
    today = datetime.combine(days[-1], time(), tzinfo=UTC)
    seconds = sum(86_400 for row in whole if row.day < days[-1]) + max((clock.now() - today).total_seconds(), 1)
    stopped = sum(row.stopped_seconds for row in whole)
    known = f"the last {len(days)} days" if len(whole) == len(days) else _known(len(whole))
    return f"{max(100 - 100 * stopped / seconds, 0):.2f} % without standing still in {known}"


def _known(number: int) -> str:
    return f"the {number} days that are known" if number > 1 else "the one day that is known"
