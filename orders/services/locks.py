"""The order of locks, decided once: an order's row first, then whatever belongs to it. One lock serialises all that happens to one order."""

from __future__ import annotations

from orders.models import Order, SupplierOrder


def lock_order(order: Order | int) -> Order:
    """The order as it stands now, locked until the transaction ends."""
    pk = order if isinstance(order, int) else order.pk
    return Order.objects.select_for_update(of=("self",)).select_related("company").get(pk=pk)


def lock_supplier_order(supplier_order: SupplierOrder) -> SupplierOrder:
    """The supplier order as it stands now, its order locked until the transaction ends."""
    order = lock_order(supplier_order.order_id)
    fresh = SupplierOrder.objects.select_related("supplier", "retailer", "partnership").get(pk=supplier_order.pk)
    fresh.order = order
    return fresh


def catch_up(stale: SupplierOrder, fresh: SupplierOrder) -> None:
    """Show the caller's instance what was done to the row."""
    for name in ("state", "held_code", "held_reason", "accepted_at", "sent_at", "shipped_at", "store_confirmed_at"):
        setattr(stale, name, getattr(fresh, name))
