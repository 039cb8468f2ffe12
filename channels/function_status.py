"""How well each function works, by what really happens: the age of the oldest work that is due, the runs of the last hour, the books, who works.

A store that is down is not our outage: what waits for it, or for its owner, does not count. Nor does what people changed in a store by hand: a book speaks
against a function only where something that we promise did not happen. Nothing here names a company.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from channels import vitals
from channels.dispatch import PAUSED
from channels.models import (
    Health,
    Integration,
    Level,
    Outbound,
    OutboundKind,
    OutboundState,
    Receipt,
    ReceiptState,
    RunResult,
    StepState,
    SyncRun,
)
from channels.models.reconcile import Book, Difference, DifferenceState, Reconciliation, ReconciliationResult
from channels.reconcile.differences import LAPSES
from channels.steps import QUEUE_OF, STEPS
from portal.lib import clock

SLOW_AFTER = timedelta(minutes=5)
STOPPED_AFTER = timedelta(minutes=15)
# Runs that ended so are our mistake, whatever store they were for.
OUR_FAULTS = ("our_mistake", "unexpected_answer")
FAULTY_SHARE = 0.2
FEWEST_RUNS = 5
# Books are compared nightly; one that was not for two days says nothing of now.
BOOKS_SINCE = timedelta(days=2)
FAULTY_BOOKS = 0.01


@dataclass(frozen=True, slots=True)
class Function:
    """What people use: the steps, the kinds of changes and whether webhooks that carry it."""

    key: str
    label: str
    what: str
    steps: tuple[str, ...] = ()
    kinds: tuple[OutboundKind, ...] = ()
    webhooks: bool = False
    books: tuple[Book, ...] = ()

    @property
    def clusters(self) -> set[str]:
        """The clusters whose work it is."""
        return {QUEUE_OF[STEPS[step].lane] for step in self.steps} or {"trade"}


FUNCTIONS = (
    Function(
        "orders",
        "Orders",
        "From the store into supplier orders",
        ("pull_orders", "push_orders"),
        (OutboundKind.CREATE_ORDER,),
        books=(Book.ORDERS, Book.BOUGHT),
    ),
    Function(
        "stock",
        "Stock",
        "From suppliers to retailers’ shelves",
        ("pull_stock", "push_stock"),
        (OutboundKind.STOCK,),
        books=(Book.STOCK,),
    ),
    Function(
        "prices",
        "Prices and listings",
        "Products, prices and listings",
        ("pull_products", "push_listings", "push_prices"),
        (OutboundKind.PUBLISH, OutboundKind.PRICE),
        books=(Book.PRICES,),
    ),
    Function(
        "shipments",
        "Shipments",
        "Parcels and tracking back to the store",
        ("pull_shipments", "push_shipments"),
        (OutboundKind.CREATE_SHIPMENT,),
        books=(Book.SHIPMENTS,),
    ),
    Function("webhooks", "Webhooks", "What stores tell us as it happens", webhooks=True),
)
FUNCTION = {function.key: function for function in FUNCTIONS}


@dataclass(frozen=True, slots=True)
class Reading:
    """One function as it is now. ``late_seconds`` is the age of its oldest due work."""

    function: Function
    level: Level
    sentence: str
    late_seconds: float


def read_all() -> list[Reading]:
    """Every function now. A bounded number of queries, all on indexed columns."""
    beats, books = vitals.beats(), _Books.now()
    steps, sendings, receipts, faults = _late_steps(), _late_sendings(), _late_receipts(), _faulty_runs()
    readings = []
    for function in FUNCTIONS:
        moments = [
            *(steps.get(step) for step in function.steps),
            *(sendings.get(kind) for kind in function.kinds),
            receipts if function.webhooks else None,
        ]
        silent = next((fault for name in sorted(function.clusters) if (fault := beats.cluster_fault(name))), "")
        reading = _judge(function, _oldest(moments), silent or beats.dispatch_fault, _share(function, faults))
        readings.append(books.weigh(reading))
    return readings


def _oldest(moments: Iterable[datetime | None]) -> timedelta:
    known = [moment for moment in moments if moment]
    return max(clock.now() - min(known), timedelta(0)) if known else timedelta(0)


def _judge(function: Function, late: timedelta, silent: str, faulty: float) -> Reading:
    seconds, waits = late.total_seconds(), _said(late)
    if silent:
        return Reading(
            function,
            Level.STOPPED,
            "Nothing is worked on: no worker has been seen. It goes on from where it stands.",
            seconds,
        )
    if late > STOPPED_AFTER:
        return Reading(
            function, Level.STOPPED, f"The oldest work has waited {waits}. Nothing is lost; it is caught up.", seconds
        )
    if late > SLOW_AFTER:
        return Reading(function, Level.SLOW, f"The oldest work has waited {waits}.", seconds)
    if faulty >= FAULTY_SHARE:
        return Reading(
            function, Level.SLOW, f"{faulty:.0%} of the last hour’s runs failed on our side. We look into it.", seconds
        )
    return Reading(
        function, Level.OK, "Up to date." if seconds < 60 else f"The oldest work has waited {waits}.", seconds
    )


def _said(span: timedelta) -> str:
    minutes = max(round(span.total_seconds() / 60), 1)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} hours"


def _in_use(path: str) -> Q:
    """Integrations that could work now: wanted, in use, not waiting for their owner or for their store. Real ones only, but in a sandbox."""
    usable = {f"{path}enabled": True, f"{path}removed_at": None}
    waits = Q(**{f"{path}health__in": (*PAUSED, Health.WAITING)})
    return Q(**usable) & ~waits & (Q() if settings.SANDBOX else Q(**{f"{path}is_sandbox": False}))


def _late_steps() -> dict[str, datetime]:
    """Step → since when its oldest due or queued run waits."""
    now = clock.now()
    waiting = StepState.objects.filter(_in_use("integration__")).filter(Q(lease_until=None) | Q(lease_until__lt=now))
    queued = _firsts(waiting.filter(queued_at__isnull=False), "step", "queued_at")
    due = _firsts(waiting.filter(queued_at=None, next_run_at__lte=now), "step", "next_run_at")
    return {
        step: min(moments[step] for moments in (queued, due) if step in moments) for step in queued.keys() | due.keys()
    }


def _late_sendings() -> dict[str, datetime]:
    """Kind → since when its oldest due change waits."""
    states = (OutboundState.WAITING, OutboundState.UNKNOWN)
    rows = Outbound.objects.filter(_in_use("integration__"), state__in=states, not_before__lte=clock.now())
    return _firsts(rows, "kind", "not_before")


def _firsts(rows: QuerySet, key: str, moment: str) -> dict[str, datetime]:
    return dict(rows.order_by().values_list(key).annotate(first=Min(moment)))


def _late_receipts() -> datetime | None:
    """Since when the oldest webhook waits to be handled."""
    rows = Receipt.objects.filter(_in_use("integration__"), state=ReceiptState.WAITING)
    return rows.aggregate(first=Min("received_at"))["first"]


def _faulty_runs() -> dict[str, tuple[int, int]]:
    """Step → (runs of the last hour, those that failed on our side)."""
    recent = SyncRun.objects.filter(started_at__gte=clock.now() - timedelta(hours=1), integration__in=_used_ids())
    ours = Count("pk", filter=Q(result=RunResult.FAILED, code__in=OUR_FAULTS))
    rows = recent.order_by().values("step").annotate(runs=Count("pk"), ours=ours)
    return {row["step"]: (row["runs"], row["ours"]) for row in rows}


def _used_ids() -> QuerySet:
    return Integration.objects.filter(_in_use("")).values("pk")


@dataclass(frozen=True, slots=True)
class _Books:
    """How many connections were compared lately, and in how many of them each book shows that something was not passed on."""

    compared: int
    lapses: dict[str, frozenset[int]]

    @classmethod
    def now(cls) -> _Books:
        """Two queries."""
        finished = (ReconciliationResult.AGREES, ReconciliationResult.DIFFERS)
        recent = Reconciliation.objects.filter(
            integration__in=_used_ids(), started_at__gte=clock.now() - BOOKS_SINCE, result__in=finished
        )
        compared = frozenset(recent.order_by().values_list("integration_id", flat=True).distinct())
        # Told twice, so that the index of what is not gone serves.
        live = Difference.objects.exclude(state=DifferenceState.GONE).filter(state=DifferenceState.OPEN)
        found: dict[str, set[int]] = defaultdict(set)
        rows = live.filter(integration__in=_used_ids(), kind__in=LAPSES).order_by()
        for book, integration_id in rows.values_list("book", "integration_id").distinct():
            found[book].add(integration_id)
        return cls(len(compared), {book: frozenset(ids & compared) for book, ids in found.items()})

    def weigh(self, reading: Reading) -> Reading:
        """``reading``, worse and with the reason where it seems well and its books say otherwise."""
        number = len(frozenset().union(*(self.lapses.get(book, frozenset()) for book in reading.function.books)))
        if reading.level != Level.OK or not number or number < FAULTY_BOOKS * self.compared:
            return reading
        said = f"At {number:,} of {self.compared:,} connections the last comparison found something that was not passed on. It is shown there."
        return replace(reading, level=Level.SLOW, sentence=said)


def _share(function: Function, runs: dict[str, tuple[int, int]]) -> float:
    """The part of the runs of ``function`` that failed on our side; 0 while there are too few to tell."""
    known = [runs.get(step, (0, 0)) for step in function.steps]
    number, failed = sum(one for one, _ in known), sum(one for _, one in known)
    return failed / number if number >= FEWEST_RUNS else 0.0
