"""What the pages of an integration read: jobs, queue, webhooks, what removing would do. Bounded numbers of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery

from channels.models import Integration, Outbound, OutboundKind, Problem, ProblemState, StepState, SyncRun
from channels.models.outbox import LIVE_STATES
from channels.shown import RUN_LOOKS, counts_in_words, how_often, progress_of
from channels.steps import STEPS
from channels.sync.runner import why_not
from orders.models import Order, OrderState
from portal.lib import clock
from portal.ui.looks import Look


@dataclass(frozen=True, slots=True)
class Job:
    """One step of an integration on screen."""

    step: str
    label: str
    often: str
    last_at: datetime | None
    next_at: datetime | None
    look: Look | None
    counts: str
    sentence: str
    is_running: bool
    progress: str
    done: int
    total: int
    is_offered: bool

    @property
    def is_due(self) -> bool:
        """Whether it only waits for a worker."""
        return self.next_at is not None and self.next_at <= clock.now()


def jobs_of(integration: Integration) -> list[Job]:
    """Every step with its last run, its next time and how far a running one has got; two queries."""
    last = SyncRun.objects.filter(integration=OuterRef("integration"), step=OuterRef("step"))
    states = list(
        StepState.objects.filter(integration=integration).annotate(
            last_run=Subquery(last.order_by("-started_at", "-id").values("pk")[:1])
        )
    )
    runs = SyncRun.objects.in_bulk([state.last_run for state in states if state.last_run])
    order = {name: number for number, name in enumerate(STEPS)}
    states = sorted((state for state in states if state.step in STEPS), key=lambda state: order[state.step])
    return [job for state in states if (job := _job(integration, state, runs.get(state.last_run))).is_offered]


def _job(integration: Integration, state: StepState, run: SyncRun | None) -> Job:
    is_running = bool(run and run.finished_at is None and state.lease_until and state.lease_until > clock.now())
    return Job(
        step=state.step,
        label=STEPS[state.step].label,
        often=how_often(state.step),
        last_at=run.started_at if run else None,
        next_at=None if integration.needs_person or not integration.is_live else state.next_run_at,
        look=RUN_LOOKS.get(run.result) if run and (run.finished_at or is_running) else None,
        counts=counts_in_words(run) if run else "",
        sentence=run.sentence if run else "",
        is_running=is_running,
        progress=progress_of(run) if run and is_running else "",
        done=int(run.counts.get("read", 0)) if run else 0,
        total=run.expected or 0 if run else 0,
        is_offered=why_not(integration, state.step) != "not offered by the channel",
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """Outbound rows of one kind that wait: how many, and when the first goes."""

    kind: str
    label: str
    number: int
    next_at: datetime | None


def waiting_of(integration: Integration) -> list[Waiting]:
    """What waits to be sent, by kind."""
    rows = (
        Outbound.objects.filter(integration=integration, state__in=LIVE_STATES)
        .values("kind")
        .annotate(number=Count("pk"), next_at=Min("not_before"))
        .order_by("kind")
    )
    return [Waiting(row["kind"], OutboundKind(row["kind"]).label, row["number"], row["next_at"]) for row in rows]


def queue_of(integration: Integration, *, most: int = 200) -> QuerySet[Outbound]:
    """The rows that wait, those due first."""
    return (
        Outbound.objects.filter(integration=integration, state__in=LIVE_STATES)
        .select_related("integration")
        .order_by("not_before", "id")[:most]
    )


def open_problems(integration: Integration, *, most: int = 5) -> list[Problem]:
    """The newest open problems."""
    rows = Problem.objects.filter(integration=integration, state=ProblemState.OPEN)
    return list(rows.order_by("-last_seen_at")[:most])


def open_orders(integration: Integration) -> int:
    """Orders that are not finished and that came from this store, were sent to it, or wait to be."""
    waits = Outbound.objects.filter(
        integration=integration, kind=OutboundKind.CREATE_ORDER, state__in=LIVE_STATES
    ).values("record_id")
    concerned = (
        Q(links__integration=integration)
        | Q(supplier_orders__links__integration=integration)
        | Q(supplier_orders__in=waits)
    )
    return (
        Order.objects.filter(concerned).exclude(state__in=(OrderState.SHIPPED, OrderState.CANCELLED)).distinct().count()
    )
