"""When a digest is due: pure arithmetic with a company's zone, also on the days on which the clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from channels.models.alert import Pace


def next_digest(pace: str, *, hour: int, zone: str, after: datetime) -> datetime | None:
    """The next digest strictly later than ``after`` (aware), in UTC; None for what is told at once.

    Hourly means at the full hour. Daily means at ``hour`` o'clock in ``zone``: an hour that a day lacks is the moment the clock jumped to, one that
    comes twice is the first.
    """
    if pace == Pace.HOURLY:
        return after.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if pace == Pace.DAILY:
        local = zone_of(zone)
        day = after.astimezone(local).date()
        moments = (datetime.combine(day + timedelta(days=n), time(hour), local).astimezone(UTC) for n in range(3))
        return next(moment for moment in moments if moment > after)
    return None


def zone_of(name: str) -> ZoneInfo:
    """The zone called ``name``; UTC where the name is unknown."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
