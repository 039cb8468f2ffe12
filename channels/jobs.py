"""The thin functions that django-q2 names: ids in, a small plain value out, every one safe to run twice."""

from __future__ import annotations

from django.conf import settings

from channels import dispatch, inbox, watch
from channels.sync import runner


def run(integration_id: int, step: str, trigger: str = "schedule") -> str:
    """Run one step of one integration; the result's word."""
    return runner.run_step(integration_id, step, trigger=trigger)


def run_many(integration_ids: list[int], step: str, trigger: str = "schedule") -> int:
    """Run one step of several integrations, one after the other; how many were done."""
    for integration_id in integration_ids:
        runner.run_step(integration_id, step, trigger=trigger)
    return len(integration_ids)


def handle_receipts(integration_id: int) -> int:
    """Look at the webhooks of one integration that wait; how many were handled."""
    return inbox.handle_waiting(integration_id)


def dispatch_due() -> int:
    """Every minute: queue what is due."""
    watch.note_dispatch(settings.CLUSTER_NAME)
    watch.look_for_late_catalogues()
    return dispatch.dispatch_due()


def heartbeat(cluster: str = "") -> str:
    """Prove that a cluster really works, not only lives."""
    watch.beat(cluster or settings.CLUSTER_NAME)
    return "alive"
