"""Reading orders: every function costs a bounded number of queries, however many rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from orders.models import (
    Audience,
    EventKind,
    LineKind,
    Order,
    OrderEvent,
    OrderLine,
    OrderState,
    Shipment,
    SupplierOrder,
    SupplierOrderLine,
    SupplierOrderState,
)
from orders.story import Side
from portal.companies.models import Company

# What the supplier reads of the order's own life, besides its own part's.
_OPENING = (EventKind.IMPORTED, EventKind.ENTERED)


@dataclass(frozen=True, slots=True)
class Items:
    """What is in an order, for a list: the first name, how many lines more, units in all."""

    first: str
    more: int
    units: int


def items_of(order_ids: Iterable[int]) -> dict[int, Items]:
    """The goods and own lines of customer orders by order id. One query."""
    rows = OrderLine.objects.filter(order_id__in=list(order_ids)).exclude(kind=LineKind.CHARGE)
    return _items(rows.order_by("order_id", "position", "pk").values_list("order_id", "name", "sku", "quantity"))


def supplier_items_of(supplier_order_ids: Iterable[int]) -> dict[int, Items]:
    """The lines of supplier orders by supplier order id. One query."""
    rows = SupplierOrderLine.objects.filter(supplier_order_id__in=list(supplier_order_ids))
    return _items(rows.order_by("supplier_order_id", "pk").values_list("supplier_order_id", "name", "sku", "quantity"))


def _items(rows: Iterable[tuple[int, str, str, int]]) -> dict[int, Items]:
    found: dict[int, Items] = {}
    for pk, name, sku, quantity in rows:
        held = found.get(pk)
        found[pk] = Items(held.first, held.more + 1, held.units + quantity) if held else Items(name or sku, 0, quantity)
    return found


def last_tracking_of(supplier_order_ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    """(newest tracking number, parcels) by supplier order id, for those that have parcels. One query."""
    found: dict[int, tuple[str, int]] = {}
    rows = Shipment.objects.filter(supplier_order_id__in=list(supplier_order_ids)).order_by("pk")
    for pk, number in rows.values_list("supplier_order_id", "tracking_number"):
        found[pk] = (number, found.get(pk, ("", 0))[1] + 1)
    return found


def suppliers_of(order_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the suppliers of customer orders by order id. One query."""
    found: dict[int, list[str]] = {}
    rows = SupplierOrder.objects.filter(order_id__in=list(order_ids)).exclude(state=SupplierOrderState.CANCELLED)
    for pk, name in rows.order_by("order_id", "pk").values_list("order_id", "supplier__name"):
        names = found.setdefault(pk, [])
        if name not in names:
            names.append(name)
    return found


def events_for_supplier(supplier_order: SupplierOrder) -> QuerySet[OrderEvent]:
    """The story of its part as the supplier may read it, newest first: never what happened between retailer and other suppliers."""
    own = Q(supplier_order=supplier_order) & ~Q(audience=Audience.RETAILER)
    opening = Q(order=supplier_order.order_id, supplier_order=None, kind__in=_OPENING)
    return _loaded(OrderEvent.objects.filter(own | opening))


def events_for_retailer(order: Order) -> QuerySet[OrderEvent]:
    """The story of the whole order as the retailer may read it, newest first."""
    return _loaded(OrderEvent.objects.filter(order=order).exclude(audience=Audience.SUPPLIER))


def _loaded(events: QuerySet[OrderEvent]) -> QuerySet[OrderEvent]:
    return events.select_related("order__company", "supplier_order__supplier", "actor_user").order_by("-at", "-pk")


def side_of(company: Company, supplier_order: SupplierOrder) -> Side:
    """Which side ``company`` reads ``supplier_order`` from."""
    return Side.SUPPLIER if supplier_order.supplier_id == company.pk else Side.RETAILER


def waiting_to_match(company: Company) -> int:
    """How many orders of a retailer need a match now."""
    return Order.objects.filter(company=company, state=OrderState.NEEDS_MATCH).count()
