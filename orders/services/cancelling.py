"""Ending an order while it is still only here."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F

from catalog.services import release as release_stock
from orders import signals
from orders.data import PORTAL, Actor
from orders.models import EventKind, Order, OrderState, SupplierOrder, SupplierOrderLine, SupplierOrderState
from orders.services.deciding import release
from orders.services.locks import lock_order
from orders.workflow import UNSENT, move
from portal.lib.errors import InvalidMove


@transaction.atomic
def cancel_order_before_sending(order: Order, *, actor: Actor, reason: str = "") -> Order:
    """Cancel an order of which nothing has been sent on. Cancelling twice changes nothing. Raises InvalidMove once a supplier has any of it."""
    order = lock_order(order)
    if order.state == OrderState.CANCELLED:
        return order
    taken = order.supplier_orders.exclude(state__in=UNSENT | {SupplierOrderState.CANCELLED}).first()
    if taken:
        raise InvalidMove(
            f"{taken.supplier} has {taken.reference} already, so it cannot be cancelled from here. "
            "Agree with them first: a note on the order reaches them at once."
        )
    cancel_unsent(order, actor=actor, reason=reason)
    return order


def cancel_unsent(order: Order, *, actor: Actor, at_store: bool = False, reason: str = "") -> None:
    """Cancel ``order`` and its waiting parts (locked and checked by the caller)."""
    for supplier_order in order.supplier_orders.filter(state__in=UNSENT):
        lines = SupplierOrderLine.objects.filter(supplier_order=supplier_order)
        release_stock([line.reservation_key for line in lines])
        lines.update(quantity_cancelled=F("quantity") - F("quantity_shipped"))
        _end(supplier_order, actor, at_store=at_store, reason=reason)
    release(order, actor=actor)
    move(order, OrderState.CANCELLED, kind=EventKind.CANCELLED, actor=actor, at_store=at_store, reason=reason)


def withdraw(order: Order, *, actor: Actor) -> None:
    """Take back the waiting parts of ``order``: what it becomes is routed anew, under new references."""
    for supplier_order in order.supplier_orders.filter(state__in=UNSENT):
        lines = SupplierOrderLine.objects.filter(supplier_order=supplier_order)
        release_stock([line.reservation_key for line in lines])
        lines.delete()
        _end(supplier_order, PORTAL, replaced=True)


def _end(supplier_order: SupplierOrder, actor: Actor, **data: Any) -> None:
    supplier_order.held_code = supplier_order.held_reason = ""
    supplier_order.save(update_fields=["held_code", "held_reason"])
    move(supplier_order, SupplierOrderState.CANCELLED, kind=EventKind.CANCELLED, actor=actor, **data)
    signals.supplier_order_cancelled.send(sender=SupplierOrder, supplier_order=supplier_order)
