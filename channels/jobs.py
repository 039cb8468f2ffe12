"""The thin functions that django-q2 names: ids in, a small plain value out, every one safe to run twice."""

from __future__ import annotations

from django.conf import settings
from django.core.cache import cache
from django_q.tasks import async_task

from channels import dispatch, drafts, inbox, watch
from channels.sync import runner

# A heartbeat whose job was lost is asked for again after so long.
BEAT_WISH_SECONDS = 600


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
    drafts.sweep()
    return dispatch.dispatch_due()


def heartbeat(cluster: str = "") -> str:
    """Prove that a cluster really works, not only lives. The schedule names none: then the other clusters are asked to do the same."""
    name = cluster or settings.CLUSTER_NAME
    watch.beat(name)
    cache.delete(_beat_wish(name))
    if not cluster:
        _ask_others(name)
    return "alive"


def _ask_others(name: str) -> None:
    """One job each; none more while one is queued, so that a cluster that nobody runs gathers no heap."""
    for other in {settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]} - {name}:
        if cache.add(_beat_wish(other), 1, timeout=BEAT_WISH_SECONDS):
            async_task("channels.jobs.heartbeat", other, cluster=other, task_name=f"heartbeat {other}")


def _beat_wish(cluster: str) -> str:
    return f"heartbeat-queued-{cluster}"
