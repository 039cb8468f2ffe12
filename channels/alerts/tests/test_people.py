"""Who is written to: whoever can mend it or was named, nobody who left, and nobody twice for one break."""

from __future__ import annotations

import pytest
from django.core import mail

from channels import health
from channels.alerts import mails
from channels.alerts.sweep import sweep
from channels.models import Alert, AlertMail, Health
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.companies.models import Membership
from portal.companies.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def told(office) -> list[str]:
    """Sweep; the names of who is written to."""
    before = set(AlertMail.objects.values_list("pk", flat=True))
    sweep()
    return sorted(row.to.split("@")[0] for row in AlertMail.objects.exclude(pk__in=before))


@pytest.fixture
def staff(office, acme) -> dict[str, Membership]:
    """One person of each role; the owner of the office is called so, too."""
    people = {
        role: MembershipFactory(company=acme, role=role, user__email=f"{role}@acme.example")
        for role in ("admin", "pricing", "operations", "viewer")
    }
    owner = acme.memberships.get(role="owner")
    owner.user.email = "owner@acme.example"
    owner.user.save()
    return people


def test_an_order_is_for_those_who_work_on_orders(office, staff):
    office.stick(1)
    assert told(office) == ["admin", "operations", "owner"]


def test_a_price_is_for_those_who_may_set_prices(office, staff, acme):
    office.rule()
    raise_problem(acme, "no_price", "The mug has no price.")
    assert told(office) == ["admin", "owner", "pricing"]


@pytest.mark.row("S5-28")
def test_named_people_hear_of_it_and_nobody_else(office, staff):
    rule = office.rule(mail_to="chosen")
    rule.people.set([staff["viewer"]])
    office.stick(1)
    assert told(office) == ["viewer"]


def test_somebody_who_left_or_was_locked_out_hears_nothing(office, staff):
    rule = office.rule(mail_to="chosen")
    rule.people.set([staff["viewer"], staff["admin"]])
    staff["viewer"].delete()
    staff["admin"].user.is_active = False
    staff["admin"].user.save()
    office.stick(1)
    assert told(office) == []


def test_a_break_of_a_connection_is_one_mail_and_its_end_one_mail(
    office, acme, mailoutbox, django_capture_on_commit_callbacks
):
    store = make_integration(acme)
    with django_capture_on_commit_callbacks(execute=True):
        facts = {"code": "credentials_rejected", "sentence": "The store rejected our key."}
        health.mark_needs_person(store, Health.NEEDS_REAUTHORISATION, **facts)
    office.sweeps(minutes=3)
    assert len(mail.outbox) == 1
    assert Alert.objects.get().told_at
    with django_capture_on_commit_callbacks(execute=True):
        health.mark_healthy(store)
    office.sweeps(minutes=20)
    assert [message.subject for message in mail.outbox] == [f"{store.name} needs you", f"Back to normal: {store.name}"]
    assert Alert.objects.get().cleared_at


def test_somebody_named_who_could_not_mend_it_hears_of_a_break_from_the_rule(office, staff, acme):
    rule = office.rule(mail_to="chosen")
    rule.people.set([staff["viewer"], staff["admin"]])
    store = make_integration(acme)
    facts = {"code": "credentials_rejected", "sentence": "The store rejected our key."}
    health.mark_needs_person(store, Health.NEEDS_REAUTHORISATION, **facts)
    assert told(office) == ["viewer"]


def test_a_mail_server_that_is_away_loses_no_mail(office, staff, monkeypatch):
    office.stick(1)
    sweep()

    def away(*args, **more):
        raise ConnectionRefusedError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
        assert mails.send_due() == 0
    office.minutes(1)
    assert mails.send_due() == 3
    assert mails.send_due() == 0


def test_a_stranger_hears_nothing(office, stranger):
    MembershipFactory(company=stranger, user__email="nosy@parker.example")
    office.stick(1)
    assert "nosy" not in told(office)
