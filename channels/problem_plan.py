"""What trying again would do with each stuck problem. Reads only, in a bounded number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from channels.causes import Fix, cause_of
from channels.models import (
    Integration,
    Outbound,
    OutboundKind,
    Problem,
    ProblemState,
    ShipmentLink,
    SupplierOrderLink,
)
from channels.models.outbox import LIVE_STATES
from orders.models import Order, OrderState

# Of a larger group the plan counts so many; trying again takes them all in turn.
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
    GONE = "gone"


# Verdict → what the plan says, whether it is done.
WORDS = {
    Verdict.SEND: "Will be sent again",
    Verdict.THERE: "Already there, skipped",
    Verdict.UNDER_WAY: "Under way already, skipped",
    Verdict.LOOK: "Will be looked at again",
    Verdict.READ: "Will be read from the store again",
    Verdict.WAITS: "Wait for the connection",
    Verdict.PERSON: "Need somebody first",
    Verdict.GONE: "Solved meanwhile, skipped",
}
DOES = frozenset({Verdict.SEND, Verdict.THERE, Verdict.LOOK, Verdict.READ})
_HELD = (OrderState.HELD, OrderState.NEEDS_MATCH)


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


def plan_for(problems: Sequence[Problem]) -> Plan:
    """What trying these problems (with ``outbound`` and ``integration`` loaded) again would do. A bounded number of queries."""
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
        order_ids = [one.record_id for one in problems if one.record_type == "order" and one.record_id]
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
    if problem.state != ProblemState.OPEN:
        return Verdict.GONE
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
