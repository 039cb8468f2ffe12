"""Who is alive: heartbeats of the clusters and of each of their processes, and the alarm for catalogues that do not arrive."""

from __future__ import annotations

import logging
import os
import socket
import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import mail_managers
from django.db import DatabaseError
from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django_q.signals import pre_execute

from channels.causes import cause_of
from channels.models import Heartbeat, Integration, Problem, ProblemState
from channels.problems import raise_problem
from portal.lib import clock

log = logging.getLogger(__name__)
CATALOGUE_PROMISE = timedelta(minutes=20)
# A worker that takes jobs says so this often at the most.
SIGN_EVERY = 10.0
# Processes that are gone for good are forgotten.
FORGOTTEN_AFTER = timedelta(days=1)
_signed_at = float("-inf")


def own_process() -> str:
    """What this cluster process is called: its supervisor's name for it, or machine and process group, which its workers share."""
    return os.environ.get("TRADELANE_PROCESS") or f"{socket.gethostname()}:{os.getpgid(0)}"


def beat(cluster: str, *, process: str = "") -> None:
    """Note that a job ran just now: in the queue of ``cluster``, or in that one process of it."""
    Heartbeat.objects.update_or_create(cluster=cluster, process=process[:120], defaults={"beat_at": clock.now()})


def note_dispatch(cluster: str) -> None:
    """Note that the dispatcher ran; it is a sign of life as well."""
    facts = {"beat_at": clock.now(), "dispatched_at": clock.now()}
    Heartbeat.objects.update_or_create(cluster=cluster, process="", defaults=facts)


def last_beat(cluster: str, *, process: str = "") -> datetime | None:
    """When a job last ran in ``cluster``, or in one ``process`` of it; None when none ever did."""
    rows = Heartbeat.objects.filter(cluster=cluster, process=process[:120])
    return rows.values_list("beat_at", flat=True).first()


def sign() -> None:
    """This worker is busy: note it for its process, at most every few seconds. Long jobs call it as they go."""
    global _signed_at
    if time.monotonic() - _signed_at < SIGN_EVERY:
        return
    _signed_at = time.monotonic()
    beat(settings.CLUSTER_NAME, process=own_process())


@receiver(pre_execute, dispatch_uid="sign of a busy worker")
def _job_begins(sender: Any, **_: Any) -> None:
    """A process that takes up jobs lives, even while its own heartbeat waits behind them."""
    try:
        sign()
    except DatabaseError as error:
        # The job that follows meets the same database and tells of it; a sign of life must not end the worker.
        log.warning("no sign of life could be written", extra={"data": {"error": str(error)}})


def forget_gone_processes() -> int:
    """Delete the rows of processes that have long been silent: they were ended, not hung; how many."""
    old = Heartbeat.objects.exclude(process="").filter(beat_at__lt=clock.now() - FORGOTTEN_AFTER)
    return old.delete()[0]


def look_for_late_catalogues() -> int:
    """Tell staff, once, of every integration that promised products within 20 minutes and has none; how many were told."""
    told = Problem.objects.filter(integration=OuterRef("pk"), code="no_products", state=ProblemState.OPEN)
    late = Integration.objects.filter(
        supplies=True,
        enabled=True,
        removed_at=None,
        first_products_at=None,
        created_at__lt=clock.now() - CATALOGUE_PROMISE,
    ).exclude(Exists(told))
    count = 0
    for integration in late.select_related("company"):
        sentence = f"No products arrived from {integration.name} within 20 minutes of connecting."
        raise_problem(integration.company, "no_products", sentence, integration=integration, record=integration)
        mail_managers(f"{cause_of('no_products').title}: {integration}", f"{sentence}\n{settings.PORTAL_URL}/admin/")
        count += 1
    return count
