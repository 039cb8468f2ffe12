"""Dates as the vendor writes them: local time of the store, without zone (vendor reference, sections 2.4 and 6.3)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
FORM = "%Y-%m-%dT%H:%M:%S"

_WINDOWS_NAMES = {
    "America/New_York": "Eastern Standard Time",
    "America/Chicago": "Central Standard Time",
    "America/Denver": "Mountain Standard Time",
    "America/Los_Angeles": "Pacific Standard Time",
    "Europe/London": "GMT Standard Time",
    "Europe/Dublin": "GMT Standard Time",
    "Europe/Paris": "Romance Standard Time",
    "Europe/Berlin": "W. Europe Standard Time",
    "Australia/Sydney": "AUS Eastern Standard Time",
    "UTC": "UTC",
}
_ISO_ZONE = re.compile(r"(\.\d+)?(Z|[+-]\d\d:?\d\d)?$")
_US_FORMS = ("%m/%d/%Y", "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p")
_ISO_FORMS = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", FORM, "%Y-%m-%d %H:%M:%S")


def local_text(moment: datetime, zone: ZoneInfo) -> str:
    """An aware time as the store's clock shows it: `2024-06-14T09:12:44`."""
    return moment.astimezone(zone).strftime(FORM)


def utc_text(local: str, zone: ZoneInfo) -> str:
    """The store's clock text as aware UTC in ISO form, for our own books; the first of two equal hours in autumn."""
    return datetime.strptime(local, FORM).replace(tzinfo=zone).astimezone(UTC).isoformat()


def eastern_stamp(moment: datetime) -> str:
    """The time in the call of a CallBackURL: US Eastern, `06-14-2024 09:30:05`."""
    return moment.astimezone(EASTERN).strftime("%m-%d-%Y %H:%M:%S")


def read_date(text: str, *, accept_iso: bool) -> tuple[datetime, bool]:
    """A date as callers write it, and whether it has a time of day. Raises ValueError.

    A zone on an ISO date is ignored: the service knows no zones.
    """
    cleaned = text.strip()
    forms = _US_FORMS + (_ISO_FORMS if accept_iso else ())
    candidates = (cleaned, _ISO_ZONE.sub("", cleaned)) if "T" in cleaned else (cleaned,)
    for form in forms:
        for candidate in candidates:
            try:
                parsed = datetime.strptime(candidate, form)  # noqa: DTZ007 - the vendor's times have no zone
            except ValueError:
                continue
            return parsed, "%H" in form or "%I" in form
    raise ValueError(f"{text!r} is not a date")


def stored_date(text: str, *, accept_iso: bool) -> str:
    """A date written by a caller, in the form that the service gives back. Raises ValueError."""
    return read_date(text, accept_iso=accept_iso)[0].strftime(FORM)


def lower_bound(text: str, *, accept_iso: bool) -> str:
    """The first moment a `...start` filter lets through. Raises ValueError."""
    return stored_date(text, accept_iso=accept_iso)


def upper_bound(text: str, *, accept_iso: bool, whole_day: bool = True) -> str:
    """The last moment a `...end` filter lets through: a bare date means its whole day. Raises ValueError."""
    moment, has_time = read_date(text, accept_iso=accept_iso)
    if not has_time and whole_day:
        moment = datetime.combine(moment.date(), time.min) + timedelta(days=1, seconds=-1)
    return moment.strftime(FORM)


def zone_label(zone: ZoneInfo, *, form: str, moment: datetime) -> str:
    """`StoreTimeZone` in the form that the switch asks for: windows, iana or offset."""
    offset = moment.astimezone(zone).strftime("%z")
    labels = {"iana": zone.key, "offset": f"UTC{offset[:3]}:{offset[3:]}"}
    return labels.get(form) or _WINDOWS_NAMES.get(zone.key, labels["offset"])


def read_utc(text: str) -> datetime:
    """An ISO time of our own door as aware time; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
