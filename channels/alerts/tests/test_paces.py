"""When a digest is due, also on the two days on which clocks change."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from channels.alerts.paces import next_digest


def due(pace: str, after: str, *, hour: int = 8, zone: str = "Europe/London") -> str:
    found = next_digest(pace, hour=hour, zone=zone, after=datetime.fromisoformat(after).replace(tzinfo=UTC))
    return f"{found:%Y-%m-%d %H:%M}" if found else ""


@pytest.mark.parametrize(
    ("after", "zone", "expected"),
    [
        ("2026-11-20 07:59", "Europe/London", "2026-11-20 08:00"),
        ("2026-11-20 08:00", "Europe/London", "2026-11-21 08:00"),
        ("2026-07-01 06:59", "Europe/London", "2026-07-01 07:00"),
        ("2026-11-20 12:00", "America/New_York", "2026-11-20 13:00"),
        ("2026-11-20 12:00", "Pacific/Auckland", "2026-11-20 19:00"),
        ("2026-11-20 12:00", "Mars/Olympus", "2026-11-21 08:00"),
        ("2026-11-20 12:00", "../../etc/passwd", "2026-11-21 08:00"),
    ],
)
def test_a_daily_digest_is_due_at_its_hour_in_the_companys_zone(after, zone, expected):
    assert due("daily", after, zone=zone) == expected


def test_an_hour_that_the_day_lacks_is_the_moment_the_clock_jumped_to():
    assert due("daily", "2026-03-28 12:00", hour=1) == "2026-03-29 01:00"


def test_an_hour_that_comes_twice_is_told_once():
    first = due("daily", "2026-10-24 12:00", hour=1)
    assert first == "2026-10-25 00:00"
    assert due("daily", first, hour=1) == "2026-10-26 01:00"


def test_an_hourly_digest_is_due_at_the_full_hour():
    assert due("hourly", "2026-11-20 12:00") == "2026-11-20 13:00"
    assert due("hourly", "2026-11-20 12:59") == "2026-11-20 13:00"


def test_what_is_told_at_once_has_no_digest():
    assert due("instant", "2026-11-20 12:00") == ""
