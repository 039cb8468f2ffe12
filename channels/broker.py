"""The job queue's broker: django-q2's own on the database, which also gives each cluster process a job of its own to beat with.

Clusters of one name share a queue, so a heartbeat queued there proves that *somebody* works. A process whose workers hang would go unnoticed beside a
healthy one. So every ``BEAT_EVERY`` seconds ``dequeue`` hands the asking process a job that was never queued: it takes the same way through pusher, worker
and monitor as any other, and only that process can do it.

Each queue has a second one behind it for what only has to happen some time soon ("trade-later"): the hourly round of ten thousand integrations waits there,
and an order that arrives meanwhile passes it. Whoever waits for the first of the two is woken by ``channels.bell``.
"""

from __future__ import annotations

import time
import uuid
from functools import cached_property
from typing import Any

from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.conf import Conf
from django_q.signing import SignedPackage

from channels import bell, watch
from portal.lib import clock

BEAT_EVERY = 20.0
SHORTEST = 5.0
LATER = "-later"


class BeatingBroker(ORM):
    """The database's queue, and a heartbeat for whoever takes from it."""

    def __init__(self, list_key: str | None = None) -> None:
        super().__init__(list_key=list_key)
        self._next_beat = 0.0

    def enqueue(self, task: str) -> int:
        """Queue, and wake who waits; for what may wait nobody is woken."""
        row: int = super().enqueue(task)
        if self.list_key and not self.list_key.endswith(LATER):
            bell.ring(self.list_key)
        return row

    def dequeue(self) -> list[tuple[int | None, str]] | None:
        """What is queued; or this process's own heartbeat, which has no row to acknowledge."""
        if time.monotonic() < self._next_beat:
            found = self._take(self.list_key) or self._take(later(self.list_key))
            if not found:
                self._rest()
            return found or None
        self._next_beat = time.monotonic() + max(clock.scaled(BEAT_EVERY), SHORTEST)
        return [(None, SignedPackage.dumps(own_beat(self.list_key)))]

    def _take(self, key: str) -> list[tuple[int | None, str]]:
        """As the base class takes: each row is locked by one conditional UPDATE, and what another cluster was faster with is left to it."""
        rows = self.get_connection()
        found = list(rows.filter(key=key, lock__lt=timezone.now()).order_by("id")[: Conf.BULK])
        locked = (rows.filter(id=row.id, lock=row.lock).update(lock=self.timeout(row)) for row in found)
        return [(row.pk, row.payload) for row, is_ours in zip(found, locked, strict=True) if is_ours]

    def _rest(self) -> None:
        """Nothing is queued: spare the processor until somebody rings, or look again."""
        self._ear.wait(Conf.POLL)

    @cached_property
    def _ear(self) -> bell.Ear:
        return bell.Ear(self.list_key)


def later(queue: str) -> str:
    """The queue behind ``queue``, for what may wait until that is empty."""
    return f"{queue}{LATER}"


def own_beat(cluster: str) -> dict[str, Any]:
    """The heartbeat of the calling process as django-q2 packs a job; its success is not kept."""
    return {
        "id": uuid.uuid4().hex,
        "name": f"heartbeat {watch.own_process()}",
        "func": "channels.jobs.own_heartbeat",
        "args": (cluster,),
        "kwargs": {},
        "started": timezone.now(),
        "save": False,
    }
