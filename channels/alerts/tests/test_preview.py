"""What a rule would have done, played from the history."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels.alerts.matching import Terms
from channels.alerts.preview import Span, forecast, openings
from channels.models import Alert, Problem

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def span(since: float, until: float | None = None) -> Span:
    return Span(at(since), at(until) if until is not None else None)


def opened(spans: list[Span], *, now: float = 600, **terms) -> list[float]:
    return [(moment - NOON).total_seconds() / 60 for moment in openings(Terms(**terms), spans, now=at(now))]


def test_one_record_is_one_alert():
    assert opened([span(5)]) == [5]


def test_more_of_the_same_cause_is_the_same_alert():
    assert opened([span(5), span(7), span(100, 200)]) == [5]


def test_back_within_the_hold_is_the_same_alert_and_later_a_new_one():
    assert opened([span(0, 10), span(15, 20)]) == [0]
    assert opened([span(0, 10), span(40)]) == [0, 40]


def test_number_and_age_are_both_needed():
    three = [span(0, 300), span(10, 300), span(20, 300)]
    assert opened(three, at_least=3) == [20]
    assert opened(three, at_least=3, older_than=timedelta(minutes=45)) == [45]
    assert opened(three, at_least=4) == []
    assert opened([span(0, 10)], older_than=timedelta(minutes=15)) == []


def test_what_is_not_old_enough_yet_has_not_alerted():
    assert opened([span(590)], older_than=timedelta(minutes=15)) == []


@pytest.mark.django_db
def test_the_preview_counts_the_last_seven_days_and_writes_nothing(office):
    for day in (1, 3, 9):
        office.stick(1, key=f"no_such_sku:{day}")
        Problem.objects.filter(cause_key=f"no_such_sku:{day}").update(
            state="resolved",
            first_seen_at=at(-60 * 24 * day),
            resolved_at=at(-60 * 24 * day + 60),
        )
    found = forecast(office.company, Terms())
    assert found.sentence == "Would have alerted 2 times in the last 7 days."
    assert found.titles == [("A SKU is not among the listings", 2)]
    assert forecast(office.company, Terms(codes=frozenset({"zero_price"}))).number == 0
    assert not Alert.objects.exists()


@pytest.mark.django_db
def test_the_preview_agrees_with_what_the_sweep_did(office):
    told = 0
    for _ in range(4):
        office.stick(1)
        told += len([subject for subject in office.sweeps(minutes=30) if "normal" not in subject])
        office.mend()
        office.sweeps(minutes=60)
    assert told == 4
    assert forecast(office.company, Terms()).number == told
