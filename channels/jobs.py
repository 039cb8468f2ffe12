"""The thin functions that django-q2 names: ids in, a small plain value out, every one safe to run twice."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django_q.tasks import async_task

from catalog import jobs as catalogue_jobs
from channels import dispatch, drafts, inbox, replays, status_history, watch
from channels.alerts import waking
from channels.sync import idle, runner

# Real seconds after which a job begins nothing more of what could as well be a job of its own, so that what is immediate need not wait behind it.
TURN_SECONDS = 1.0
# A heartbeat whose job was lost is asked for again after so long.
BEAT_WISH_SECONDS = 600


def run(integration_id: int, step: str, trigger: str = "schedule") -> str:
    """Run one step of one integration; the result's word."""
    return runner.run_step(integration_id, step, trigger=trigger)


def run_many(integration_ids: list[int], step: str, trigger: str = "schedule") -> int:
    """Run one step of several integrations: those without work together, the others one after the other; how many were done.

    When its turn is over the rest is queued again.
    """
    ends_at = time.monotonic() + TURN_SECONDS
    busy = idle.run_idle(integration_ids, step, trigger=trigger)
    for done, integration_id in enumerate(busy):
        if done and time.monotonic() > ends_at:
            dispatch.queue_round(busy[done:], step, trigger=trigger)
            return len(integration_ids) - len(busy[done:])
        runner.run_step(integration_id, step, trigger=trigger)
        watch.sign()
    return len(integration_ids)


def handle_receipts(integration_id: int) -> int:
    """Look at the webhooks of one integration that wait, and tell at once what follows from them; how many were handled."""
    ends_at = time.monotonic() + TURN_SECONDS
    wishes: list[tuple[int, str]] = []
    try:
        with dispatch.keeping_wishes() as wishes:
            return inbox.handle_waiting(integration_id)
    finally:
        for followed, step in wishes:
            if time.monotonic() < ends_at:
                runner.run_step(followed, step, trigger="wake")
            else:
                dispatch.queue_run(followed, step, trigger="wake")


def replay(replay_id: int) -> str:
    """Go on with trying a group again; what came of it in a word."""
    return replays.work_off(replay_id)


def dispatch_due() -> int:
    """Every minute: queue what is due."""
    watch.note_dispatch(settings.CLUSTER_NAME)
    # First what stores wait for: whatever goes wrong with the rest must not stop it.
    queued = dispatch.dispatch_due()
    watch.look_for_late_catalogues()
    drafts.sweep()
    replays.take_up()
    status_history.note_levels()
    waking.wake_all()
    catalogue_jobs.resume_files()
    catalogue_jobs.resume_sku_checks()
    catalogue_jobs.follow_prices()
    return queued


def heartbeat(cluster: str = "") -> str:
    """Prove that a cluster really works, not only lives. The schedule names none: then the other clusters are asked to do the same."""
    name = cluster or settings.CLUSTER_NAME
    watch.beat(name)
    cache.delete(_beat_wish(name))
    if not cluster:
        watch.forget_gone_processes()
        _ask_others(name)
    return "alive"


def own_heartbeat(cluster: str) -> str:
    """The heartbeat that only this cluster process can do: see ``channels.broker``."""
    watch.beat(cluster, process=watch.own_process())
    return "alive"


def _ask_others(name: str) -> None:
    """One job each; none more while one is queued, so that a cluster that nobody runs gathers no heap."""
    for other in {settings.Q_CLUSTER["name"], *settings.Q_CLUSTER["ALT_CLUSTERS"]} - {name}:
        if cache.add(_beat_wish(other), 1, timeout=BEAT_WISH_SECONDS):
            async_task("channels.jobs.heartbeat", other, cluster=other, task_name=f"heartbeat {other}")


def _beat_wish(cluster: str) -> str:
    return f"heartbeat-queued-{cluster}"
