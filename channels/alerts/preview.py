"""What a rule would have done in the last days: the history of what was stuck, played again. Nothing is written and nobody is told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heappop, heappush

from channels.alerts.matching import HOLD, Key, Part, Terms
from channels.alerts.reading import is_ours
from channels.causes import cause_of
from channels.models import Problem
from portal.companies.models import Company
from portal.lib import clock

DAYS = 7
# History beyond so many records is not read; the sentence then says "at least".
MOST = 20_000


@dataclass(frozen=True, slots=True)
class Span:
    """How long one record was stuck; ``until`` is None while it is."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """How often the rule would have alerted, by cause code, the most often first."""

    by_code: tuple[tuple[str, int], ...]
    is_whole: bool = True

    @property
    def number(self) -> int:
        return sum(number for _, number in self.by_code)

    @property
    def sentence(self) -> str:
        """ "Would have alerted 3 times in the last 7 days." """
        least = "" if self.is_whole else "at least "
        if not self.number:
            return f"Would not have alerted in the last {DAYS} days."
        times = "once" if self.number == 1 else f"{self.number:,} times"
        return f"Would have alerted {least}{times} in the last {DAYS} days."

    @property
    def titles(self) -> list[tuple[str, int]]:
        return [(cause_of(code).title, number) for code, number in self.by_code[:5]]


def forecast(company: Company, terms: Terms) -> Forecast:
    """Play the last days again. One query, bounded."""
    now = clock.now()
    start = now - timedelta(days=DAYS)
    history, is_whole = _history(company, terms, start)
    numbers: dict[str, int] = defaultdict(int)
    for (_, code), spans in history.items():
        numbers[code] += sum(1 for moment in openings(terms, spans, now=now) if moment >= start)
    found = sorted(((code, number) for code, number in numbers.items() if number), key=lambda pair: (-pair[1], pair[0]))
    return Forecast(tuple(found), is_whole)


def _history(company: Company, terms: Terms, start: datetime) -> tuple[dict[Key, list[Span]], bool]:
    """The spans of what the rule looks at, by cause: what was stuck at any time since ``start``."""
    rows = Problem.objects.filter(company=company).exclude(resolved_at__lt=start - HOLD)
    if terms.codes:
        rows = rows.filter(code__in=terms.codes)
    if terms.integration_id is not None:
        rows = rows.filter(integration_id=terms.integration_id)
    columns = ("cause_key", "code", "integration_id", "record_type", "first_seen_at", "resolved_at")
    found = list(rows.order_by("-pk").values_list(*columns)[: MOST + 1])
    spans: dict[Key, list[Span]] = defaultdict(list)
    for key, code, integration_id, record_type, since, until in found[:MOST]:
        part = Part(key, code, integration_id, is_ours(company, code, record_type), "", 1, None, since, 0)
        if terms.concerns(part):
            spans[key, code].append(Span(since, until))
    return spans, len(found) <= MOST


def openings(terms: Terms, spans: Sequence[Span], *, now: datetime) -> list[datetime]:
    """The moments at which one cause would have become an alert: number and age reached, and away long enough since the last one."""
    opened: list[datetime] = []
    is_open, away_since = False, None
    for start, end, number, oldest in _phases(spans, now):
        if number:
            away_since = None
        elif is_open:
            away_since = away_since or start
            is_open = end - away_since < HOLD
        if is_open or number < max(terms.at_least, 1) or oldest is None:
            continue
        moment = max(start, oldest + terms.older_than)
        if moment <= end:
            opened.append(moment)
            is_open = True
    return opened


def _phases(spans: Sequence[Span], now: datetime) -> Iterator[tuple[datetime, datetime, int, datetime | None]]:
    """The times between two changes: from, until, how many are stuck, and since when the oldest of them."""
    begins = sorted(span.since for span in spans)
    ends = sorted((span.until, span.since) for span in spans if span.until and span.until < now)
    moments = sorted({*begins, *(until for until, _ in ends)})
    stuck: Counter[datetime] = Counter()
    oldest: list[datetime] = []
    came, went = 0, 0
    for start, end in zip(moments, [*moments[1:], now], strict=True):
        while came < len(begins) and begins[came] <= start:
            stuck[begins[came]] += 1
            heappush(oldest, begins[came])
            came += 1
        while went < len(ends) and ends[went][0] <= start:
            stuck[ends[went][1]] -= 1
            went += 1
        while oldest and not stuck[oldest[0]]:
            heappop(oldest)
        yield start, end, came - went, oldest[0] if oldest else None
