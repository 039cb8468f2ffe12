"""Who is alive: heartbeats of the clusters, and the alarm for catalogues that do not arrive."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import mail_managers
from django.db.models import Exists, OuterRef

from channels.causes import cause_of
from channels.models import Heartbeat, Integration, Problem, ProblemState
from channels.problems import raise_problem
from portal.lib import clock

CATALOGUE_PROMISE = timedelta(minutes=20)


def beat(cluster: str) -> None:
    """Note that ``cluster`` ran a job just now."""
    Heartbeat.objects.update_or_create(cluster=cluster, defaults={"beat_at": clock.now()})


def note_dispatch(cluster: str) -> None:
    """Note that the dispatcher ran; it is a sign of life as well."""
    Heartbeat.objects.update_or_create(cluster=cluster, defaults={"beat_at": clock.now(), "dispatched_at": clock.now()})


def last_beat(cluster: str) -> datetime | None:
    """When ``cluster`` last ran a job; None when it never did."""
    return Heartbeat.objects.filter(cluster=cluster).values_list("beat_at", flat=True).first()


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
