"""How moments are said: "20 Nov 10:02", relative under 24 hours, in the viewer's zone (activated by the scope middleware)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from portal.lib import clock

_DAY = timedelta(days=1)


def exact(moment: datetime) -> str:
    """The whole local time with its zone: "Fri 20 Nov 2026 10:02:45 GMT"."""
    return timezone.localtime(moment).strftime("%a %-d %b %Y %H:%M:%S %Z")


def short(moment: datetime) -> str:
    """Relative within a day either way, else "20 Nov 10:02", with the year when it is another."""
    gap = clock.now() - moment
    if timedelta(0) <= gap < _DAY:
        return _ago(gap)
    if timedelta(0) < -gap < _DAY:
        return f"in {_span(-gap)}"
    local = timezone.localtime(moment)
    same_year = local.year == timezone.localtime(clock.now()).year
    return local.strftime("%-d %b %H:%M" if same_year else "%-d %b %Y")


def _ago(gap: timedelta) -> str:
    return "just now" if gap < timedelta(seconds=45) else f"{_span(gap)} ago"


def _span(gap: timedelta) -> str:
    minutes = max(round(gap.total_seconds() / 60), 1)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h"
