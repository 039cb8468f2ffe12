"""The supervisor: restarts what dies, kills what only looks alive, ends everything."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime, timedelta

import psutil
import pytest
from django_q.models import OrmQ

from channels.models import Heartbeat
from portal.lib import clock
from portal.run.processes import Child, stop_all
from portal.run.supervisor import CannotStart, Supervisor

pytestmark = pytest.mark.django_db


def sleeper(name: str = "worker", **more) -> Child:
    return Child(name=name, command=[sys.executable, "-c", "import time; time.sleep(60)"], **more)


@pytest.fixture
def running():
    """Starts children and makes sure that none outlives the test."""
    started: list[Child] = []

    def start(*children: Child) -> Supervisor:
        started.extend(children)
        supervisor = Supervisor(list(children), tell=lambda _: None)
        supervisor.start()
        return supervisor

    yield start
    stop_all(started, grace=1)


GRANDCHILD = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
time.sleep(60)
"""


def is_running(pid: int) -> bool:
    """Whether a process lives; one that ended and was not collected yet does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_process_that_died_is_started_again(running):
    child = sleeper()
    supervisor = running(child)
    first = child.process.pid
    child.kill()
    child.started_at -= 60
    supervisor.look()
    assert child.is_alive
    assert child.process.pid != first


def test_a_process_that_keeps_dying_is_started_ever_later(running):
    child = sleeper()
    supervisor = running(child)
    child.restarts = 4
    child.kill()
    supervisor.look()
    assert not child.is_alive


def test_an_essential_process_that_cannot_start_ends_everything_with_its_last_words(running, tmp_path):
    log = tmp_path / "web.log"
    child = Child(
        name="web", command=[sys.executable, "-c", "raise SystemExit('port is taken')"], log=log, essential=True
    )
    supervisor = running(child)
    child.process.wait()
    with pytest.raises(CannotStart, match="port is taken"):
        supervisor.look()


def test_ending_ends_grandchildren_too(running):
    child = Child(name="cluster", command=[sys.executable, "-c", GRANDCHILD])
    running(child)
    group = child.process.pid
    deadline = time.monotonic() + 5
    while len(_group(group)) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    members = _group(group)
    stop_all([child], grace=1)
    assert len(members) == 2
    # A killed process that nobody waits for is gone a moment later.
    deadline = time.monotonic() + 2
    while any(is_running(pid) for pid in members) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(is_running(pid) for pid in members)


def _group(group: int) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (ProcessLookupError, psutil.NoSuchProcess):
            continue
    return found


def beat_of(child: Child, moment: datetime) -> None:
    """The last heartbeat that this one process did."""
    Heartbeat.objects.create(cluster=child.cluster, process=child.identity, beat_at=moment)


def test_a_cluster_that_lives_but_does_nothing_is_killed_and_started_again(running, settings):
    settings.WATCHDOG_SECONDS = 180
    child = sleeper(cluster="trade")
    supervisor = running(child)
    first = child.process.pid
    beat_of(child, clock.now() - timedelta(minutes=4))
    child.started_at -= 200
    supervisor.look()
    assert child.process.pid != first


def test_a_cluster_that_hangs_beside_a_healthy_one_of_its_name_is_found(running, settings):
    settings.WATCHDOG_SECONDS = 180
    healthy, hung = sleeper("jobs-trade-0", cluster="trade"), sleeper("jobs-trade-1", cluster="trade")
    supervisor = running(healthy, hung)
    before = healthy.process.pid, hung.process.pid
    beat_of(healthy, clock.now())
    beat_of(hung, clock.now() - timedelta(minutes=4))
    Heartbeat.objects.create(cluster="trade", beat_at=clock.now())
    for child in (healthy, hung):
        child.started_at -= 200
    supervisor.look()
    assert healthy.process.pid == before[0]
    assert hung.process.pid != before[1]


def test_a_cluster_that_works_is_left_alone(running, settings):
    settings.WATCHDOG_SECONDS = 180
    child = sleeper(cluster="trade")
    supervisor = running(child)
    first = child.process.pid
    beat_of(child, clock.now())
    child.started_at -= 200
    supervisor.look()
    assert child.process.pid == first


def test_a_heartbeat_job_goes_through_each_cluster(running):
    supervisor = running(sleeper("a", cluster="trade"), sleeper("b", cluster="bulk"))
    supervisor.look()
    supervisor.look()
    assert sorted(OrmQ.objects.values_list("key", flat=True)) == ["bulk", "trade"]
