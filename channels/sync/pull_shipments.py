"""Step: parcels of the orders that we made in a supplier's store."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import F, Q

from channels.contract import ChannelOrder, ChannelShipment, RemoteOrderState, StoreConnector, Topic
from channels.errors import NotFound, UnexpectedPayload
from channels.models import Integration, RunResult, SupplierOrderLink
from channels.problems import raise_problem
from channels.sync.context import StepContext
from channels.sync.line_match import match_by_sku
from channels.sync.order_walk import OrderWalk
from orders import services as orders
from orders.data import Actor, ShipmentData
from orders.models import ShipmentSource
from portal.lib import clock
from portal.lib.errors import DomainError

RECHECK_AFTER = timedelta(hours=24)
RECHECKS = 100
SHIPPING = frozenset({RemoteOrderState.PARTLY_SHIPPED, RemoteOrderState.SHIPPED})


def run(context: StepContext) -> RunResult | None:
    """Look at the orders that changed since the cursor, then at the ones not looked at for a day."""
    open_links = SupplierOrderLink.objects.filter(integration=context.integration, is_complete=False)
    if not open_links.exists():
        context.save_cursor(modified=clock.now().isoformat(), resume="")
        return None
    walk = OrderWalk(context, context.connector.changed_orders, first=context.integration.created_at)
    for page in walk.pages():
        links = {link.remote_id: link for link in open_links.filter(remote_id__in=[o.remote_id for o in page])}
        for order in page:
            if order.remote_id in links:
                _take_or_tell(context, links[order.remote_id], context.statuses.read(order))
    if not walk.is_whole:
        return RunResult.PARTIAL
    _recheck(context, open_links)
    return None


def _take_or_tell(context: StepContext, link: SupplierOrderLink, order: ChannelOrder) -> None:
    """Take the parcels of one order; where the store's answer cannot be read that is told, and the others are looked at all the same."""
    name = f"of order {link.remote_id}"
    try:
        take_parcels(context, link, order)
    except UnexpectedPayload as error:
        context.reads.unreadable(Topic.SHIPMENT, name, error)
    else:
        context.reads.good(Topic.SHIPMENT, name)


def take_parcels(context: StepContext, link: SupplierOrderLink, order: ChannelOrder) -> None:
    """Record what the supplier's store says of one order: its parcels, or that it was cancelled there."""
    context.count("read")
    context.count("created", look_at(context.integration, context.connector, link, order, looks=SHIPPING))


def look_at(
    integration: Integration,
    connector: StoreConnector,
    link: SupplierOrderLink,
    order: ChannelOrder,
    *,
    looks: frozenset[RemoteOrderState] = frozenset(RemoteOrderState),
) -> int:
    """Record what the store says of an order of ours; its parcels are read only in the states that ``looks`` names. How many were new."""
    created = 0
    if order.state == RemoteOrderState.CANCELLED:
        _tell_cancelled(integration, link)
    elif order.state in looks:
        parcels = connector.shipments(order.remote_id)
        if not order.lines and not _knows_lines_of(link, parcels):
            order = connector.order(order.remote_id)
        created = record_parcels(integration, link, parcels, order)
    link.shipments_checked_at = clock.now()
    link.is_complete = not link.supplier_order.lines.exclude(quantity_shipped=F("quantity")).exists()
    link.save(update_fields=["shipments_checked_at", "is_complete"])
    return created


def _knows_lines_of(link: SupplierOrderLink, parcels: Iterable[ChannelShipment]) -> bool:
    known = set(link.line_ids.values())
    return all(line.remote_line_id in known for parcel in parcels for line in parcel.lines)


def record_parcels(
    integration: Integration,
    link: SupplierOrderLink,
    parcels: Iterable[ChannelShipment],
    order: ChannelOrder | None = None,
) -> int:
    """Record parcels, each once; how many were new."""
    created = 0
    ours = our_lines(link, order)
    for parcel in parcels:
        lines = parcel_lines(parcel, ours)
        if lines is None:
            _tell_unknown_lines(integration, link, parcel)
            continue
        data = ShipmentData(
            source_key=f"{integration.source_key}:{parcel.remote_id}",
            source=ShipmentSource.STORE,
            carrier=parcel.carrier[:80],
            service=parcel.service[:120],
            tracking_number=parcel.tracking_number[:120],
            tracking_url=parcel.tracking_url[:500],
            # A store that tells the day only is read as noon, which may still be to come.
            shipped_at=min(parcel.shipped_at or clock.now(), clock.now()),
            lines=lines,
        )
        try:
            _, is_new = orders.record_shipment(link.supplier_order, data, Actor(kind="store", name=integration.name))
        except DomainError as error:
            raise_problem(
                integration.company_id,
                error.code,
                f"Parcel {parcel.tracking_number} of {link.supplier_order.reference}: {error.sentence}",
                integration=integration,
                record=link.supplier_order,
            )
        else:
            created += is_new
    return created


def our_lines(link: SupplierOrderLink, order: ChannelOrder | None) -> dict[str, int]:
    """Their line id → ours.

    An order found again after an unclear answer has no line ids yet, and some stores split a line when a part of it is sent:
    such lines are matched by their SKU.
    """
    known = {theirs: int(ours) for ours, theirs in link.line_ids.items()}
    if order is None or all(line.remote_id in known for line in order.lines):
        return known
    return known | match_by_sku(
        list(link.supplier_order.lines.all()), [line for line in order.lines if line.remote_id not in known]
    )


def parcel_lines(parcel: ChannelShipment, ours: dict[str, int]) -> tuple[tuple[int, int], ...] | None:
    """(our line, units) of a parcel, () for everything open; None when it holds lines that are none of ours."""
    units: dict[int, int] = {}
    for line in parcel.lines:
        if line.remote_line_id in ours:
            units[ours[line.remote_line_id]] = units.get(ours[line.remote_line_id], 0) + line.quantity
    if parcel.lines and not units:
        return None
    return tuple(units.items())


def _tell_unknown_lines(integration: Integration, link: SupplierOrderLink, parcel: ChannelShipment) -> None:
    raise_problem(
        integration.company_id,
        "parcel_unknown_lines",
        f"Parcel {parcel.tracking_number} of {link.supplier_order.reference} holds only lines that we did not order.",
        integration=integration,
        record=link.supplier_order,
    )


def _recheck(context: StepContext, open_links) -> None:
    """A modification that the store did not date costs at most a day."""
    old = open_links.filter(
        Q(shipments_checked_at=None) | Q(shipments_checked_at__lt=clock.now() - RECHECK_AFTER),
        created_at__lt=clock.now() - RECHECK_AFTER,
    )
    for link in old.order_by("shipments_checked_at")[:RECHECKS]:
        context.beat()
        try:
            _take_or_tell(context, link, context.statuses.read(context.connector.order(link.remote_id)))
        except UnexpectedPayload as error:
            context.reads.unreadable(Topic.ORDER, link.remote_id, error)
        except NotFound:
            SupplierOrderLink.objects.filter(pk=link.pk).update(shipments_checked_at=clock.now())


def _tell_cancelled(integration: Integration, link: SupplierOrderLink) -> None:
    """Never a silent edit: both sides get a problem that names the order."""
    supplier_order = link.supplier_order
    sentence = f"{supplier_order.reference} was cancelled in {integration.name} as order {link.number}. Agree with your partner what to do."
    for company_id in {supplier_order.supplier_id, supplier_order.retailer_id}:
        raise_problem(company_id, "cancelled_at_supplier", sentence, integration=integration, record=supplier_order)
