"""One alert a cause until it clears: told once, over once, quiet while it flaps."""

from __future__ import annotations

import pytest
from django.core import mail

from channels.alerts.matching import hold_of
from channels.alerts.sweep import sweep
from channels.models import Alert, AlertMail, Problem
from channels.problem_closing import ignore
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.companies.scope import Scope
from portal.companies.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def test_without_configuring_anything_what_needs_somebody_is_told_at_once(office):
    office.stick(3)
    assert office.news() == ["Acme Outdoor: 3 orders: a SKU is not among the listings"]
    assert "£30.00" in mail.outbox[0].body
    assert "Match it once; we remember it." in mail.outbox[0].body
    assert f"/problems/{Problem.objects.latest('pk').pk}/" in mail.outbox[0].body


def test_one_cause_is_one_alert_however_often_we_look_and_however_it_grows(office):
    office.stick(3)
    office.news()
    office.stick(34)
    assert office.sweeps(minutes=30) == []
    alert = Alert.objects.get()
    assert (alert.count, alert.amounts, alert.title[:9]) == (37, {"GBP": "370.00"}, "37 orders")


def test_two_sweeps_at_the_same_moment_tell_once(office):
    office.stick(2)
    sweep()
    sweep()
    assert Alert.objects.count() == 1
    assert AlertMail.objects.count() == 1


def test_back_to_normal_says_once_how_many_were_caught_up(office):
    office.stick(37)
    office.news()
    office.mend()
    assert office.sweeps(minutes=10) == []
    assert office.sweeps(minutes=30) == ["Acme Outdoor: back to normal, 37 orders: a SKU is not among the listings"]
    assert "37 caught up" in mail.outbox[-1].body
    assert Alert.objects.get().caught_up == 37


def test_what_is_away_for_a_moment_is_neither_over_nor_new(office):
    office.stick(2)
    office.news()
    for _ in range(6):
        office.mend()
        assert office.sweeps(minutes=5) == []
        office.stick(1)
        assert office.sweeps(minutes=5) == []
    assert Alert.objects.count() == 1


def test_each_return_within_a_day_makes_us_wait_longer_before_it_is_over(office):
    subjects: list[str] = []
    for _ in range(8):
        office.stick(1)
        subjects += office.sweeps(minutes=20)
        office.mend()
        subjects += office.sweeps(minutes=40)
    # Eight hours of on and off: without waiting there would be 16 mails.
    assert len(subjects) <= 8
    assert hold_of(0) < hold_of(1) < hold_of(2)
    assert hold_of(50) == hold_of(5)


def test_what_was_put_away_ends_without_a_word(office, acme):
    office.stick(2)
    office.news()
    scope = Scope.of_membership(MembershipFactory(company=acme))
    ignore(Problem.objects.first(), reason="Our own goods", scope=scope)
    assert office.sweeps(minutes=30) == []
    assert Alert.objects.get().cleared_at is not None


def test_causes_of_one_moment_are_one_mail(office):
    office.stick(1)
    office.stick(2, key="no_such_sku:DEF")
    office.stick(1, key="zero_price", code="zero_price")
    assert office.news() == ["Acme Outdoor: 3 new alerts"]
    assert len(mail.outbox) == 1


def test_two_rules_that_see_the_same_cause_write_one_mail(office, acme):
    office.rule(name="One")
    acme.alert_rules.create(name="Two", mail_to="acting")
    office.stick(1)
    assert len(office.news()) == 1
    assert Alert.objects.count() == 2


@pytest.mark.row("S5-28")
def test_too_few_or_too_fresh_is_no_alert_yet(office):
    office.rule(at_least=3, older_than_minutes=15)
    office.stick(2)
    assert office.sweeps(minutes=20) == []
    office.stick(1)
    assert len(office.sweeps(minutes=1)) == 1
    office.mend()
    office.stick(3, key="no_such_sku:DEF")
    assert office.sweeps(minutes=9) == []
    assert len(office.sweeps(minutes=10)) == 2


def test_fewer_than_the_rules_number_is_still_the_same_alert(office):
    office.rule(at_least=3)
    office.stick(3)
    office.news()
    row = Problem.objects.first()
    Problem.objects.filter(pk=row.pk).update(state="resolved")
    assert office.sweeps(minutes=60) == []
    assert Alert.objects.get().cleared_at is None


@pytest.mark.row("S5-28")
def test_a_rule_hears_only_of_its_causes_and_its_connection(office, acme):
    mine, other = make_integration(acme), make_integration(acme)
    office.rule(codes=["zero_price"], integration=mine)
    office.stick(1, integration=mine)
    office.stick(1, key="zero_price:1", code="zero_price", integration=other)
    assert office.news() == []
    office.stick(1, key="zero_price:2", code="zero_price", integration=mine)
    assert len(office.news()) == 1


def test_what_others_must_mend_waits_for_the_digest(office, acme):
    raise_problem(acme, "unexpected_answer", "The store answered oddly.")
    assert office.news() == []
    assert Alert.objects.get().told_at is None
    office.minutes(60 * 20)
    assert office.news() == ["Acme Outdoor: 1 new alert (daily digest)"]
    office.minutes(60 * 24)
    assert office.news() == []


def test_a_digest_of_what_came_and_went_says_so(office, acme):
    raise_problem(acme, "unexpected_answer", "The store answered oddly.")
    office.news()
    office.mend(key="unexpected_answer")
    office.sweeps(minutes=15)
    office.minutes(60 * 20)
    assert office.news() == ["Acme Outdoor: 1 back to normal (daily digest)"]


def test_a_rule_that_is_off_tells_nothing(office):
    office.rule(enabled=False)
    office.stick(5)
    assert office.news() == []


def test_a_sweep_of_many_companies_costs_no_more_queries_for_more_causes(office, django_assert_max_num_queries):
    for number in range(40):
        office.stick(1, key=f"no_such_sku:{number}")
    with django_assert_max_num_queries(40):
        sweep()
    with django_assert_max_num_queries(25):
        sweep()
