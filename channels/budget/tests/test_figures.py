"""The rules of windows and buckets, without any store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels.budget.figures import Figures, Reading, Terms, blocked, corrected, margin, read_headers, take
from channels.contract import RateHeaders, RateLimit

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = RateHeaders(left="left", reset_ms="reset", quota="quota")


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@pytest.fixture
def window() -> Terms:
    return Terms.of(RateLimit(requests=150, seconds=30))


@pytest.fixture
def bucket() -> Terms:
    return Terms.of(RateLimit(requests=2, seconds=1, burst=50))


def taken(held: Figures, terms: Terms, at: datetime, *, keep: float = 0) -> int:
    """How many places can be taken at one moment."""
    number = 0
    while True:
        held, wait = take(held, terms, now=at, keep=keep)
        if wait:
            return number
        number += 1


def test_a_window_gives_its_quota_and_then_asks_to_wait_for_its_turn(window):
    held = Figures.full(window, NOW)
    for _ in range(150):
        held, wait = take(held, window, now=NOW, keep=0)
        assert wait == 0
    assert take(held, window, now=NOW + seconds(10), keep=0)[1] == pytest.approx(20 + margin().total_seconds())
    assert taken(held, window, NOW + seconds(30)) == 0
    assert taken(held, window, NOW + seconds(30) + margin()) == 150


def test_a_bucket_leaks_while_nobody_asks(bucket):
    assert taken(Figures.full(bucket, NOW), bucket, NOW) == 50
    empty = Figures(0, 50, NOW)
    assert taken(empty, bucket, NOW + seconds(5)) == 10
    assert taken(empty, bucket, NOW + seconds(500)) == 50
    assert take(empty, bucket, now=NOW, keep=0)[1] == pytest.approx(0.5)


def test_a_clock_that_runs_behind_gives_no_place_twice(bucket):
    ahead = Figures(0, 50, NOW + seconds(3))
    assert taken(ahead, bucket, NOW) == 0
    assert taken(ahead, bucket, NOW + seconds(4)) == 2


def test_the_reserve_is_left_alone(window):
    assert taken(Figures.full(window, NOW), window, NOW, keep=22.5) == 127


def test_a_turn_that_they_tell_is_earlier_than_our_guess(window):
    guess = Figures(149, 150, NOW, resets_at=NOW + seconds(30))
    after = corrected(guess, window, Reading(80, NOW + seconds(12), 150), NOW)
    assert (after.left, after.resets_at) == (80, NOW + seconds(12))


def test_an_answer_that_overtook_another_gives_nothing_back(window):
    held = Figures(20, 150, NOW, resets_at=NOW + seconds(9))
    after = corrected(held, window, Reading(25, NOW + seconds(9.2), 150), NOW)
    assert (after.left, after.resets_at) == (20, NOW + seconds(9))


def test_an_answer_of_the_window_before_is_passed_over(window):
    fresh = Figures(146, 150, NOW, resets_at=NOW + seconds(30))
    assert corrected(fresh, window, Reading(0, NOW + seconds(0.1), 150), NOW) == fresh


def test_a_refusal_that_is_read_after_its_turn_does_not_touch_the_window_that_began_since(window):
    fresh = Figures(100, 150, NOW, resets_at=NOW + seconds(28))
    refused_at = NOW - seconds(20)
    for headers in ({"Retry-After": "18"}, {"left": "0", "reset": "18000", "quota": "150"}):
        reading = read_headers(NAMES, headers, now=refused_at)
        assert blocked(fresh, window, headers, reading, NOW, at=refused_at) == fresh


def test_a_bigger_plan_is_used_at_once(window):
    held = Figures(149, 150, NOW, resets_at=NOW + seconds(30))
    assert corrected(held, window, Reading(449, NOW + seconds(30), 450), NOW).left == 449


@pytest.mark.parametrize(
    ("headers", "seconds_away"),
    [
        ({"left": "0", "reset": "7000", "quota": "150"}, 7),
        ({"Retry-After": "4"}, 4),
        ({"left": "0", "reset": "7000", "quota": "150", "X-Retry-After": "8"}, 8),
        ({}, 9),
    ],
)
def test_a_refusal_is_obeyed_as_long_as_they_say_or_until_the_window_we_know_of_turns(window, headers, seconds_away):
    now = datetime.now(UTC)
    held = Figures(0, 150, now, resets_at=now + seconds(9))
    after = blocked(held, window, headers, read_headers(NAMES, headers, now=now), now)
    assert take(after, window, now=now, keep=0)[1] == pytest.approx(seconds_away, abs=0.2)
    assert taken(after, window, after.blocked_until + margin()) == 150


@pytest.mark.parametrize(
    "headers",
    [{}, {"left": "5"}, {"left": "many", "reset": "1", "quota": "2"}, {"left": "1", "reset": "1", "quota": "0"}],
)
def test_headers_that_say_nothing_are_no_reading(headers):
    assert read_headers(NAMES, headers, now=NOW) is None
