"""Which states may follow which, and the one function that makes a move and records who made it and when."""

from __future__ import annotations

from typing import Any

from orders.data import Actor
from orders.models import Audience, EventKind, Order, OrderEvent, OrderState, SupplierOrder, SupplierOrderState
from portal.lib import clock
from portal.lib.errors import InvalidMove

P, S = OrderState, SupplierOrderState

ORDER_MOVES: dict[str, frozenset[str]] = {
    P.IMPORTED: frozenset({P.NEEDS_MATCH, P.HELD, P.ROUTED, P.CANCELLED}),
    P.NEEDS_MATCH: frozenset({P.IMPORTED, P.HELD, P.ROUTED, P.CANCELLED}),
    P.HELD: frozenset({P.IMPORTED, P.NEEDS_MATCH, P.ROUTED, P.PARTLY_SHIPPED, P.SHIPPED, P.CANCELLED}),
    # Back to held: the supplier's store refused it, or the order was changed at its store before it was sent on.
    P.ROUTED: frozenset({P.NEEDS_MATCH, P.HELD, P.PARTLY_SHIPPED, P.SHIPPED, P.CANCELLED}),
    P.PARTLY_SHIPPED: frozenset({P.SHIPPED}),
    P.SHIPPED: frozenset(),
    P.CANCELLED: frozenset(),
}

SUPPLIER_MOVES: dict[str, frozenset[str]] = {
    S.WAITING: frozenset({S.SENDING, S.SENT, S.PARTLY_SHIPPED, S.SHIPPED, S.HELD, S.CANCELLED}),
    S.SENDING: frozenset({S.WAITING, S.SENT, S.PARTLY_SHIPPED, S.SHIPPED, S.HELD}),
    S.SENT: frozenset({S.PARTLY_SHIPPED, S.SHIPPED}),
    S.PARTLY_SHIPPED: frozenset({S.SHIPPED}),
    S.SHIPPED: frozenset(),
    # A refused order may be found to be there after all, or be shipped by hand.
    S.HELD: frozenset({S.WAITING, S.SENT, S.PARTLY_SHIPPED, S.SHIPPED, S.CANCELLED}),
    S.CANCELLED: frozenset(),
}

# Shipping goes forward only: a late event of a lower rank is kept in the timeline and does not change the state.
RANK: dict[str, int] = {S.HELD: 0, S.WAITING: 0, S.SENDING: 1, S.SENT: 2, S.PARTLY_SHIPPED: 3, S.SHIPPED: 4}

# Nothing has left the house yet.
UNSENT = frozenset({S.WAITING, S.HELD})
OPEN = frozenset({S.WAITING, S.SENDING, S.SENT, S.PARTLY_SHIPPED, S.HELD})


def is_behind(supplier_order: SupplierOrder, to: str) -> bool:
    """Whether moving to ``to`` would lead backwards."""
    return RANK.get(to, 0) < RANK.get(supplier_order.state, 0)


def move(
    record: Order | SupplierOrder, to: str, *, kind: EventKind, actor: Actor, audience: str = Audience.BOTH, **data: Any
) -> OrderEvent:
    """Put ``record`` into state ``to`` and record the event. The caller holds the order's lock and saves nothing else of the row here.

    Staying in the same state is allowed and only recorded. Raises InvalidMove.
    """
    moves = ORDER_MOVES if isinstance(record, Order) else SUPPLIER_MOVES
    if to != record.state and to not in moves[record.state]:
        states = OrderState if isinstance(record, Order) else SupplierOrderState
        raise InvalidMove(
            f"{record} is {record.get_state_display().lower()}, so it cannot become {states(to).label.lower()}. "
            "Load the page again to see where it stands now."
        )
    if to != record.state:
        record.state = to
        record.save(update_fields=["state"])
    return note(record, kind=kind, actor=actor, audience=audience, **data)


def note(
    record: Order | SupplierOrder, *, kind: EventKind, actor: Actor, audience: str = Audience.BOTH, **data: Any
) -> OrderEvent:
    """Record that something happened, without a move. ``data`` feeds the sentence in ``orders.story``; only JSON values."""
    order_id = record.pk if isinstance(record, Order) else record.order_id
    Order.objects.filter(pk=order_id).update(updated_at=clock.now())
    return OrderEvent.objects.create(
        order_id=order_id,
        supplier_order=record if isinstance(record, SupplierOrder) else None,
        kind=kind,
        audience=audience,
        actor_kind=actor.kind,
        actor_user=actor.user,
        actor_name=actor.name[:120],
        data=data,
    )
