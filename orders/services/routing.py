"""Splitting an order into what each supplier ships, at prices frozen here, with stock promised at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from catalog.data import ReservationData
from catalog.services import reserve
from orders import signals
from orders.data import PORTAL, Actor
from orders.models import (
    Counter,
    EventKind,
    Order,
    OrderLine,
    OrderState,
    SupplierOrder,
    SupplierOrderLine,
    SupplierOrderState,
)
from orders.services.planning import Plan
from orders.workflow import move, note
from portal.companies.models import Installation
from portal.lib import clock

Key = tuple[int, str]


def route_lines(order: Order, lines: Sequence[OrderLine], plan: Plan, *, actor: Actor) -> list[SupplierOrder]:
    """Give every goods line without one its place in a supplier order, one for each (supplier, ship-to address); returns those that are new or grew.

    Lines that have their place already are left alone, so routing twice changes nothing. ``supplier_order_ready`` is sent for accepted ones.
    """
    placed = set(SupplierOrderLine.objects.filter(order_line__order=order).values_list("order_line_id", flat=True))
    groups: dict[Key, list[OrderLine]] = {}
    for line in lines:
        if line.is_goods and line.pk not in placed:
            supplier_id = plan.variant_of(line).company_id
            groups.setdefault((supplier_id, address_key(line.ship_to or order.ship_to)), []).append(line)
    touched = [_place(order, key, group, plan) for key, group in groups.items()]
    if touched and order.state != OrderState.ROUTED:
        names = ", ".join(sorted({supplier_order.supplier.name for supplier_order in touched}))
        move(order, OrderState.ROUTED, kind=EventKind.ROUTED, actor=PORTAL, suppliers=names, parts=len(touched))
    for supplier_order in touched:
        if supplier_order.is_accepted:
            signals.supplier_order_ready.send(sender=SupplierOrder, supplier_order=supplier_order)
    return touched


def address_key(ship_to: dict[str, str]) -> str:
    """An address as a value that can be compared."""
    return json.dumps(ship_to, sort_keys=True)


def reprice_total(supplier_order: SupplierOrder) -> None:
    """Make the total what the lines say; prices of lines never change."""
    total = sum((line.unit_price * line.quantity for line in supplier_order.lines.all()), Decimal(0))
    SupplierOrder.objects.filter(pk=supplier_order.pk).update(total=total)
    supplier_order.total = total


def _place(order: Order, key: Key, lines: Sequence[OrderLine], plan: Plan) -> SupplierOrder:
    supplier_order = _waiting(order, key) or _create(order, lines[0], plan)
    rows = [_line(supplier_order, line, plan) for line in lines]
    SupplierOrderLine.objects.bulk_create(rows)
    reserve(ReservationData(row.reservation_key, row.variant_id, row.quantity) for row in rows)
    reprice_total(supplier_order)
    _note_price(supplier_order, rows, plan)
    return supplier_order


def _waiting(order: Order, key: Key) -> SupplierOrder | None:
    """A supplier order of the same supplier and address that nobody has taken up yet."""
    rows = SupplierOrder.objects.filter(order=order, supplier=key[0], state=SupplierOrderState.WAITING)
    return next((row for row in rows.select_related("supplier") if address_key(row.ship_to) == key[1]), None)


def _create(order: Order, line: OrderLine, plan: Plan) -> SupplierOrder:
    partnership, price_list = plan.partnership_of(line), plan.list_of(line)
    if partnership is None:
        raise ValueError(f"{order} is routed to a supplier who does not trade with its retailer.")
    number, prefix, now = Counter.next("supplier-order"), f"TL{Installation.current_tag()}", clock.now()
    return SupplierOrder.objects.create(
        order=order,
        supplier=plan.variant_of(line).company,
        retailer=order.company,
        partnership=partnership,
        reference_prefix=prefix,
        number=number,
        reference=f"{prefix}-{number}",
        accepted_at=None if partnership.needs_acceptance else now,
        due_at=_due(now, partnership.ship_within_days),
        placed_at=order.placed_at,
        currency=price_list.currency,
        price_list=price_list,
        price_list_version=price_list.version,
        ship_to=line.ship_to or order.ship_to,
        shipping_method=order.shipping_method,
        is_sandbox=order.is_sandbox,
    )


def _due(start: datetime, days: int) -> datetime:
    """``days`` working days later, at the same time of day."""
    moment = start
    while days > 0:
        moment += timedelta(days=1)
        days -= moment.weekday() < 5
    return moment


def _line(supplier_order: SupplierOrder, line: OrderLine, plan: Plan) -> SupplierOrderLine:
    variant = plan.variant_of(line)
    return SupplierOrderLine(
        supplier_order=supplier_order,
        order_line=line,
        variant=variant,
        sku=variant.sku,
        name=variant.full_name[:400],
        quantity=line.quantity,
        unit_price=plan.price_of(line).amount_for(line.quantity),
    )


def _note_price(supplier_order: SupplierOrder, rows: Sequence[SupplierOrderLine], plan: Plan) -> None:
    price_list = plan.lists[plan.prices[rows[0].variant_id].price_list_id]
    note(
        supplier_order,
        kind=EventKind.PRICED,
        actor=PORTAL,
        price_list=price_list.name,
        version=price_list.version,
        lines=len(rows),
        total=str(supplier_order.total),
        currency=supplier_order.currency,
        auto_accepted=supplier_order.is_accepted,
    )
