"""Step: supplier orders into the supplier's store, each exactly once. An unclear answer is resolved by looking our reference up, never by hope."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Model

from channels.contract import CreatedOrder, OrderRequest, OrderRequestLine
from channels.errors import ChannelError, Rejected
from channels.models import (
    CustomerLink,
    Integration,
    Outbound,
    OutboundKind,
    SupplierOrderLink,
    VariantLink,
)
from channels.sync.context import StepContext
from channels.sync.pushing import Nothing, Send, drain
from orders import services as orders
from orders.models import SupplierOrder, SupplierOrderLine, SupplierOrderState
from portal.companies.models import Company
from portal.lib import clock
from portal.lib.address import Address


def run(context: StepContext) -> None:
    """Send what waits."""
    drain(context, SEND)


def send(context: StepContext, row: Outbound) -> str:
    """Create the order, or find the one that an unclear attempt made."""
    supplier_order = _load(row.record_id)
    if SupplierOrderLink.objects.filter(integration=context.integration, supplier_order=supplier_order).exists():
        return "It is there already."
    if supplier_order.state in {SupplierOrderState.CANCELLED, SupplierOrderState.HELD}:
        raise Nothing(f"The order is {supplier_order.get_state_display().lower()}.")
    if row.was_unknown and (found := _find(context, supplier_order)):
        _keep(context, supplier_order, found)
        return f"Found as order {found.number}: the earlier attempt had gone through."
    if not orders.start_sending(supplier_order):
        raise Nothing(
            "The order is not to be sent any more: it waits for acceptance, was shipped by hand or was cancelled."
        )
    created = context.connector.create_order(_request(context, supplier_order))
    _keep(context, supplier_order, created)
    return f"Created as order {created.number}."


def _load(supplier_order_id: int) -> SupplierOrder:
    return (
        SupplierOrder.objects.select_related("retailer", "supplier", "order", "partnership")
        .prefetch_related("lines")
        .get(pk=supplier_order_id)
    )


def _find(context: StepContext, supplier_order: SupplierOrder) -> CreatedOrder | None:
    return context.connector.find_order(
        reference=supplier_order.reference,
        reference_prefix=supplier_order.reference_prefix,
        number=supplier_order.number,
    )


def _request(context: StepContext, supplier_order: SupplierOrder) -> OrderRequest:
    """Today's truth of the supplier order as a request. Raises Rejected when a product is not in the store any more."""
    retailer = supplier_order.retailer
    bill_to = billing_address(retailer)
    return OrderRequest(
        reference=supplier_order.reference,
        reference_prefix=supplier_order.reference_prefix,
        number=supplier_order.number,
        currency=supplier_order.currency,
        placed_at=supplier_order.placed_at,
        lines=_request_lines(context.integration, supplier_order),
        bill_to=bill_to,
        ship_to=Address.from_json(supplier_order.ship_to),
        shipping_method=supplier_order.shipping_method,
        comment=f"{retailer.name} order {supplier_order.order.number}. {supplier_order.order.comment}".strip(),
        customer_remote_id=_customer(context, supplier_order, bill_to),
    )


def billing_address(company: Company) -> Address:
    """The company that pays, as stores want it: with a person's name, never the consumer's."""
    return Address(
        company=company.name,
        first_name=company.name,
        last_name="(trade)",
        address1=company.address1,
        address2=company.address2,
        city=company.city,
        state=company.state,
        postcode=company.postcode,
        country=company.country,
        phone=company.phone,
        email=company.email,
    )


def _request_lines(integration: Integration, supplier_order: SupplierOrder) -> tuple[OrderRequestLine, ...]:
    """The lines by the ids that the store knows them by. Raises Rejected for one that is not there any more."""
    lines = list(supplier_order.lines.all())
    known = VariantLink.objects.filter(integration=integration, variant_id__in=[line.variant_id for line in lines])
    links = {link.variant_id: link for link in known}
    for line in lines:
        if line.variant_id not in links:
            sentence = f"{line.sku or line.name} is not in {integration.name} any more."
            raise Rejected(sentence, field="sku", code="product_not_linked")
    return tuple(_request_line(line, links[line.variant_id]) for line in lines)


def _request_line(line: SupplierOrderLine, link: VariantLink) -> OrderRequestLine:
    return OrderRequestLine(
        line_id=str(line.pk),
        sku=line.sku,
        name=line.name,
        quantity=line.quantity,
        unit_price=line.unit_price,
        remote_product_id=link.remote_product_id,
        remote_variant_id=link.remote_id,
    )


def _customer(context: StepContext, supplier_order: SupplierOrder, bill_to: Address) -> str:
    """The store's customer record that stands for the retailer, made on the first order."""
    if supplier_order.partnership_id is None:
        return ""
    link = CustomerLink.objects.filter(
        integration=context.integration, partnership_id=supplier_order.partnership_id
    ).first()
    if link:
        return link.remote_id
    remote_id = context.connector.ensure_customer(
        bill_to, key=f"{supplier_order.reference_prefix}-{supplier_order.partnership_id}"
    )
    if remote_id:
        CustomerLink.objects.get_or_create(
            integration=context.integration,
            partnership_id=supplier_order.partnership_id,
            defaults={"remote_id": remote_id},
        )
    return remote_id


@transaction.atomic
def _keep(context: StepContext, supplier_order: SupplierOrder, created: CreatedOrder) -> None:
    SupplierOrderLink.objects.update_or_create(
        integration=context.integration,
        supplier_order=supplier_order,
        defaults={"remote_id": created.remote_id, "number": created.number[:60], "line_ids": dict(created.line_ids)},
    )
    orders.confirm_sent(
        supplier_order,
        outside_number=created.number,
        outside_id=created.remote_id,
        system_name=context.integration.name,
        at=clock.now(),
    )


def _owner(context: StepContext, row: Outbound) -> tuple[int, Model, str]:
    supplier_order = SupplierOrder.objects.get(pk=row.record_id)
    return supplier_order.supplier_id, supplier_order, supplier_order.reference


def _refused(row: Outbound, error: ChannelError) -> None:
    orders.note_refused(SupplierOrder.objects.get(pk=row.record_id), error.message)


def _unclear(row: Outbound) -> None:
    orders.note_unclear(SupplierOrder.objects.get(pk=row.record_id))


SEND = Send(kind=OutboundKind.CREATE_ORDER, send=send, owner=_owner, refused=_refused, unclear=_unclear)
