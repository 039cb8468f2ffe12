"""One worker a step: a lease on the StepState row, taken by one conditional UPDATE, kept alive by a heartbeat, taken over when stale."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from channels import watch
from channels.models import StepState
from portal.lib import clock

LIFE = 300.0
BEAT_EVERY = 20.0
# However fast time passes in a drill, a worker that is alive gets so long for one record.
SHORTEST_LIFE = 30.0


def life() -> timedelta:
    """How long a lease lasts without a sign of life."""
    return timedelta(seconds=max(clock.scaled(LIFE), SHORTEST_LIFE))


class LeaseLost(Exception):
    """Another worker took the step over; stop without another write."""


class Lease:
    """A lease that this worker holds on one step of one integration."""

    def __init__(self, state: StepState, owner: str) -> None:
        self.state = state
        self.owner = owner
        self.beaten_at = clock.now()

    @classmethod
    def take(cls, integration_id: int, step: str) -> Lease | None:
        """The lease, or None while another worker holds it. Taking it also answers the wish that queued this run."""
        owner = _new_owner()
        if not _take(StepState.objects.filter(integration_id=integration_id, step=step), owner):
            return None
        return cls(StepState.objects.get(integration_id=integration_id, step=step), owner)

    def beat(self) -> None:
        """Say that we are alive; call it for every page and record. Raises LeaseLost."""
        now = clock.now()
        if (now - self.beaten_at).total_seconds() < clock.scaled(BEAT_EVERY):
            return
        self.beaten_at = now
        if not self._mine().update(lease_until=now + life()):
            raise LeaseLost(f"{self.state} was taken over.")
        # A long run is a sign of life of its cluster, whose heartbeat job may wait behind it.
        watch.beat(settings.CLUSTER_NAME)
        watch.sign()

    def release(self, **changes: object) -> bool:
        """Give the step back and write its outcome; False when it had been taken over."""
        return bool(self._mine().update(lease_owner="", lease_until=None, **changes))

    def save_cursor(self, cursor: dict) -> None:
        """Keep how far we read. Raises LeaseLost."""
        self.state.cursor = cursor
        if not self._mine().update(cursor=cursor):
            raise LeaseLost(f"{self.state} was taken over.")

    def _mine(self):
        return StepState.objects.filter(pk=self.state.pk, lease_owner=self.owner)


def take_many(integration_ids: Sequence[int], step: str) -> tuple[str, list[StepState]]:
    """The leases on one step of those integrations that nobody holds, under one owner's name; each as ``Lease.take`` takes it."""
    owner = _new_owner()
    states = StepState.objects.filter(integration_id__in=integration_ids, step=step)
    _take(states, owner)
    return owner, list(states.filter(lease_owner=owner))


def _take(states: QuerySet[StepState], owner: str) -> int:
    """Those of ``states`` that are free become the owner's by one conditional UPDATE; how many."""
    now = clock.now()
    free = states.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
    return free.update(lease_owner=owner, lease_until=now + life(), queued_at=None)


def _new_owner() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
