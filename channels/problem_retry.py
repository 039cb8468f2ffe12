"""Trying again what is stuck: first the plan (what will be done with each problem), then the doing, then the result in a sentence.

A plan reads only. ``replay`` does what the plan says, each problem in its own transaction, and is safe to run twice: what is there or under way is skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction

from channels import dispatch, outbox
from channels.causes import Fix, cause_of
from channels.models import (
    Integration,
    Outbound,
    OutboundKind,
    OutboundState,
    Problem,
    ProductLink,
    ShipmentLink,
    StepState,
    SupplierOrderLink,
)
from channels.models.outbox import LIVE_STATES
from channels.problems import resolve
from orders.data import Actor
from orders.models import Order, OrderState, SupplierOrder, SupplierOrderState
from orders.services import recheck_order, release_hold
from portal.companies import audit
from portal.companies.scope import Scope
from portal.lib import clock

MOST = 500


class Verdict(StrEnum):
    """What trying again does with one problem."""

    SEND = "send"
    THERE = "there"
    UNDER_WAY = "under_way"
    LOOK = "look"
    READ = "read"
    WAITS = "waits"
    PERSON = "person"


# Verdict → what the plan says, whether it is done.
WORDS = {
    Verdict.SEND: "Will be sent again",
    Verdict.THERE: "Already there, skipped",
    Verdict.UNDER_WAY: "Under way already, skipped",
    Verdict.LOOK: "Will be looked at again",
    Verdict.READ: "Will be read from the store again",
    Verdict.WAITS: "Wait for the connection",
    Verdict.PERSON: "Need somebody first",
}
DOES = frozenset({Verdict.SEND, Verdict.THERE, Verdict.LOOK, Verdict.READ})
_HELD = (OrderState.HELD, OrderState.NEEDS_MATCH)
# What is read anew when a record could not be taken in and no row names it.
_PULLS = ("pull_products", "pull_orders", "pull_shipments")


@dataclass(frozen=True, slots=True)
class Item:
    """One problem with what trying again would do."""

    problem: Problem
    verdict: Verdict

    @property
    def words(self) -> str:
        return WORDS[self.verdict]

    @property
    def does(self) -> bool:
        """Whether trying again does anything."""
        return self.verdict in DOES


@dataclass(frozen=True, slots=True)
class Plan:
    """What trying again would do with each of ``items``."""

    items: tuple[Item, ...]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """(words, how many) of each verdict that occurs, in the order of the table."""
        found = Counter(item.verdict for item in self.items)
        return [(WORDS[verdict], found[verdict]) for verdict in Verdict if found[verdict]]

    @property
    def doable(self) -> int:
        """How many problems something is done about."""
        return sum(item.does for item in self.items)

    @property
    def why_not(self) -> str:
        """Why nothing can be done, for the title of the button that is off."""
        if self.doable or not self.items:
            return ""
        verdicts = {item.verdict for item in self.items}
        if Verdict.WAITS in verdicts:
            return (
                "The connection needs you or is paused; mend that first, then everything that waits goes out by itself."
            )
        if Verdict.UNDER_WAY in verdicts:
            return "It is under way already."
        return "Trying again changes nothing before somebody mends the cause."


@dataclass(frozen=True, slots=True)
class Result:
    """What came of trying again."""

    done: Counter[Verdict]
    released: int

    @property
    def sentence(self) -> str:
        """What happened, for the bar."""
        said = [words.format(n=self.done[verdict]) for verdict, words in _DONE.items() if self.done[verdict]]
        looked = self.done[Verdict.LOOK]
        if looked:
            said.append(
                f"{self.released} of {looked} held go on" + (", the rest still wait" if self.released < looked else "")
            )
        return f"{'; '.join(said)}." if said else "Nothing could be tried again yet."


_DONE = {
    Verdict.SEND: "{n} sent again",
    Verdict.THERE: "{n} were there already",
    Verdict.UNDER_WAY: "{n} under way already",
    Verdict.READ: "{n} read again now",
    Verdict.WAITS: "{n} wait for the connection",
}


def plan_for(problems: Sequence[Problem]) -> Plan:
    """What trying these open problems (with ``outbound`` and ``integration`` loaded) again would do. A bounded number of queries."""
    facts = _Facts.of(problems)
    return Plan(tuple(Item(problem, _judge(problem, facts)) for problem in problems))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rows say now, read in sets."""

    live: frozenset[tuple[int, str, int]]
    there: frozenset[tuple[int, str, int]]
    held_orders: frozenset[int]

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> _Facts:
        rows = [problem.outbound for problem in problems if problem.outbound]
        order_ids = [problem.record_id for problem in problems if problem.record_type == "order"]
        held = Order.objects.filter(pk__in=order_ids, state__in=_HELD)
        return cls(_live(rows), _there(rows), frozenset(held.values_list("pk", flat=True)))


def _live(rows: Sequence[Outbound]) -> frozenset[tuple[int, str, int]]:
    found = Outbound.objects.filter(record_id__in=[row.record_id for row in rows], state__in=LIVE_STATES)
    return frozenset(found.values_list("integration_id", "kind", "record_id"))


