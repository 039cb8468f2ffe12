"""A mail of an alert is sent once: a worker that is killed, or a mail server without an answer, leaves what is known and no more."""

from __future__ import annotations

from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from channels import health
from channels.alerts import errands, jobs, mails
from channels.alerts.sweep import sweep
from channels.models import Alert, AlertMail, Health, Problem
from channels.tests.factories import make_integration

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The worker's process ends here: nothing after it is done."""


@pytest.fixture
def row(office) -> AlertMail:
    """A mail that waits to be sent."""
    office.stick(1)
    sweep()
    return AlertMail.objects.get()


def ids() -> list[str]:
    return [message.extra_headers["Message-ID"] for message in mail.outbox]


def answers(monkeypatch, *, takes_it: bool, then: BaseException) -> pytest.MonkeyPatch:
    """The mail server takes a mail, or not, and then this happens."""
    whole = EmailBackend.send_messages

    def send(self, messages):
        if takes_it:
            whole(self, messages)
        raise then

    monkeypatch.setattr(EmailBackend, "send_messages", send)


def later(office) -> None:
    """The dispatcher's minute, once what a dead worker held is stale and may go again."""
    office.minutes(12)
    jobs.sweep_now()
    office.minutes(2)
    jobs.send_mails()


def test_a_worker_that_dies_before_it_hands_a_mail_over_costs_no_mail_and_makes_none_twice(office, row, monkeypatch):
    def killed(*args, **more):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("channels.alerts.mails.get_connection", killed)
        with pytest.raises(Killed):
            jobs.send_mails()
    later(office)
    row.refresh_from_db()
    assert (row.state, row.times_unknown, len(mail.outbox)) == ("sent", 0, 1)
    assert "You may have had this mail before" not in mail.outbox[0].body


def test_a_worker_that_dies_after_the_mail_server_took_it_sends_it_once_more_under_the_same_id_and_says_so(
    office, row, monkeypatch
):
    with monkeypatch.context() as patch:
        answers(patch, takes_it=True, then=Killed())
        with pytest.raises(Killed):
            jobs.send_mails()
    row.refresh_from_db()
    assert row.state == "unknown"
    # Before it is stale nobody touches it: the worker may be alive.
    jobs.sweep_now()
    jobs.send_mails()
    assert len(mail.outbox) == 1
    later(office)
    row.refresh_from_db()
    assert (row.state, row.times_unknown) == ("sent", 1)
    first, second = mail.outbox
    assert len(set(ids())) == 1
    assert "You may have had this mail before" not in first.body
    assert second.body.startswith("You may have had this mail before")


def test_what_stays_unknown_twice_is_said_and_sent_no_more_until_somebody_wants_it(office, row, monkeypatch):
    with monkeypatch.context() as patch:
        answers(patch, takes_it=True, then=SMTPServerDisconnected("Connection unexpectedly closed"))
        jobs.send_mails()
        for _ in range(5):
            later(office)
    row.refresh_from_db()
    assert (row.state, row.times_unknown, len(mail.outbox)) == ("unknown", 2, 2)
    assert "nobody knows whether it was taken" in row.last_answer
    assert errands.send_again([row]) == 1
    jobs.send_mails()
    row.refresh_from_db()
    assert row.state == "sent"
    # A wish of its own is a mail of its own, or mail programs would hide it behind the first.
    assert len(set(ids())) == 2


@pytest.mark.parametrize("said", [SMTPDataError(451, b"Try again later"), ConnectionRefusedError("nobody there")])
def test_a_clear_no_is_tried_again_without_any_doubt(office, row, monkeypatch, said):
    with monkeypatch.context() as patch:
        answers(patch, takes_it=False, then=said)
        jobs.send_mails()
    row.refresh_from_db()
    assert (row.state, row.times_unknown) == ("waiting", 0)
    later(office)
    assert len(mail.outbox) == 1
    assert "You may have had this mail before" not in mail.outbox[0].body


def test_an_address_that_is_refused_is_not_tried_again(office, row, monkeypatch):
    with monkeypatch.context() as patch:
        answers(patch, takes_it=False, then=SMTPRecipientsRefused({"x@example.com": (550, b"no such user")}))
        jobs.send_mails()
    later(office)
    row.refresh_from_db()
    assert (row.state, len(mail.outbox)) == ("failed", 0)


def test_a_mail_that_is_on_its_way_is_not_sent_again_by_hand(row):
    assert errands.take(row)
    assert errands.hand_over(row)
    assert errands.send_again([row]) == 0


def test_two_workers_with_the_same_mail_send_it_once(row):
    twin = AlertMail.objects.get(pk=row.pk)
    assert errands.take(row)
    assert not errands.take(twin)
    assert mails.send(row)
    assert not mails.send(twin)
    assert len(mail.outbox) == 1


def test_two_stores_that_break_are_two_problems_and_two_alerts_and_each_ends_alone(office, acme):
    north, south = make_integration(acme, name="North"), make_integration(acme, name="South")
    for store in (north, south):
        facts = {"code": "credentials_rejected", "sentence": "The store rejected our key."}
        health.mark_needs_person(store, Health.NEEDS_REAUTHORISATION, **facts)
    office.sweeps(minutes=1)
    assert Problem.objects.filter(code="credentials_rejected").values("cause_key").distinct().count() == 2
    assert dict(Alert.objects.values_list("integration__name", "count")) == {"North": 1, "South": 1}
    health.mark_healthy(north)
    office.sweeps(minutes=20)
    assert list(Alert.objects.filter(cleared_at=None).values_list("integration__name", flat=True)) == ["South"]
