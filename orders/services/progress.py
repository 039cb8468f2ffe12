"""An order's state, derived from its parts."""

from __future__ import annotations

from orders.data import PORTAL
from orders.models import EventKind, Order, OrderState, SupplierOrder, SupplierOrderState
from orders.workflow import note

S, P = SupplierOrderState, OrderState
FINAL = frozenset({P.CANCELLED})


def derived_state(states: set[str]) -> str:
    """The state of an order whose parts, cancelled ones left out, are in ``states`` (not empty)."""
    if states == {S.SHIPPED}:
        return P.SHIPPED
    if states & {S.SHIPPED, S.PARTLY_SHIPPED}:
        return P.PARTLY_SHIPPED
    return P.HELD if S.HELD in states else P.ROUTED


def refresh_order_state(order: Order) -> str:
    """Make the state of ``order`` (locked by the caller) what its supplier orders say; returns it. Twice changes nothing."""
    parts = list(order.supplier_orders.select_related("supplier").exclude(state=S.CANCELLED))
    if not parts or order.state in FINAL:
        return order.state
    state = derived_state({part.state for part in parts})
    held = next((part for part in parts if part.state == S.HELD), None) if state == P.HELD else None
    code, reason = _held(held)
    if (order.state, order.held_code, order.held_reason) != (state, code, reason):
        order.state, order.held_code, order.held_reason = state, code, reason
        order.save(update_fields=["state", "held_code", "held_reason"])
        if state == P.SHIPPED and order.lines.filter(kind="own").exists():
            note(order, kind=EventKind.NOTE, actor=PORTAL, what="own_goods_left", audience="retailer")
    return state


def _held(part: SupplierOrder | None) -> tuple[str, str]:
    """What the retailer is told: whose turn it is. The answer of the supplier's system is for the supplier."""
    if part is None:
        return "", ""
    sentence = (
        f"{part.supplier}’s store does not take {part.reference} yet. They were told why; the order goes on when they "
        "have mended it."
    )
    return part.held_code, sentence[:400]
