"""After anything changed about an order that has not left the house: match, look for faults, then hold it or send it on its way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from orders import signals
from orders.data import PORTAL, Actor
from orders.holds import Fault
from orders.models import EventKind, Order, OrderLine, OrderState
from orders.services.faults import find_faults
from orders.services.matching import match_open_lines
from orders.services.planning import plan_of
from orders.services.routing import route_lines
from orders.workflow import move, note

HELD_STATES = frozenset({OrderState.NEEDS_MATCH, OrderState.HELD})
# Orders that are decided anew when asked; later ones are in somebody's hands.
UNDECIDED = frozenset({OrderState.IMPORTED, *HELD_STATES})


def decide(order: Order, *, actor: Actor = PORTAL, freed_by: Actor | None = None) -> None:
    """Hold ``order`` (locked by the caller) with its reasons, or route it. Deciding twice without a change between writes nothing.

    ``freed_by`` is whose answer ends what held it, where that is not ``actor``: somebody answered for another order.
    """
    lines = list(order.lines.all())
    unmatched = match_open_lines(order, lines)
    plan = plan_of(order, lines)
    faults = find_faults(order, lines, plan, unmatched)
    _mark_lines(lines, faults)
    if faults:
        _hold(order, faults, freed_by or actor)
        return
    release(order, actor=freed_by or actor)
    if any(line.is_goods for line in lines):
        route_lines(order, lines, plan, actor=actor)
    elif order.state != OrderState.IMPORTED or not order.events.filter(kind=EventKind.NOTE).exists():
        move(order, OrderState.IMPORTED, kind=EventKind.NOTE, actor=PORTAL, what="only_own_goods")


def _mark_lines(lines: Sequence[OrderLine], faults: Sequence[Fault]) -> None:
    by_line = {one.line_id: one for one in faults}
    changed = []
    for line in lines:
        one = by_line.get(line.pk)
        code, sentence = (one.code, one.sentence) if one else ("", "")
        if (line.held_code, line.held_reason) != (code, sentence):
            line.held_code, line.held_reason = code, sentence
            changed.append(line)
    if changed:
        OrderLine.objects.bulk_update(changed, ["held_code", "held_reason"])


def _hold(order: Order, faults: Sequence[Fault], actor: Actor) -> None:
    """The whole order waits when any of its lines does; it is never sent half."""
    unmatched = [one for one in faults if one.hold.needs_match]
    first = (unmatched or faults)[0]
    state = OrderState.NEEDS_MATCH if unmatched else OrderState.HELD
    if (order.state, order.held_code, order.held_reason) == (state, first.code, first.sentence):
        return
    order.held_code, order.held_reason = first.code, first.sentence
    order.save(update_fields=["held_code", "held_reason"])
    move(order, state, kind=EventKind.HELD, actor=PORTAL, **_told(first, faults))
    signals.order_held.send(sender=Order, order=order, about=first.about, actor=actor)


def _told(first: Fault, faults: Sequence[Fault]) -> dict[str, Any]:
    return {"code": first.code, "label": first.hold.label, "sentence": first.sentence, "more": len(faults) - 1}


def release(order: Order, *, actor: Actor) -> None:
    """Clear the hold of an order that goes on, or that goes no further: its problem closes, by ``actor``."""
    if not order.held_code:
        return
    order.held_code = order.held_reason = ""
    order.save(update_fields=["held_code", "held_reason"])
    signals.order_released.send(sender=Order, order=order, actor=actor)


def note_on(order: Order, *, actor: Actor, **data: Any) -> None:
    """A plain note in the timeline."""
    note(order, kind=EventKind.NOTE, actor=actor, **data)
