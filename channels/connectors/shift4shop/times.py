"""The store's clock: local time without a zone, in several spellings (vendor reference, sections 0.5, 2.4, 4.5 and 6.3)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.core import get_global

# What a store is taken to run on until a person said otherwise (section 4.8).
DEFAULT_ZONE = "America/New_York"
OVERLAP = timedelta(days=1)

_SPELLINGS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%m/%d/%Y %I:%M:%S %p",
    "%m/%d/%Y %I:%M %p",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d",
)
_ZONE_SPELLINGS = ("", " Standard Time")


def zone_of(name: str) -> ZoneInfo:
    """The zone of this IANA name; the vendor's own for an empty or unknown one."""
    try:
        return ZoneInfo(name or DEFAULT_ZONE)
    except (KeyError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)


def iana_name(label: str) -> str:
    """``StoreTimeZone`` as an IANA name: given as one or as Windows calls it; "" for an offset, which has no summer time."""
    windows: dict[str, str] = get_global("windows_zone_mapping")  # type: ignore[assignment]  # says Babel's page
    for ending in _ZONE_SPELLINGS:
        if found := windows.get(label.strip() + ending):
            return found
    return label.strip() if _is_iana(label.strip()) else ""


def _is_iana(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return "/" in name or name == "UTC"


def read_local(text: object) -> datetime | None:
    """A time of the store's clock, naive, in any spelling that was ever seen; None for empty or unreadable."""
    cleaned = str(text or "").strip()
    for spelling in _SPELLINGS:
        try:
            return datetime.strptime(cleaned, spelling)  # noqa: DTZ007 - the vendor's times have no zone
        except ValueError:
            continue
    return None


def to_utc(text: object, zone: ZoneInfo) -> datetime | None:
    """A time of the store's clock as aware UTC; of the hour that happens twice in autumn the earlier one, so that a cursor never jumps ahead."""
    local = read_local(text)
    return local.replace(tzinfo=zone).astimezone(UTC) if local else None


def day_to_utc(text: object, zone: ZoneInfo) -> datetime | None:
    """As ``to_utc``, but a bare date means noon, so that it is the same day nearly everywhere."""
    moment = to_utc(text, zone)
    return moment + timedelta(hours=12) if moment and ":" not in str(text) else moment


def may_be_since(text: object, zone: ZoneInfo, *, since: datetime) -> bool:
    """Whether a time of the store's clock can lie at or after ``since``: of the hour that happens twice the later one counts, unreadable ones pass."""
    local = read_local(text)
    return local is None or local.replace(tzinfo=zone, fold=1).astimezone(UTC) >= since.replace(microsecond=0)


def filter_date(since: datetime, zone: ZoneInfo) -> str:
    """``lastupdatestart`` for everything since: the date in the store, a day earlier, ``MM/dd/yyyy``."""
    return _us_date((since.astimezone(zone) - OVERLAP).date())


def today(now: datetime, zone: ZoneInfo) -> str:
    """Today in the store, ``MM/dd/yyyy``."""
    return _us_date(now.astimezone(zone).date())


def write_date(moment: datetime, zone: ZoneInfo) -> str:
    """A day as the store writes it, ``MM/dd/yyyy``."""
    return _us_date(moment.astimezone(zone).date())


def write_time(moment: datetime, zone: ZoneInfo) -> str:
    """A moment as the official order example writes it, ``MM/dd/yyyy HH:mm``."""
    return moment.astimezone(zone).strftime("%m/%d/%Y %H:%M")


def _us_date(day: date) -> str:
    return day.strftime("%m/%d/%Y")
