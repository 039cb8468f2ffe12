"""Who waits for jobs is woken when one is queued, not at the next look."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task

from channels import bell

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path) -> None:
    settings.VAR_DIR = tmp_path


def ring_from_elsewhere(queue: str) -> None:
    """Another process queues: a connection of its own."""

    def work() -> None:
        bell.ring(queue)
        connection.close()

    if connection.vendor == "sqlite":
        bell.ring(queue)
        return
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()


def listening(queue: str) -> bell.Ear:
    ear = bell.Ear(queue)
    ear.wait(0.01)
    return ear


def test_nothing_is_heard_while_nobody_rings():
    ear = listening("trade")
    started = time.monotonic()
    assert not ear.wait(0.1)
    assert time.monotonic() - started >= 0.09


def test_a_ring_ends_the_wait_and_is_heard_once():
    ear = listening("trade")
    timer = threading.Timer(0.1, ring_from_elsewhere, ["trade"])
    timer.start()
    started = time.monotonic()
    assert ear.wait(20)
    assert time.monotonic() - started < 15
    timer.join()
    assert not ear.wait(0.01)


def test_what_was_rung_between_two_waits_is_heard_by_the_next():
    ear = listening("trade")
    ring_from_elsewhere("trade")
    assert ear.wait(20)


def test_each_queue_has_its_own_bell():
    ear = listening("trade")
    ring_from_elsewhere("bulk")
    assert not ear.wait(0.05)


def test_nobody_is_woken_for_what_is_not_committed():
    ear = listening("trade")
    with transaction.atomic():
        async_task("channels.jobs.heartbeat", "trade", cluster="trade")
        if connection.vendor == "sqlite":
            assert not ear.wait(0.05)
    assert ear.wait(20)
    with transaction.atomic():
        async_task("channels.jobs.heartbeat", "trade", cluster="trade")
        transaction.set_rollback(True)
    assert not ear.wait(0.05)


def test_the_round_wakes_nobody():
    ear = listening("trade-later")
    async_task("channels.jobs.heartbeat", "trade", cluster="trade-later")
    assert not ear.wait(0.05)


def test_a_cluster_without_work_takes_what_is_queued_at_once():
    broker = get_broker("trade")
    broker._next_beat = float("inf")
    broker.dequeue()
    async_task("channels.jobs.heartbeat", "trade", cluster="trade")
    started = time.monotonic()
    assert broker.dequeue()
    assert time.monotonic() - started < 15


def test_a_folder_that_cannot_be_written_costs_the_hint_only(settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.VAR_DIR = tmp_path / "file"
    bell.ring("trade")
