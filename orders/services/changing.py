"""What a store says of an order that we know: nothing new, a change that can still be followed, or one that people must talk about."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from orders import signals
from orders.data import Actor, OrderData, OrderLineData
from orders.models import EventKind, LineKind, Order, OrderLine, OrderState
from orders.services.cancelling import cancel_unsent, withdraw
from orders.services.deciding import UNDECIDED, decide
from orders.services.fields import digest_of, fields_of, line_fields
from orders.workflow import UNSENT, note
from portal.lib import clock
from portal.lib.money import display


def take_change(order: Order, data: OrderData, actor: Actor) -> bool:
    """Follow what the source says of ``order`` (locked by the caller); whether anything changed here.

    Before anything was sent on: cancelled, or edited, matched and routed again. After: an event and ``order_changed_at_store``, never a silent edit.
    """
    digest = digest_of(data)
    if order.source_digest == digest:
        return _take_links(order, data, actor)
    Order.objects.filter(pk=order.pk).update(source_digest=digest)
    order.source_digest = digest
    if order.state == OrderState.CANCELLED:
        return False
    if not can_follow(order):
        _announce(order, data, actor)
    elif data.is_cancelled:
        cancel_unsent(order, actor=actor, at_store=True)
    else:
        _follow(order, data, actor)
    return True


def can_follow(order: Order) -> bool:
    """Whether nothing of ``order`` has been given to anybody outside yet."""
    return not order.supplier_orders.exclude(state__in=UNSENT | {"cancelled"}).exists()


def _take_links(order: Order, data: OrderData, actor: Actor) -> bool:
    """The same order again: only what its lines are may have become known meanwhile."""
    if order.state not in UNDECIDED:
        return False
    known = {line.source_line_id: line for line in data.lines if line.is_own or line.variant_id}
    changed = []
    for line in order.lines.filter(kind=LineKind.GOODS, variant=None, source_line_id__in=known):
        found = known[line.source_line_id]
        line.kind = LineKind.OWN if found.is_own else LineKind.GOODS
        line.variant_id, line.listing_id = found.variant_id, found.listing_id
        changed.append(line)
    if changed:
        OrderLine.objects.bulk_update(changed, ["kind", "variant", "listing"])
        decide(order, actor=actor)
    return bool(changed)


def _follow(order: Order, data: OrderData, actor: Actor) -> None:
    """Make the order what its store says now, and route it again."""
    what = differences(order, data)
    withdraw(order, actor=actor)
    for name, value in fields_of(data).items():
        setattr(order, name, value)
    order.accepted_holds, order.updated_at = [], clock.now()
    order.save()
    _replace_lines(order, data)
    note(order, kind=EventKind.CHANGED_AT_STORE, actor=actor, what=what, followed=True)
    decide(order, actor=actor)


def _replace_lines(order: Order, data: OrderData) -> None:
    """Lines keep their row by the store's line id, and with it what a person matched."""
    held = {line.source_line_id: line for line in order.lines.all()}
    kept = {line.source_line_id for line in data.lines}
    order.lines.exclude(source_line_id__in=kept).delete()
    for position, line in enumerate(data.lines):
        values = line_fields(line, data) | {"position": position}
        row = held.get(line.source_line_id)
        if row is None:
            OrderLine.objects.create(order=order, **values)
            continue
        if row.sku == values["sku"] and values["kind"] == LineKind.GOODS:
            values |= {"kind": row.kind, "variant_id": values["variant_id"] or row.variant_id}
        OrderLine.objects.filter(pk=row.pk).update(**values)


def _announce(order: Order, data: OrderData, actor: Actor) -> None:
    what = "it was cancelled." if data.is_cancelled else differences(order, data)
    for supplier_order in order.supplier_orders.all():
        note(supplier_order, kind=EventKind.CHANGED_AT_STORE, actor=actor, what=what, followed=False)
    signals.order_changed_at_store.send(sender=Order, order=order, what=what)


def differences(order: Order, data: OrderData) -> str:
    """In words, what the source has otherwise than we: "84029E: 6 → 4 units; 22423 was removed."."""
    ours = {line.source_line_id: line for line in order.lines.all()}
    theirs = {line.source_line_id: line for line in data.lines}
    parts = [f"{_name(line)} was removed" for key, line in ours.items() if key not in theirs]
    for key, line in theirs.items():
        parts += _line_differences(ours.get(key), line, order.currency)
    if order.ship_to != data.ship_to.to_json():
        parts.append("the delivery address is another")
    if not parts and order.total != data.total:
        parts.append(f"the total: {display(order.total, order.currency)} → {display(data.total, data.currency)}")
    return "; ".join(parts or ["details of the order"]) + "."


def _line_differences(ours: OrderLine | None, theirs: OrderLineData, currency: str) -> Sequence[str]:
    if ours is None:
        return [f"{theirs.quantity.normalize():f} × {theirs.sku or theirs.name[:60]} was added"]
    parts = []
    if Decimal(ours.quantity_as_received or ours.quantity) != theirs.quantity:
        parts.append(f"{_name(ours)}: {ours.quantity} → {theirs.quantity.normalize():f} units")
    if ours.unit_price != theirs.unit_price:
        was, now = display(ours.unit_price, currency), display(theirs.unit_price, currency)
        parts.append(f"{_name(ours)}: {was} → {now} each")
    return parts


def _name(line: OrderLine) -> str:
    return line.sku or line.name[:60]