def _there(rows: Sequence[Outbound]) -> frozenset[tuple[int, str, int]]:
    """Creations that a link proves."""
    orders = SupplierOrderLink.objects.filter(supplier_order__in=_ids(rows, OutboundKind.CREATE_ORDER))
    parcels = ShipmentLink.objects.filter(shipment__in=_ids(rows, OutboundKind.CREATE_SHIPMENT))
    return frozenset(
        {
            (i, OutboundKind.CREATE_ORDER.value, pk)
            for i, pk in orders.values_list("integration_id", "supplier_order_id")
        }
        | {
            (i, OutboundKind.CREATE_SHIPMENT.value, pk)
            for i, pk in parcels.values_list("integration_id", "shipment_id")
        }
    )


def _ids(rows: Sequence[Outbound], kind: str) -> list[int]:
    return [row.record_id for row in rows if row.kind == kind]


def _judge(problem: Problem, facts: _Facts) -> Verdict:
    if problem.outbound:
        return _judge_sending(problem.outbound, facts)
    if problem.record_type == "order":
        return Verdict.LOOK if problem.record_id in facts.held_orders else Verdict.PERSON
    if problem.integration is None or cause_of(problem.code).fix != Fix.RETRY:
        return Verdict.PERSON
    return Verdict.READ if can_talk(problem.integration) else Verdict.WAITS


def _judge_sending(row: Outbound, facts: _Facts) -> Verdict:
    identity = (row.integration_id, row.kind, row.record_id)
    if identity in facts.there:
        return Verdict.THERE
    if identity in facts.live:
        return Verdict.UNDER_WAY
    return Verdict.SEND if can_talk(row.integration) else Verdict.WAITS


def can_talk(integration: Integration) -> bool:
    """Whether anything can flow to this store now."""
    return integration.is_live and not integration.needs_person


def replay(plan: Plan, *, scope: Scope) -> Result:
    """Do what the plan says; what happened. Each problem is looked at again first, so a plan that got old does no harm."""
    done: Counter[Verdict] = Counter()
    released = 0
    steps: set[tuple[int, str]] = set()
    for item in plan.items:
        done[item.verdict] += 1
        if item.verdict == Verdict.SEND:
            _send(item.problem, Actor.of(scope))
        elif item.verdict == Verdict.THERE:
            resolve(pk=item.problem.pk, by=scope.user, resolution="It was there already.")
        elif item.verdict == Verdict.LOOK:
            released += recheck_order(item.problem.record_id)
        elif item.verdict == Verdict.READ:
            steps |= _steps_of(item.problem)
    for integration_id, step in sorted(steps):
        dispatch.wake(integration_id, step, trigger="person")
    _note(plan, done, scope)
    return Result(done, released)


@transaction.atomic
def _send(problem: Problem, actor: Actor) -> None:
    """A new live row for the record; a supplier order that was held for the refusal waits again."""
    row = problem.outbound
    if row.kind == OutboundKind.CREATE_ORDER:
        held = SupplierOrder.objects.filter(pk=row.record_id, state=SupplierOrderState.HELD).first()
        if held:
            release_hold(held, actor=actor)
    outbox.retry(row)


def _steps_of(problem: Problem) -> set[tuple[int, str]]:
    """Which steps read it anew: the one that the cause names, else everything that is pulled."""
    last = problem.cause_key.rsplit(":", 1)[-1]
    known = StepState.objects.filter(integration_id=problem.integration_id).values_list("step", flat=True)
    wanted = {last} & set(known) or set(_PULLS) & set(known)
    return {(problem.integration_id, step) for step in wanted}


def _note(plan: Plan, done: Counter[Verdict], scope: Scope) -> None:
    first = plan.items[0].problem if plan.items else None
    audit.record(
        scope.company,
        "problem.tried_again",
        target=first,
        user=scope.user,
        sentence=f"Tried {len(plan.items)} again: {first}" if first else "",
        data={verdict.value: number for verdict, number in done.items()},
    )


@transaction.atomic
def try_now(rows: Iterable[Outbound]) -> int:
    """Let waiting changes go at once instead of at their time; how many. Those whose connection needs somebody stay."""
    going = [row for row in rows if can_talk(row.integration)]
    moved = Outbound.objects.filter(
        pk__in=[row.pk for row in going], state__in=(OutboundState.WAITING, OutboundState.UNKNOWN)
    ).update(not_before=clock.now())
    for integration_id, kind in {(row.integration_id, row.kind) for row in going}:
        outbox.wake_later(integration_id, kind)
    return moved


@transaction.atomic
def confirm_mass_change(problem: Problem, *, scope: Scope) -> int:
    """A person says that the products are really gone: the next walk may hide as many as are missing now; how many."""
    state = StepState.objects.select_for_update().get(integration=problem.integration_id, step="pull_products")
    missing = ProductLink.objects.filter(integration=problem.integration_id, product__is_active=True)
    number = missing.exclude(walk=state.cursor.get("walk", 0)).count()
    StepState.objects.filter(pk=state.pk).update(cursor={**state.cursor, "may_hide": number, "walk_open": True})
    resolve(pk=problem.pk, by=scope.user, resolution=f"{number} products may be hidden.")
    audit.record(
        scope.company,
        "problem.mass_change_confirmed",
        target=problem.integration,
        user=scope.user,
        sentence=f"Confirmed that {number} products are gone from {problem.integration}.",
    )
    transaction.on_commit(lambda: dispatch.wake(problem.integration_id, "pull_products", trigger="person"))
    return number
