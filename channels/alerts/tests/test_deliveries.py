"""Webhooks: signed, sent once, tried again only where that helps, never lost, never into our own network."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from channels.alerts import deliveries, endpoints, errands, jobs, pruning, reviving
from channels.alerts.sweep import sweep
from channels.alerts.tests.receiver import Receiver, listening
from channels.models import Alert, Delivery, DeliveryAttempt, Problem, WebhookEndpoint
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.SANDBOX = True
    with listening() as receiver:
        yield receiver


@pytest.fixture
def issued(office: Any, receiver: Receiver) -> endpoints.Issued:
    """An endpoint that one rule tells, and its secret."""
    issued = endpoints.create(office.company, name="ERP", url=receiver.url, by=None)
    office.rule(endpoint=issued.endpoint, mail_to="nobody")
    return issued


def send(issued: endpoints.Issued) -> int:
    return jobs.send_deliveries(issued.endpoint.pk)


def fits(got: Any, secret: str) -> bool:
    """A receiver's own check, from the public page of the scheme."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{expected}" in got.headers["webhook-signature"].split()


def test_an_alert_reaches_the_endpoint_signed_and_says_what_is_stuck(office, issued, receiver):
    office.stick(2)
    sweep()
    assert send(issued) == 1
    (got,) = receiver.got
    assert fits(got, issued.secret)
    body = json.loads(got.body)
    assert (body["type"], body["data"]["count"], body["data"]["code"]) == ("alert.opened", 2, "no_such_sku")
    assert body["data"]["amounts"] == {"GBP": "20.00"}
    assert abs(int(got.headers["webhook-timestamp"]) - clock.now().timestamp()) < 5


def test_its_end_is_an_event_of_its_own(office, issued, receiver):
    office.stick(4)
    office.news()
    office.mend()
    office.sweeps(minutes=15)
    send(issued)
    bodies = [json.loads(got.body) for got in receiver.got]
    assert [body["type"] for body in bodies] == ["alert.opened", "alert.cleared"]
    assert bodies[1]["data"]["caught_up"] == 4
    assert len(set(receiver.ids)) == 2


def test_a_job_that_runs_twice_sends_once(office, issued, receiver):
    office.stick(2)
    sweep()
    assert [send(issued), send(issued)] == [1, 0]
    assert len(receiver.got) == 1


def test_a_failing_receiver_is_tried_again_with_the_same_id(office, issued, receiver):
    receiver.answers = [(500, {}), (503, {}), (429, {})]
    office.stick(1)
    sweep()
    for _ in range(4):
        send(issued)
        office.minutes(600)
    assert len(receiver.got) == 4
    assert len(set(receiver.ids)) == 1
    row = Delivery.objects.get()
    assert (row.state, row.attempts, row.last_answer) == ("sent", 4, "200")
    assert list(row.tries.values_list("status", flat=True)) == [200, 429, 503, 500]
    assert row.tries.first().response_body == '{"said": "thanks"}'


@pytest.mark.parametrize("status", [400, 401, 404, 410, 422, 301, 307])
def test_a_refusal_is_not_tried_again(office, issued, receiver, status):
    receiver.answers = [(status, {"Location": "http://127.0.0.1:1/"})]
    office.stick(1)
    sweep()
    send(issued)
    office.minutes(600)
    assert send(issued) == 0
    assert len(receiver.got) == 1
    assert Delivery.objects.get().state == "failed"


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502])
def test_what_passes_is_tried_again(office, issued, receiver, status):
    receiver.answers = [(status, {})]
    office.stick(1)
    sweep()
    send(issued)
    assert Delivery.objects.get().state == "waiting"
    office.minutes(1)
    assert send(issued) == 1


def test_a_receiver_that_asks_for_time_gets_it(office, issued, receiver):
    receiver.answers = [(429, {"Retry-After": "3600"})]
    office.stick(1)
    sweep()
    send(issued)
    office.minutes(50)
    assert send(issued) == 0
    assert Delivery.objects.get().not_before > clock.now()


@pytest.mark.parametrize("asked", ["²", "9" * 400, "soon", "-1"])
def test_a_nonsensical_wish_is_ignored(office, issued, receiver, asked):
    receiver.answers = [(503, {"Retry-After": asked})]
    office.stick(1)
    sweep()
    send(issued)
    row = Delivery.objects.get()
    assert row.state == "waiting"
    assert row.not_before <= clock.now() + errands.LONGEST_WISH


def test_a_broken_connection_is_written_down_in_words(office, issued, receiver):
    receiver.answers = ["drop"]
    office.stick(1)
    sweep()
    send(issued)
    assert DeliveryAttempt.objects.get().error == "it cannot be reached"
    assert Delivery.objects.get().last_answer == "no answer: it cannot be reached"


def test_after_the_last_try_it_has_failed_and_a_problem_says_so_until_it_works_again(office, issued, receiver):
    receiver.answers = [(500, {})] * errands.MOST_TRIES
    office.stick(1)
    sweep()
    for _ in range(errands.MOST_TRIES + 2):
        send(issued)
        office.minutes(60 * 13)
    row = Delivery.objects.get()
    assert (row.state, row.attempts) == ("failed", errands.MOST_TRIES)
    problem = Problem.objects.get(code="webhook_failing", state="open")
    assert "Its last answer: 500." in problem.sentence
    deliveries.resend(row)
    assert send(issued) == 1
    problem.refresh_from_db()
    assert problem.state == "resolved"
    assert len(set(receiver.ids)) == 1


