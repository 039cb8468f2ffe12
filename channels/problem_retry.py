"""Trying again what is stuck: one problem after the plan's verdict, changes that wait for their time, and a large change that a person confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from channels import dispatch, outbox
from channels.models import Outbound, OutboundKind, OutboundState, Problem, ProductLink, StepState
from channels.problem_plan import Item, Verdict, can_talk
from channels.problems import resolve
from orders.data import Actor
from orders.models import SupplierOrder, SupplierOrderState
from orders.services import recheck_order, release_hold
from portal.companies import audit
from portal.companies.models import User
from portal.companies.scope import Scope
from portal.lib import clock

# What is read anew when a record could not be taken in and no row names it.
_PULLS = ("pull_products", "pull_orders", "pull_shipments")


@dataclass(frozen=True, slots=True)
class Done:
    """What came of trying one problem again: the second attempt where one was made, whether a held order goes on."""

    outbound: Outbound | None = None
    is_released: bool = False


def do(item: Item, *, by: User | None) -> Done:
    """Do with one problem what its verdict says. Safe to run twice: what is there or under way is skipped."""
    problem = item.problem
    if item.verdict == Verdict.SEND and problem.outbound:
        return Done(outbound=_send(problem.outbound, Actor.person(by) if by else Actor()))
    if item.verdict == Verdict.THERE:
        resolve(pk=problem.pk, by=by, resolution="It was there already.")
    elif item.verdict == Verdict.LOOK and problem.record_id:
        return Done(is_released=recheck_order(problem.record_id))
    elif item.verdict == Verdict.READ and problem.integration_id:
        for step in sorted(_steps_of(problem.integration_id, problem.cause_key)):
            dispatch.wake(problem.integration_id, step, trigger="person")
    return Done()


@transaction.atomic
def _send(row: Outbound, actor: Actor) -> Outbound:
    """A new live row for the record of ``row``; a supplier order that was held for the refusal waits again."""
    if row.kind == OutboundKind.CREATE_ORDER:
        held = SupplierOrder.objects.filter(pk=row.record_id, state=SupplierOrderState.HELD).first()
        if held:
            release_hold(held, actor=actor)
    return outbox.retry(row)


def _steps_of(integration_id: int, cause_key: str) -> set[str]:
    """Which steps read it anew: the one that the cause names, else everything that is pulled."""
    last = cause_key.rsplit(":", 1)[-1]
    known = set(StepState.objects.filter(integration_id=integration_id).values_list("step", flat=True))
    return {last} & known or set(_PULLS) & known


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
    transaction.on_commit(lambda: dispatch.wake(state.integration_id, "pull_products", trigger="person"))
    return number
