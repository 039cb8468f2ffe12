"""Keys that end on a known day: their owners hear of it 30, 7 and 1 days ahead, once each, by mail and as a problem.

A problem's key names the connection, the day and the distance, so that the row itself is the memory of having told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.utils import timezone

from channels import health
from channels.models import Credential, Integration, Problem
from channels.problems import raise_problem, resolve
from portal.lib import clock

# Days ahead, the nearest first.
WARN_AHEAD = (1, 7, 30)
CODE = "key_expires"


def warn(integration: Integration) -> bool:
    """Tell the owners when the key ends soon and they were not told at this distance; whether they were told now."""
    ends = Credential.objects.filter(integration=integration).values_list("expires_at", flat=True).first()
    days = _distance(ends)
    if ends is None or days is None:
        clear(integration, resolution="The key lasts.")
        return False
    key = f"{CODE}:{integration.pk}:{ends:%Y-%m-%d}:{days}"
    if Problem.objects.filter(company_id=integration.company_id, cause_key=key).exists():
        return False
    clear(integration, resolution="A nearer warning took its place.")
    sentence = _sentence(integration, ends)
    raise_problem(
        integration.company_id, CODE, sentence, integration=integration, record_name=integration.name, cause_key=key
    )
    health.mail_owners(integration, f"{integration.name}: the key ends {_when(ends)}", _mail(integration, sentence))
    return True


def note_end(integration: Integration, ends_at: datetime | None) -> bool:
    """Keep when the key ends, None for never or unknown, and warn at once where that is near; whether it was another time before."""
    rows = Credential.objects.filter(integration=integration).exclude(expires_at=ends_at)
    rows = rows.exclude(expires_at__isnull=True) if ends_at is None else rows
    changed = rows.update(expires_at=ends_at)
    if changed:
        clear(integration, resolution="The key ends on another day.")
        warn(integration)
    return bool(changed)


def clear(integration: Integration, *, resolution: str) -> int:
    """Close the warnings of ``integration``; how many there were. A new key calls it."""
    return resolve(company_id=integration.company_id, integration=integration, code=CODE, resolution=resolution)


def _distance(ends: datetime | None) -> int | None:
    """The warning that is due; None while the end is far, unknown or past (a dead key is told by the check itself)."""
    left = ends - clock.now() if ends else None
    if left is None or left <= timedelta(0):
        return None
    return next((days for days in WARN_AHEAD if left <= timedelta(days=days)), None)


def _when(ends: datetime) -> str:
    days = ceil((ends - clock.now()) / timedelta(days=1))
    return "within a day" if days <= 1 else f"in {days} days"


def _sentence(integration: Integration, ends: datetime) -> str:
    day = timezone.localtime(ends).strftime("%-d %b %Y")
    return (
        f"The key of {integration.name} ends {_when(ends)}, on {day}. Everything works until then; afterwards changes wait. "
        "Make a new key in the store and reauthorise."
    )


def _mail(integration: Integration, sentence: str) -> str:
    return f"{sentence}\n\n{settings.PORTAL_URL}/integrations/{integration.pk}/reauthorise/"
