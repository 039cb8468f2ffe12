"""Step: tracking to the retailer's store. The order there becomes Shipped only when none of its lines, the store's own ones included, is open."""

from __future__ import annotations

from django.db.models import F, Model

from channels.contract import ChannelShipment, ChannelShipmentLine, ShipmentRequest
from channels.models import OrderLink, Outbound, OutboundKind, ShipmentLink
from channels.sync.context import StepContext
from channels.sync.pushing import Nothing, Send, drain
from orders import services as orders
from orders.models import LineKind, Order, Shipment, ShipmentLine, SupplierOrderLine


def run(context: StepContext) -> None:
    """Send what waits."""
    drain(context, SEND)


def send(context: StepContext, row: Outbound) -> str:
    """Tell one parcel, or find that an unclear attempt told it."""
    shipment = _load(row.record_id)
    if ShipmentLink.objects.filter(integration=context.integration, shipment=shipment).exists():
        return "It is there already."
    link = OrderLink.objects.filter(integration=context.integration, order=shipment.supplier_order.order).first()
    if link is None:
        raise Nothing("The order did not come from this store.")
    request = _request(shipment, link)
    told = context.connector.find_shipment(request) if row.was_unknown else None
    told = told or context.connector.create_shipment(request)
    _keep(context, shipment, link, told)
    return f"Told to order {link.number}."


def _load(shipment_id: int) -> Shipment:
    return Shipment.objects.select_related("supplier_order__order").get(pk=shipment_id)


def _request(shipment: Shipment, link: OrderLink) -> ShipmentRequest:
    lines = ShipmentLine.objects.filter(shipment=shipment).select_related("line__order_line")
    earlier = (
        Shipment.objects.filter(supplier_order__order=link.order, pk__lt=shipment.pk)
        .exclude(tracking_number="")
        .order_by("pk")
        .values_list("tracking_number", flat=True)
    )
    return ShipmentRequest(
        remote_order_id=link.remote_id,
        tracking_number=shipment.tracking_number,
        carrier=shipment.carrier,
        service=shipment.service,
        tracking_url=shipment.tracking_url,
        shipped_at=shipment.shipped_at,
        lines=tuple(
            ChannelShipmentLine(remote_line_id=row.line.order_line.source_line_id, quantity=row.quantity)
            for row in lines
        ),
        completes=completes(link.order, shipment),
        other_tracking=tuple(earlier),
    )


def completes(order: Order, shipment: Shipment) -> bool:
    """Whether nothing of the order is open after this parcel: no own goods, no unshipped units, no later parcel still to be told."""
    if order.lines.filter(kind=LineKind.OWN).exists():
        return False
    open_lines = SupplierOrderLine.objects.filter(supplier_order__order=order).exclude(
        quantity=F("quantity_shipped") + F("quantity_cancelled")
    )
    later = Shipment.objects.filter(supplier_order__order=order, pk__gt=shipment.pk)
    return not open_lines.exists() and not later.exists()


def _keep(context: StepContext, shipment: Shipment, link: OrderLink, told: ChannelShipment) -> None:
    ShipmentLink.objects.get_or_create(
        integration=context.integration, shipment=shipment, defaults={"remote_id": told.remote_id[:80]}
    )
    orders.record_tracking_told(shipment, system_name=context.integration.name, number=link.number)


def _owner(context: StepContext, row: Outbound) -> tuple[int, Model, str]:
    shipment = _load(row.record_id)
    order = shipment.supplier_order.order
    return order.company_id, shipment, f"Tracking of order {order.number}"


SEND = Send(kind=OutboundKind.CREATE_SHIPMENT, send=send, owner=_owner)
