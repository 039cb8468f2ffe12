"""Which days a report covers and in which steps: read from the address, in the viewer's zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek
from django.http import QueryDict
from django.utils import timezone

from portal.lib import clock

LAST = timedelta(days=29)
MOST_DAYS = 366 * 5
# So many columns a chart can still be read with.
MOST_STEPS = 62


class Step(TextChoices):
    DAY = "day", "Day"
    WEEK = "week", "Week"
    MONTH = "month", "Month"


_LENGTH = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 30}
_TRUNCATE: dict[Step, type[TruncDay | TruncWeek | TruncMonth]] = {
    Step.DAY: TruncDay,
    Step.WEEK: TruncWeek,
    Step.MONTH: TruncMonth,
}


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from ``first`` to ``last``, both counted, in the active time zone. ``note`` says what was asked for and could not be shown."""

    first: date
    last: date
    step: Step
    note: str = ""

    @property
    def begin(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after the period."""
        return _midnight(self.last + timedelta(days=1))

    @property
    def truncate(self) -> type[TruncDay | TruncWeek | TruncMonth]:
        return _TRUNCATE[self.step]

    def starts(self) -> list[date]:
        """The first day of every step that the period touches, oldest first."""
        found, day = [], self.start_of(self.first)
        while day <= self.last:
            found.append(day)
            day = self._next(day)
        return found

    def start_of(self, day: date) -> date:
        """The first day of the step that ``day`` lies in; weeks begin on Monday."""
        if self.step == Step.MONTH:
            return day.replace(day=1)
        return day - timedelta(days=day.weekday()) if self.step == Step.WEEK else day

    def label(self, start: date) -> str:
        """``20 Nov``, ``Week of 16 Nov`` or ``Nov 2026``."""
        words = {Step.DAY: "%-d %b", Step.WEEK: "Week of %-d %b", Step.MONTH: "%b %Y"}[self.step]
        return start.strftime(words if start.year == self.last.year or self.step == Step.MONTH else f"{words} %Y")

    def _next(self, start: date) -> date:
        if self.step == Step.MONTH:
            return (start + timedelta(days=32)).replace(day=1)
        return start + timedelta(days=_LENGTH[self.step])


def read_period(query: QueryDict) -> Period:
    """The period that the address asks for; the last 30 days by day where it says nothing readable."""
    today = timezone.localtime(clock.now()).date()
    last = min(_day(query.get("to")) or today, today)
    first = _day(query.get("from")) or last - LAST
    if first > last:
        return _coarse(last - LAST, last, query, "The first day lies after the last one. These are the 30 days before.")
    if (last - first).days > MOST_DAYS:
        return _coarse(last - timedelta(days=MOST_DAYS), last, query, "A report covers five years at most.")
    return _coarse(first, last, query, "")


def _coarse(first: date, last: date, query: QueryDict, note: str) -> Period:
    """As asked for, or in the next longer step that still can be read."""
    per = query.get("per", "")
    asked = Step(per) if per in Step.values else Step.DAY
    days = (last - first).days + 1
    steps = list(Step)[list(Step).index(asked) :]
    step = next((one for one in steps if days / _LENGTH[one] <= MOST_STEPS), Step.MONTH)
    if step != asked:
        note = f"{note} {days:,} days are too many to show by {asked.label.lower()}; this is by {step.label.lower()}."
    return Period(first, last, step, note.strip())


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
