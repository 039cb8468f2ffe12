"""What is due, and the waking of what must be immediate. The schedule runs ``dispatch_due``; changes and webhooks call ``wake``."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django_q.tasks import async_task

from channels import outbox
from channels.models import Health, Integration, Outbound, OutboundState, Receipt, ReceiptState, StepState
from channels.steps import QUEUE_OF, STEPS, Step, steps_for
from portal.lib import clock

# A queued wish that nobody took up for so long is queued again: the task was lost with its queue.
REQUEUE_AFTER = 600.0
SHORTEST_REQUEUE = 20.0
CHUNK = 20
PAUSED = (Health.NEEDS_REAUTHORISATION, Health.MISCONFIGURED, Health.REMOVED)


def install_steps(integration: Integration, *, start_now: bool = True) -> None:
    """Make the integration's StepStates match what flows through it; the first runs are due at once, later ones spread over the interval."""
    wanted = steps_for(integration)
    StepState.objects.filter(integration=integration).exclude(step__in=[step.name for step in wanted]).delete()
    there = set(StepState.objects.filter(integration=integration).values_list("step", flat=True))
    StepState.objects.bulk_create(
        [
            StepState(
                integration=integration,
                step=step.name,
                interval=step.interval,
                next_run_at=clock.now() if start_now and step.follows_connect else next_time(integration.pk, step),
            )
            for step in wanted
            if step.name not in there
        ],
        ignore_conflicts=True,
    )


def next_time(integration_id: int, step: Step, *, after: datetime | None = None) -> datetime:
    """The next regular run: the interval ahead, at a minute that is this integration's own, so that not all start at :00."""
    base = after or clock.now()
    spread = zlib.crc32(f"{integration_id}:{step.name}".encode()) % int(step.interval.total_seconds())
    period = step.interval.total_seconds()
    start = base.timestamp() + 1
    ahead = (spread - start) % period
    return base + timedelta(seconds=ahead if ahead > period / 2 else ahead + period / 2)


def wake(integration_id: int, step: str, *, trigger: str = "wake") -> bool:
    """Queue a step now, once: a second wish before the run starts is the same wish. Whether this call queued it."""
    now = clock.now()
    fresh = (
        StepState.objects.filter(integration_id=integration_id, step=step)
        .filter(Q(queued_at__isnull=True) | Q(queued_at__lt=_lost_before(now)))
        .update(queued_at=now)
    )
    if fresh:
        queue_run(integration_id, step, trigger=trigger)
    return bool(fresh)


def _lost_before(now: datetime) -> datetime:
    """A wish older than this was lost."""
    return now - timedelta(seconds=max(clock.scaled(REQUEUE_AFTER), SHORTEST_REQUEUE))


def queue_run(integration_id: int, step: str, *, trigger: str) -> None:
    async_task(
        "channels.jobs.run",
        integration_id,
        step,
        trigger,
        cluster=QUEUE_OF[STEPS[step].lane],
        task_name=f"{step} {integration_id}",
    )


def dispatch_due(*, most: int = 10_000) -> int:
    """Queue every step that is due, in chunks; take up what dead workers left. How many steps were queued."""
    outbox.take_up_stale()
    wake_waiting_outbound()
    wake_waiting_receipts()
    return sum(_queue(name, ids) for name, ids in _claim_due(most=most))


def _claim_due(*, most: int) -> Iterable[tuple[str, list[int]]]:
    """Claim due states per step with one UPDATE each; yields (step, integration ids)."""
    now = clock.now()
    runnable = Integration.objects.filter(pk=OuterRef("integration_id"), enabled=True, removed_at=None).exclude(
        health__in=PAUSED
    )
    # A lease that ran out was a dead worker's: what it did not finish is due now, whenever its next time would be.
    # A wish that nobody answered was lost with its queue.
    due = (
        StepState.objects.filter(Q(next_run_at__lte=now) | Q(lease_until__lt=now) | Q(queued_at__lt=_lost_before(now)))
        .filter(Q(lease_until__isnull=True) | Q(lease_until__lt=now))
        .filter(Q(queued_at__isnull=True) | Q(queued_at__lt=_lost_before(now)))
        .filter(Exists(runnable))
        .order_by("next_run_at", "id")
    )
    rows = list(due.values_list("pk", "step", "integration_id")[:most])
    for start in range(0, len(rows), 500):
        StepState.objects.filter(pk__in=[row[0] for row in rows[start : start + 500]]).update(
            queued_at=now, next_run_at=now + F("interval")
        )
    by_step: dict[str, list[int]] = {}
    for _, step, integration_id in rows:
        by_step.setdefault(step, []).append(integration_id)
    return by_step.items()


def _queue(step: str, integration_ids: list[int]) -> int:
    """One task a run while few are due; chunks when many are, so that queueing ten thousand takes a moment."""
    size = 1 if len(integration_ids) <= 200 else CHUNK
    for start in range(0, len(integration_ids), size):
        chunk = integration_ids[start : start + size]
        async_task(
            "channels.jobs.run_many",
            chunk,
            step,
            "schedule",
            cluster=QUEUE_OF[STEPS[step].lane],
            task_name=f"{step} × {len(chunk)}",
        )
    return len(integration_ids)


def wake_waiting_outbound() -> None:
    """Rows whose waiting time is over get their step woken."""
    due = (
        Outbound.objects.filter(
            state__in=(OutboundState.WAITING, OutboundState.UNKNOWN),
            not_before__lte=clock.now(),
            integration__enabled=True,
            integration__removed_at=None,
        )
        .exclude(integration__health__in=PAUSED)
        .values_list("integration_id", "kind")
        .distinct()
    )
    for integration_id, kind in list(due):
        wake(integration_id, outbox.STEP_OF[kind])


def wake_waiting_receipts() -> None:
    """Webhooks whose task was lost, and those kept while the integration was paused."""
    waiting = (
        Receipt.objects.filter(
            Q(state=ReceiptState.WAITING, received_at__lt=clock.now() - timedelta(seconds=clock.scaled(60)))
            | Q(state=ReceiptState.PARKED),
            integration__enabled=True,
            integration__removed_at=None,
        )
        .exclude(integration__health__in=PAUSED)
        .values_list("integration_id", flat=True)
        .distinct()
    )
    from channels.inbox import wake as wake_inbox

    for integration_id in list(waiting):
        wake_inbox(integration_id)