def test_a_receiver_that_was_mended_gets_all_it_refused_with_one_click_and_the_problem_is_over(
    office, issued, receiver
):
    receiver.answers = [(410, {})] * 3
    office.stick(1)
    office.stick(1, key="no_such_sku:DEF")
    office.stick(1, key="no_such_sku:GHI")
    sweep()
    send(issued)
    problem = Problem.objects.get(code="webhook_failing", state="open")
    refused = set(receiver.ids)
    assert reviving.revive(issued.endpoint, failing_since=problem.first_seen_at, by=None) == len(refused) == 3
    assert send(issued) == 3
    problem.refresh_from_db()
    assert problem.state == "resolved"
    assert set(receiver.ids) == refused


def test_a_dead_receiver_ends_the_job_and_holds_nobody_up(office, issued, receiver):
    receiver.answers = [(500, {})] * 50
    for number in range(10):
        office.stick(1, key=f"no_such_sku:{number}")
    sweep()
    send(issued)
    assert len(receiver.got) == deliveries.MOST_FAILURES
    assert Delivery.objects.filter(attempts=0).count() == 10 - deliveries.MOST_FAILURES


def test_what_a_dead_worker_held_is_taken_up_again(office, issued, receiver):
    office.stick(1)
    sweep()
    assert errands.take(Delivery.objects.get())
    assert send(issued) == 0
    office.minutes(11)
    jobs.sweep_now()
    assert send(issued) == 1


def test_a_worker_that_dies_after_the_receiver_took_an_event_sends_it_again_under_the_same_signed_id(
    office, issued, receiver, monkeypatch
):
    class Killed(BaseException):
        pass

    def killed(*args, **more):
        raise Killed

    office.stick(1)
    sweep()
    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "_note", killed)
        with pytest.raises(Killed):
            send(issued)
    office.minutes(11)
    jobs.sweep_now()
    assert send(issued) == 1
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"] == Delivery.objects.get().event_id
    assert first.body == second.body
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_the_dispatcher_asks_again_for_what_was_lost_with_the_queue(office, issued, queued):
    from channels.alerts import waking

    office.stick(1)
    sweep()
    waking.wake_all()
    assert ("channels.alerts.jobs.send_deliveries", issued.endpoint.pk) in queued
    queued.clear()
    waking.wake_all()
    assert queued == []
    office.minutes(6)
    waking.wake_all()
    assert ("channels.alerts.jobs.send_deliveries", issued.endpoint.pk) in queued


def test_after_a_change_of_secret_both_sign_for_a_day(office, issued, receiver):
    second = endpoints.rotate(issued.endpoint, by=None)
    office.stick(1)
    sweep()
    send(issued)
    office.minutes(60 * 25)
    office.stick(1, key="other")
    sweep()
    send(issued)
    assert [fits(got, issued.secret) for got in receiver.got] == [True, False]
    assert [fits(got, second.secret) for got in receiver.got] == [True, True]


def test_everything_since_a_moment_is_sent_again_on_request(office, issued, receiver):
    receiver.answers = [(400, {}), (200, {})]
    for number in range(2):
        office.stick(1, key=f"no_such_sku:{number}")
        sweep()
        send(issued)
        office.minutes(30)
    assert deliveries.resend_since(issued.endpoint, clock.now() - timedelta(hours=2)) == 1
    assert deliveries.resend_since(issued.endpoint, clock.now() - timedelta(minutes=40), only_failed=False) == 1
    assert send(issued) == 2
    assert len(receiver.got) == 4
    assert len(set(receiver.ids)) == 2


def test_what_is_on_its_way_is_not_sent_beside_itself(office, issued):
    office.stick(1)
    sweep()
    with pytest.raises(Conflict, match="on its way"):
        deliveries.resend(Delivery.objects.get())


def test_an_endpoint_that_is_off_gets_nothing_and_goes_on_where_it_stopped(office, issued, receiver):
    office.stick(1)
    sweep()
    endpoints.switch(issued.endpoint, enabled=False, by=None)
    assert send(issued) == 0
    with pytest.raises(DomainError, match="switched off"):
        deliveries.resend_since(issued.endpoint, clock.now())
    endpoints.switch(issued.endpoint, enabled=True, by=None)
    assert send(issued) == 1


def test_removing_destroys_the_secret_and_keeps_the_log(office, issued, receiver):
    office.stick(1)
    sweep()
    endpoints.remove(issued.endpoint, by=None)
    assert send(issued) == 0
    row = WebhookEndpoint.objects.get()
    assert (row.secret, row.old_secret) == ({}, None)
    assert Delivery.objects.get().state == "failed"


def test_an_old_log_is_forgotten(office, issued, receiver):
    office.stick(1)
    sweep()
    send(issued)
    office.minutes(60 * 24 * 31)
    Alert.objects.update(cleared_at=clock.now())
    assert pruning.prune() == 1
    assert Alert.objects.exists()
    assert not DeliveryAttempt.objects.exists()
