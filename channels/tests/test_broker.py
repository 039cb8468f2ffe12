"""The broker: what is queued, and a heartbeat that only the process that takes it can do."""

from __future__ import annotations

import pytest
from django.db import DatabaseError
from django_q.brokers import get_broker
from django_q.models import OrmQ, Task
from django_q.monitor import save_task
from django_q.signals import pre_execute
from django_q.signing import SignedPackage
from django_q.tasks import async_task

from channels import jobs, watch
from channels.broker import BeatingBroker
from channels.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _named(monkeypatch) -> None:
    monkeypatch.setenv("TRADELANE_PROCESS", "here/jobs-trade-0")
    monkeypatch.setattr(watch, "_signed_at", float("-inf"))


def test_the_installation_uses_it():
    assert isinstance(get_broker("trade"), BeatingBroker)


def test_the_first_job_of_a_process_is_its_own_heartbeat_then_what_is_queued():
    async_task("channels.jobs.heartbeat", "trade", cluster="trade")
    broker = BeatingBroker("trade")
    [(row, package)] = broker.dequeue()
    job = SignedPackage.loads(package)
    assert (row, job["func"], job["args"]) == (None, "channels.jobs.own_heartbeat", ("trade",))
    [(row, package)] = broker.dequeue()
    assert row == OrmQ.objects.get().pk
    assert SignedPackage.loads(package)["func"] == "channels.jobs.heartbeat"


def test_the_heartbeat_is_of_that_process_and_leaves_no_task_behind():
    [(_, package)] = BeatingBroker("trade").dequeue()
    job = SignedPackage.loads(package)
    for _ in range(2):
        jobs.own_heartbeat(*job["args"])
    save_task({**job, "success": True}, get_broker("trade"))
    assert Heartbeat.objects.get().process == "here/jobs-trade-0"
    assert not Task.objects.exists()
    assert watch.last_beat("trade") is None


def test_a_worker_that_takes_up_a_job_gives_a_sign_and_not_for_each_of_many():
    pre_execute.send(sender="django_q", func=None, task={})
    Heartbeat.objects.all().delete()
    pre_execute.send(sender="django_q", func=None, task={})
    assert not Heartbeat.objects.exists()


def test_a_database_that_is_away_does_not_end_the_worker(monkeypatch):
    def away(*args: object, **more: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(Heartbeat.objects, "update_or_create", away)
    pre_execute.send(sender="django_q", func=None, task={})


def test_processes_that_are_gone_for_a_day_are_forgotten_and_the_queue_is_not():
    old = watch.clock.now() - 2 * watch.FORGOTTEN_AFTER
    Heartbeat.objects.create(cluster="trade", process="gone", beat_at=old)
    Heartbeat.objects.create(cluster="trade", beat_at=old)
    assert watch.forget_gone_processes() == 1
    assert Heartbeat.objects.get().process == ""
