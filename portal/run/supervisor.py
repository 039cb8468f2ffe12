"""Keeps a stack running: restarts what dies with back-off, and kills a cluster that looks alive and does nothing.

Killing an idle django-q2 worker can leave its queue's lock held: workers respawn and nothing is processed. So each cluster process does heartbeat jobs of its
own (``channels.broker``), and one whose last is older than ``WATCHDOG_SECONDS`` is killed as a whole group and started again, whoever else works in its queue.
Another heartbeat goes through each queue, for the health pages.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django_q.tasks import async_task

from channels import watch
from portal.lib import clock
from portal.run.processes import Child, stop_all

log = logging.getLogger(__name__)
BEAT_EVERY = 20.0
SHORTEST_BEAT = 5.0
DISPATCH_EVERY = 60.0
LONGEST_BACK_OFF = 30.0


class CannotStart(Exception):
    """An essential process ended before it served."""


class Supervisor:
    """Runs children until told to stop. ``tell`` gets one sentence for whatever a person should know."""

    def __init__(self, children: list[Child], *, tell: Callable[[str], None]) -> None:
        self.children = children
        self.tell = tell
        self.stopping = False
        self._beaten: dict[str, float] = {}
        self._dispatched = time.monotonic()

    def start(self) -> None:
        for child in self.children:
            child.start()

    def run(self) -> None:
        """Watch until ``stop``. Raises CannotStart when an essential process ends within its first seconds."""
        try:
            while not self.stopping:
                self.look()
                time.sleep(0.5)
        finally:
            stop_all(self.children)

    def stop(self, *_: object) -> None:
        self.stopping = True

    def look(self) -> None:
        """One round: restart, beat, dispatch, watch."""
        for child in self.children:
            if not child.is_alive:
                self._restart(child)
        try:
            self._beat()
            self._watch()
            self._dispatch()
        except DatabaseError as error:
            log.warning("supervisor could not reach the database", extra={"data": {"error": str(error)}})
        finally:
            close_old_connections()

    def _restart(self, child: Child) -> None:
        if child.essential and child.age < 5 and child.restarts == 0:
            raise CannotStart(f"{child.name} could not start. {_last_words(child)}")
        if child.age < min(2.0**child.restarts, LONGEST_BACK_OFF):
            return
        child.kill()
        child.restarts = child.restarts + 1 if child.age < 60 else 1
        self.tell(f"{child.name} ended and is started again.")
        child.start()

    def _beat(self) -> None:
        """Send a heartbeat job through each queue, one at a time."""
        for cluster in self._clusters():
            if time.monotonic() - self._beaten.get(cluster, 0) > max(clock.scaled(BEAT_EVERY), SHORTEST_BEAT):
                self._beaten[cluster] = time.monotonic()
                async_task("channels.jobs.heartbeat", cluster, cluster=cluster, task_name=f"heartbeat {cluster}")

    def _dispatch(self) -> None:
        """Look for due work ourselves too: django-q2's own schedule is polled only every 30 seconds."""
        if time.monotonic() - self._dispatched > max(clock.scaled(DISPATCH_EVERY), 1.0):
            self._dispatched = time.monotonic()
            async_task("channels.jobs.dispatch_due", cluster="trade", task_name="dispatch")

    def _watch(self) -> None:
        for child in self.children:
            if not child.cluster or child.age < settings.WATCHDOG_SECONDS:
                continue
            beat = watch.last_beat(child.cluster, process=child.identity)
            if beat is None or (clock.now() - beat).total_seconds() > settings.WATCHDOG_SECONDS:
                self.tell(f"{child.name} did nothing for {settings.WATCHDOG_SECONDS} seconds and is started again.")
                child.kill()
                child.start()

    def _clusters(self) -> set[str]:
        return {child.cluster for child in self.children if child.cluster}


def _last_words(child: Child) -> str:
    if child.log and child.log.exists():
        return child.log.read_text(errors="replace")[-600:].strip()
    return "Its own message stands above."
