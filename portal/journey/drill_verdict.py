"""The invariants that hold whatever happens, each with what speaks against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from channels.causes import CAUSES
from channels.models import Health, Integration, Outbound, OutboundState, Problem, ProblemState, RunResult, SyncRun
from channels.models.outbox import LIVE_STATES
from orders.models import Order, OrderState
from portal.journey.books import Balance
from portal.journey.play import Played
from portal.journey.trade_cast import Pair

FINAL = (OrderState.SHIPPED, OrderState.CANCELLED)
NAMED_WAITS = (OrderState.HELD, OrderState.NEEDS_MATCH)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One invariant. It holds when nothing speaks ``against`` it."""

    name: str
    against: Sequence[str] = field(default_factory=tuple)

    @property
    def holds(self) -> bool:
        return not self.against


def judge(pair: Pair, played: Played, balance: Balance, *, kills: tuple[int, int], stalled: str) -> list[Verdict]:
    """All invariants of one direction."""
    integrations = [pair.supplier.integration, pair.retailer.integration]
    return [
        Verdict("nothing is lost", balance.lost),
        Verdict("nothing is doubled", balance.doubled),
        Verdict("nothing differs", balance.different),
        Verdict("nothing is unexplained", balance.unexplained),
        Verdict("lines traded and held are lines read", _sums(balance)),
        Verdict("every order is final or waits under a name", _nameless(pair)),
        Verdict("nothing is left in sending", _left(integrations, (OutboundState.SENDING,))),
        Verdict("nothing is left to send", _left(integrations, LIVE_STATES)),
        Verdict("nothing was refused", _left(integrations, (OutboundState.REFUSED,))),
        Verdict("every problem has a cause", _without_cause(pair)),
        Verdict("no mistake of ours is open", _mistakes(pair)),
        Verdict("no run says that it still runs", _open_runs(integrations)),
        Verdict("both stores are healthy again", _unhealthy(integrations)),
        Verdict("running every step again changes nothing", played.changed_again),
        Verdict("workers were killed as planned", [] if kills[0] >= kills[1] else [f"{kills[0]} of {kills[1]}"]),
        Verdict("the work came to its end", [stalled] if stalled else []),
    ]


def _sums(balance: Balance) -> list[str]:
    if balance.traded_lines + balance.held_lines == balance.read_lines:
        return []
    return [f"{balance.traded_lines} traded + {balance.held_lines} held, {balance.read_lines} read"]


def _nameless(pair: Pair) -> list[str]:
    orders = Order.objects.filter(company=pair.retailer.company).exclude(state__in=FINAL)
    return [
        f"order {order.number}: {order.state} {order.held_reason}".strip()
        for order in orders
        if not (order.state in NAMED_WAITS and order.held_reason)
    ]


def _left(integrations: Sequence[Integration | None], states: Sequence[str]) -> list[str]:
    rows = Outbound.objects.filter(integration__in=integrations, state__in=states)
    return [f"{row}, {row.attempts} attempts: {row.code} {row.last_answer}".strip() for row in rows[:50]]


def _problems(pair: Pair):
    return Problem.objects.filter(company__in=(pair.supplier.company, pair.retailer.company), state=ProblemState.OPEN)


def _without_cause(pair: Pair) -> list[str]:
    return [f"{problem.code}: {problem}" for problem in _problems(pair) if problem.code not in CAUSES]


def _mistakes(pair: Pair) -> list[str]:
    return [f"{problem} {problem.detail}" for problem in _problems(pair).filter(code="our_mistake")]


def _open_runs(integrations: Sequence[Integration | None]) -> list[str]:
    return [str(run) for run in SyncRun.objects.filter(integration__in=integrations, result=RunResult.RUNNING)]


def _unhealthy(integrations: Sequence[Integration | None]) -> list[str]:
    rows = Integration.objects.filter(pk__in=[one.pk for one in integrations if one])
    return [f"{row}: {row.health} {row.health_reason}" for row in rows.exclude(health=Health.HEALTHY)]
