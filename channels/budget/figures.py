"""The rules of a rate budget, pure: figures and a moment in, new figures and a wait out. Where they are kept is not known here.

A *window* allows so many requests until it turns; a *bucket* is so deep and leaks so many a second. The channel's own headers are the truth and correct
what we counted. They are late by the way the answer took, so the earliest turn that any of them tells is the nearest to the truth and never before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels.contract import RateHeaders, RateLimit
from channels.http import retry_after
from portal.lib import clock

# A turn is waited for a moment longer, since clocks and roundings differ; unscaled seconds, and never less than the resolution of what they tell.
MARGIN = 0.05
SHORTEST_MARGIN = 0.001
# A refusal that says nothing of when to come back; unscaled seconds.
UNTOLD_BLOCK = 3.0
# An answer that tells a turn within this share of a window, while ours has just begun, speaks of the one before.
LATE_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Terms:
    """The documented limit in real seconds of this installation's clock."""

    capacity: float
    per_second: float
    window: timedelta
    is_bucket: bool

    @classmethod
    def of(cls, limit: RateLimit) -> Terms:
        return cls(
            capacity=float(limit.burst or limit.requests),
            per_second=limit.requests / clock.scaled(limit.seconds),
            window=timedelta(seconds=clock.scaled(limit.seconds)),
            is_bucket=bool(limit.burst),
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """``left`` of ``quota`` requests as of ``updated_at``; when the window turns, and until when they want to hear nothing."""

    left: float
    quota: float
    updated_at: datetime
    resets_at: datetime | None = None
    blocked_until: datetime | None = None

    @classmethod
    def full(cls, terms: Terms, now: datetime) -> Figures:
        return cls(left=terms.capacity, quota=terms.capacity, updated_at=now)


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer's headers say: requests left, when the window turns, how many it allows."""

    left: float
    resets_at: datetime
    quota: float


def take(held: Figures, terms: Terms, *, now: datetime, keep: float) -> tuple[Figures, float]:
    """The figures after one request took its place and 0.0, or the figures and the seconds until it is worth asking again.

    ``keep`` requests are left alone.
    """
    if held.blocked_until and held.blocked_until > now:
        return held, _seconds(held.blocked_until - now)
    current = refilled(held, terms, now)
    if current.left >= 1 + keep:
        return replace(current, left=current.left - 1, blocked_until=None), 0.0
    if terms.is_bucket:
        return held, max((1 + keep - current.left) / terms.per_second, 0.001)
    return held, _seconds((current.resets_at or now) - now + margin())


def refilled(held: Figures, terms: Terms, now: datetime) -> Figures:
    """The figures as of ``now``: a bucket leaked meanwhile, a window that turned is full again."""
    if terms.is_bucket:
        leaked = max((now - held.updated_at).total_seconds(), 0.0) * terms.per_second
        return replace(held, left=min(held.quota, held.left + leaked), updated_at=max(now, held.updated_at))
    if held.resets_at is None or held.resets_at + margin() <= now:
        return replace(held, left=held.quota, updated_at=now, resets_at=now + terms.window)
    return replace(held, updated_at=now)


def corrected(held: Figures, terms: Terms, reading: Reading, now: datetime) -> Figures:
    """The figures after an answer told the truth. Answers come out of order: fewer left counts, more left does not; what an old window said is passed over."""
    late = LATE_SHARE * terms.window
    if held.resets_at and reading.resets_at < min(now + late, held.resets_at - (terms.window - late)):
        return held
    is_new = held.resets_at is None or reading.resets_at > held.resets_at + terms.window / 2
    bigger = max(reading.quota - held.quota, 0.0)
    return replace(
        held,
        left=reading.left if is_new else min(held.left + bigger, reading.left),
        quota=reading.quota,
        resets_at=reading.resets_at if is_new else min(held.resets_at or reading.resets_at, reading.resets_at),
        updated_at=now,
    )


def blocked(
    held: Figures,
    terms: Terms,
    headers: Mapping[str, str],
    reading: Reading | None,
    now: datetime,
    *,
    at: datetime | None = None,
) -> Figures:
    """The figures after a refusal that came ``at`` (just now by default): nothing is left until they say so. Of a moment that has passed it says nothing.

    A refusal that tells nothing means a window that we know to be used up, or else a store that sheds load for a moment.
    """
    told = _told(headers, reading, at or now)
    if told and told <= now:
        return held
    if not told and not terms.is_bucket and held.left >= 1:
        return replace(held, updated_at=now, blocked_until=_pause(held, now))
    turn = held.resets_at if not terms.is_bucket and held.resets_at and held.resets_at > now else None
    until = told or turn or _pause(held, now)
    until = max(until + margin(), held.blocked_until or until)
    return replace(
        held, left=0.0, updated_at=now, resets_at=held.resets_at if terms.is_bucket else until, blocked_until=until
    )


def _told(headers: Mapping[str, str], reading: Reading | None, at: datetime) -> datetime | None:
    """When they listen again: the longer of window and ``Retry-After``, which is rounded up to whole seconds where the window is told exactly."""
    after, turn = retry_after(headers, at=at), reading.resets_at if reading else None
    if after and turn:
        return turn if after - turn < timedelta(seconds=1) else after
    return after or turn


def margin() -> timedelta:
    """How long a turn is waited for beyond what they told."""
    return timedelta(seconds=max(clock.scaled(MARGIN), SHORTEST_MARGIN))


def _pause(held: Figures, now: datetime) -> datetime:
    return max(now + timedelta(seconds=clock.scaled(UNTOLD_BLOCK)), held.blocked_until or now)


def read_headers(names: RateHeaders | None, headers: Mapping[str, str], *, now: datetime) -> Reading | None:
    """What the headers tell; None where the channel or this answer tells nothing."""
    if names is None:
        return None
    try:
        left, milliseconds = float(headers[names.left]), float(headers[names.reset_ms])
        quota = float(headers[names.quota])
    except (KeyError, ValueError):
        return None
    return Reading(left, now + timedelta(milliseconds=milliseconds), quota) if quota > 0 else None


def _seconds(span: timedelta) -> float:
    return max(span.total_seconds(), 0.001)
