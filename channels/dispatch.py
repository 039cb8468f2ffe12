"""What is due, and the waking of what must be immediate. The schedule runs ``dispatch_due``; changes and webhooks call ``wake``."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django_q.tasks import async_task

from channels import outbox
from channels.broker import later
from channels.models import Health, Integration, Outbound, OutboundState, Receipt, ReceiptState, StepState
from channels.steps import QUEUE_OF, STEPS, Step, steps_for
from portal.lib import clock

# A queued wish that nobody took up for so long is queued again: the task was lost with its queue.
REQUEUE_AFTER = 600.0
SHORTEST_REQUEUE = 20.0
CHUNK = 20
CLAIMED_AT_ONCE = 2_000
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


def complete_steps() -> None:
    """Give every integration the steps that it lacks, spread over their intervals: a newer version may know more of them. May run at every deploy."""
    for integration in Integration.objects.filter(removed_at__isnull=True).iterator(chunk_size=500):
        install_steps(integration, start_now=False)


def next_time(integration_id: int, step: Step, *, after: datetime | None = None) -> datetime:
    """The next regular run: the interval ahead, at a minute that is this integration's own, so that not all start at :00."""
    base = after or clock.now()
    spread = zlib.crc32(f"{integration_id}:{step.name}".encode()) % int(step.interval.total_seconds())
    period = step.interval.total_seconds()
    start = base.timestamp() + 1
    ahead = (spread - start) % period
    return base + timedelta(seconds=ahead if ahead > period / 2 else ahead + period / 2)


def wake(integration_id: int, step: str, *, trigger: str = "wake") -> bool:
    """Queue a step now, once: a second wish before the run starts is the same wish. Whether this call queued it.

    One that only waits for its turn in the regular round is queued before it.
    """
    now = clock.now()
    fresh = (
        StepState.objects.filter(integration_id=integration_id, step=step)
        .filter(Q(queued_at__isnull=True) | Q(queued_at__lt=_lost_before(now)) | _IN_THE_ROUND)
        .update(queued_at=now)
    )
    if fresh and not _keep_wish(integration_id, step):
        queue_run(integration_id, step, trigger=trigger)
    return bool(fresh)


# What ``_claim`` leaves behind: the next time is one interval after the claim.
_IN_THE_ROUND = Q(next_run_at=F("queued_at") + F("interval"))

# Steps that the running job woke and will run itself; None outside such a job.
_wishes: ContextVar[list[tuple[int, str]] | None] = ContextVar("wishes", default=None)


@contextmanager
def keeping_wishes() -> Iterator[list[tuple[int, str]]]:
    """Have the block's wakes of the orders' lane gathered instead of queued, for whoever will run them at once: a way through the queue less."""
    wishes: list[tuple[int, str]] = []
    token = _wishes.set(wishes)
    try:
        yield wishes
    finally:
        _wishes.reset(token)


def _keep_wish(integration_id: int, step: str) -> bool:
    wishes = _wishes.get()
    if wishes is None or STEPS[step].lane != "orders":
        return False
    wishes.append((integration_id, step))
    return True


def go_on(integration_id: int, step: str) -> None:
    """Wish for another run from inside one: the runner queues it when this one gives its lease back, once."""
    StepState.objects.filter(integration_id=integration_id, step=step, queued_at__isnull=True).update(
        queued_at=clock.now()
    )


def _lost_before(now: datetime) -> datetime:
    """A wish older than this was lost."""
    return now - timedelta(seconds=max(clock.scaled(REQUEUE_AFTER), SHORTEST_REQUEUE))


def run_everything_soon(integration: Integration) -> None:
    """Every step of ``integration`` is due now, and webhooks that were kept are taken up: once, whatever waited."""
    Receipt.objects.filter(integration=integration, state=ReceiptState.PARKED).update(state=ReceiptState.WAITING)
    steps = list(StepState.objects.filter(integration=integration).values_list("step", flat=True))
    StepState.objects.filter(integration=integration).update(next_run_at=clock.now(), queued_at=None)
    transaction.on_commit(lambda: [wake(integration.pk, step, trigger="enable") for step in steps])


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
    by_step: dict[str, list[int]] = {}
    ids = list(due.values_list("pk", flat=True)[:most])
    for start in range(0, len(ids), CLAIMED_AT_ONCE):
        for step, integration_id in _claim(due, ids[start : start + CLAIMED_AT_ONCE]):
            by_step.setdefault(step, []).append(integration_id)
    return by_step.items()


def _claim(due: QuerySet[StepState], ids: list[int]) -> QuerySet[StepState, tuple[str, int]]:
    """Those of ``ids`` that no other dispatcher claimed meanwhile, each once: the time of the claim is nobody else's."""
    stamp = clock.now()
    due.order_by().filter(pk__in=ids).update(queued_at=stamp, next_run_at=stamp + F("interval"))
    mine = StepState.objects.filter(pk__in=ids, queued_at=stamp).order_by("next_run_at", "id")
    return mine.values_list("step", "integration_id")


def _queue(step: str, integration_ids: list[int]) -> int:
    """One task a run while few are due; chunks when many are, so that queueing ten thousand takes a moment."""
    size = 1 if len(integration_ids) <= 200 else CHUNK
    for start in range(0, len(integration_ids), size):
        queue_round(integration_ids[start : start + size], step, trigger="schedule")
    return len(integration_ids)


def queue_round(integration_ids: list[int], step: str, *, trigger: str) -> None:
    """Queue regular runs behind everything that must be immediate."""
    async_task(
        "channels.jobs.run_many",
        integration_ids,
        step,
        trigger,
        cluster=later(QUEUE_OF[STEPS[step].lane]),
        task_name=f"{step} × {len(integration_ids)}",
    )


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
