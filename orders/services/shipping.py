"""Parcels: recorded once each, whoever tells of them; never more units than were ordered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from catalog.services import note_deducted
from catalog.services import release as release_stock
from orders import signals
from orders.data import Actor, ShipmentData
from orders.models import (
    Audience,
    EventKind,
    OrderEvent,
    Shipment,
    ShipmentLine,
    ShipmentSource,
    SupplierOrder,
    SupplierOrderLine,
    SupplierOrderState,
)
from orders.services.locks import catch_up, lock_supplier_order
from orders.services.progress import refresh_order_state
from orders.workflow import is_behind, move, note
from portal.companies.models.audit import ActorKind
from portal.lib import clock
from portal.lib.errors import DomainError

TRACKING = ("carrier", "service", "tracking_number", "tracking_url")


class OverShipped(DomainError):
    """More units than are left."""

    code = "over_shipped"


class NothingLeft(DomainError):
    """No unit of the order is open."""

    code = "nothing_left_to_ship"


@transaction.atomic
def record_shipment(supplier_order: SupplierOrder, data: ShipmentData, actor: Actor) -> tuple[Shipment, bool]:
    """Record a parcel of ``supplier_order``; (shipment, whether it is new). The same ``source_key`` again only corrects tracking that changed.

    Raises OverShipped, NothingLeft, and DomainError for a line of another order or a cancelled order; nothing is recorded then.
    """
    fresh = lock_supplier_order(supplier_order)
    known = fresh.shipments.filter(source_key=data.source_key).first()
    if known is not None:
        _correct(known, data, actor)
        return known, False
    units = _units(fresh, data)
    shipment = _create(fresh, data, units)
    _advance(fresh, shipment, units, actor)
    signals.shipment_recorded.send(sender=Shipment, shipment=shipment)
    catch_up(supplier_order, fresh)
    return shipment, True


def _units(supplier_order: SupplierOrder, data: ShipmentData) -> dict[SupplierOrderLine, int]:
    """What the parcel holds, checked against what is open."""
    if supplier_order.state == SupplierOrderState.CANCELLED:
        raise DomainError(f"{supplier_order.reference} was cancelled, so no parcel can be recorded for it.")
    lines = {line.pk: line for line in supplier_order.lines.all()}
    wanted: dict[int, int] = {}
    for line_id, quantity in data.lines or ((pk, line.quantity_open) for pk, line in lines.items()):
        wanted[line_id] = wanted.get(line_id, 0) + quantity
    units = {_own(lines, line_id): quantity for line_id, quantity in wanted.items() if quantity > 0}
    if not units:
        raise NothingLeft(
            f"Nothing of {supplier_order.reference} is left to ship, so this parcel was not recorded. "
            "If it replaces another one, add its number as a note."
        )
    for line, quantity in units.items():
        if quantity > line.quantity_open:
            raise OverShipped(
                f"{quantity} × {line.sku or line.name} are in this parcel and only {line.quantity_open} of "
                f"{line.quantity} are left to ship. Correct the number, or the parcel that was recorded before.",
                field=f"line-{line.pk}",
            )
    return units


def _own(lines: Mapping[int, SupplierOrderLine], line_id: int) -> SupplierOrderLine:
    if line_id not in lines:
        raise DomainError("This parcel names a line of another order, so it was not recorded. Load the order again.")
    return lines[line_id]


def _create(supplier_order: SupplierOrder, data: ShipmentData, units: dict[SupplierOrderLine, int]) -> Shipment:
    shipment = Shipment.objects.create(
        supplier_order=supplier_order,
        source=data.source,
        source_key=data.source_key[:120],
        shipped_at=data.shipped_at,
        **_tracking(data),
    )
    ShipmentLine.objects.bulk_create(
        ShipmentLine(shipment=shipment, line=line, quantity=quantity) for line, quantity in units.items()
    )
    return shipment


def _tracking(data: ShipmentData) -> dict[str, str]:
    return {
        "carrier": data.carrier[:80],
        "service": data.service[:120],
        "tracking_number": data.tracking_number.strip()[:120],
        "tracking_url": data.tracking_url[:500],
    }


def _advance(
    supplier_order: SupplierOrder, shipment: Shipment, units: dict[SupplierOrderLine, int], actor: Actor
) -> None:
    for line, quantity in units.items():
        line.quantity_shipped += quantity
    SupplierOrderLine.objects.bulk_update(units, ["quantity_shipped"])
    _settle_stock(supplier_order, [line for line in units if line.quantity_open == 0], shipment)
    is_done = not any(line.quantity_open for line in supplier_order.lines.all())
    to: str = SupplierOrderState.SHIPPED if is_done else SupplierOrderState.PARTLY_SHIPPED
    if is_done and supplier_order.shipped_at is None:
        supplier_order.shipped_at = shipment.shipped_at
    supplier_order.held_code = supplier_order.held_reason = ""
    supplier_order.save(update_fields=["shipped_at", "held_code", "held_reason"])
    to = supplier_order.state if is_behind(supplier_order, to) else to
    move(supplier_order, to, kind=EventKind.SHIPPED, actor=actor, **_told(supplier_order, shipment, units))
    refresh_order_state(supplier_order.order)


def _settle_stock(supplier_order: SupplierOrder, lines: list[SupplierOrderLine], shipment: Shipment) -> None:
    """What has gone is promised no more: at once when shipped by hand, with the next reading when the supplier's system counts by itself."""
    keys = [line.reservation_key for line in lines]
    if supplier_order.sent_at and shipment.source in {ShipmentSource.STORE, ShipmentSource.PROVIDER}:
        note_deducted(keys)
    elif supplier_order.store_confirmed_at is None:
        release_stock(keys)


