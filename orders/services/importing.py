"""Taking orders in. Importing the same thing twice changes nothing; a change at the store is applied until the order left the house, and told after."""

from __future__ import annotations

from django.db import transaction

from orders import signals
from orders.data import Actor, Imported, OrderData
from orders.models import EventKind, Order, OrderLine, OrderSource, OrderState
from orders.services.changing import take_change
from orders.services.deciding import decide
from orders.services.fields import digest_of, fields_of, line_fields
from orders.workflow import move, note
from portal.companies.models import Company


@transaction.atomic
def import_order(
    company: Company,
    data: OrderData,
    *,
    source_key: str,
    source_name: str,
    actor: Actor,
    is_sandbox: bool = False,
    source: str = OrderSource.STORE,
) -> Imported:
    """Take in an order of ``company`` (the retailer), or what its store says of a known one. One transaction; the order is known by (source_key, source_id).

    A new order is matched and either held with its reasons or routed, priced and announced. Raises django.db.IntegrityError when another worker took
    the same order at the same moment: call again.
    """
    known = (
        Order.objects.select_for_update(of=("self",))
        .select_related("company")
        .filter(source_key=source_key, source_id=data.source_id)
        .first()
        if source_key
        else None
    )
    if known is not None:
        return Imported(known, created=False, changed=take_change(known, data, actor))
    order = _create(company, data, source_key, source_name, is_sandbox, source)
    kind = EventKind.IMPORTED if source == OrderSource.STORE else EventKind.ENTERED
    note(order, kind=kind, actor=actor, source=source_name, number=order.number)
    signals.order_imported.send(sender=Order, order=order)
    if data.is_cancelled:
        move(order, OrderState.CANCELLED, kind=EventKind.CANCELLED, actor=actor, at_store=True)
    else:
        decide(order, actor=actor)
    return Imported(order, created=True, changed=True)


def _create(
    company: Company, data: OrderData, source_key: str, source_name: str, is_sandbox: bool, source: str
) -> Order:
    order = Order.objects.create(
        company=company,
        source=source,
        source_key=source_key,
        source_id=data.source_id,
        source_name=source_name[:120],
        source_digest=digest_of(data),
        placed_at=data.placed_at,
        is_sandbox=is_sandbox or company.is_sandbox,
        **fields_of(data),
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=order, position=position, **line_fields(line, data)) for position, line in enumerate(data.lines)
    )
    return order
