"""The store's clock, on ordinary days and on both days when it jumps."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from channels.connectors.shift4shop import times

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-06-14T09:12:44", datetime(2026, 6, 14, 13, 12, 44, tzinfo=UTC)),
        ("2026-01-14T09:12:44", datetime(2026, 1, 14, 14, 12, 44, tzinfo=UTC)),
        ("9/11/2026 2:07:45 PM", datetime(2026, 9, 11, 18, 7, 45, tzinfo=UTC)),
        ("09/16/2026", datetime(2026, 9, 16, 4, 0, tzinfo=UTC)),
        ("9/16/2026", datetime(2026, 9, 16, 4, 0, tzinfo=UTC)),
        ("2026-06-14T09:12:44.123", datetime(2026, 6, 14, 13, 12, 44, 123000, tzinfo=UTC)),
        ("", None),
        (None, None),
        ("soon", None),
    ],
)
def test_every_spelling_that_was_seen_is_read(written: str | None, moment: datetime | None) -> None:
    assert times.to_utc(written, NEW_YORK) == moment


def test_the_hour_that_happens_twice_never_moves_a_cursor_ahead() -> None:
    assert times.to_utc("2026-11-01T01:30:00", NEW_YORK) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "passes"),
    [
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), True),
        (datetime(2026, 11, 1, 6, 31, tzinfo=UTC), False),
    ],
)
def test_the_hour_that_happens_twice_loses_no_order(since: datetime, passes: bool) -> None:
    assert times.may_be_since("2026-11-01T01:30:00", NEW_YORK, since=since) is passes


def test_the_hour_that_never_happens_is_read_as_the_one_after() -> None:
    assert times.to_utc("2026-03-08T02:30:00", NEW_YORK) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_the_filter_is_a_day_earlier_by_the_stores_own_calendar() -> None:
    since = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)

    assert times.filter_date(since, NEW_YORK) == "03/07/2026"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("Eastern Standard Time", "America/New_York"),
        ("GMT Standard Time", "Europe/London"),
        ("America/Chicago", "America/Chicago"),
        ("Pacific", "America/Los_Angeles"),
        ("UTC-05:00", ""),
        ("-5", ""),
        ("", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_a_zone_is_taken_by_either_name_and_an_offset_is_none(label: str, name: str) -> None:
    assert times.iana_name(label) == name


def test_an_unknown_zone_is_taken_as_the_vendors_own() -> None:
    assert times.zone_of("Mars/Olympus").key == "America/New_York"


def test_a_bare_shipping_date_stays_the_same_day_in_every_zone_of_the_vendor() -> None:
    assert times.day_to_utc("06/14/2026", ZoneInfo("Europe/London")) == datetime(2026, 6, 14, 11, 0, tzinfo=UTC)