def _told(supplier_order: SupplierOrder, shipment: Shipment, units: dict[SupplierOrderLine, int]) -> dict[str, Any]:
    return {
        "shipment": shipment.pk,
        "parcel": supplier_order.shipments.count(),
        "carrier": shipment.carrier,
        "tracking": shipment.tracking_number,
        "lines": [[quantity, line.sku or line.name[:60]] for line, quantity in units.items()][:20],
    }


def _correct(shipment: Shipment, data: ShipmentData, actor: Actor) -> None:
    """Tracking that the source filled in or changed later is followed and told again; a figure that it dropped is kept."""
    changed = [name for name, value in _tracking(data).items() if value and value != getattr(shipment, name)]
    if not changed:
        return
    for name in changed:
        setattr(shipment, name, _tracking(data)[name])
    shipment.save(update_fields=changed)
    note(
        shipment.supplier_order,
        kind=EventKind.SHIPPED,
        actor=actor,
        corrected=True,
        shipment=shipment.pk,
        carrier=shipment.carrier,
        tracking=shipment.tracking_number,
    )
    signals.shipment_recorded.send(sender=Shipment, shipment=shipment)


@transaction.atomic
def record_tracking_told(shipment: Shipment, *, system_name: str, number: str) -> None:
    """The retailer's store took the parcel's tracking, in its order ``number``. Twice is once."""
    if not Shipment.objects.filter(pk=shipment.pk, told_at=None).update(told_at=clock.now()):
        return
    supplier_order = SupplierOrder.objects.get(pk=shipment.supplier_order_id)
    open_units = sum(line.quantity_open for line in supplier_order.lines.all())
    note(
        supplier_order,
        kind=EventKind.TRACKING_TOLD,
        actor=Actor(kind=ActorKind.STORE.value, name=system_name),
        shipment=shipment.pk,
        tracking=shipment.tracking_number,
        system=system_name,
        number=number,
        open_units=open_units,
    )


@transaction.atomic
def note_told_problem(shipment: Shipment, *, system_name: str, sentence: str) -> None:
    """The retailer's store would not take the tracking, for the reason in ``sentence``. The same reason twice is one event."""
    data = {"what": "told_problem", "shipment": shipment.pk, "system": system_name, "sentence": sentence[:400]}
    known = OrderEvent.objects.filter(supplier_order=shipment.supplier_order_id, kind=EventKind.NOTE, data=data)
    if not known.exists():
        supplier_order = SupplierOrder.objects.get(pk=shipment.supplier_order_id)
        note(supplier_order, kind=EventKind.NOTE, actor=Actor(), audience=Audience.RETAILER, **data)
