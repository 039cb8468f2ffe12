"""Correcting our copy of where an order goes, while it is still only here: the store said nowhere, or the supplier's system will not take what it said."""

from __future__ import annotations

from django.db import transaction

from orders.data import Actor
from orders.models import EventKind, Order, OrderLine, SupplierOrder
from orders.services.deciding import HELD_STATES, decide
from orders.services.locks import lock_order, lock_supplier_order
from orders.workflow import UNSENT, note
from portal.lib.address import Address
from portal.lib.errors import DomainError, InvalidMove


@transaction.atomic
def correct_ship_to(record: Order | SupplierOrder, address: Address, *, actor: Actor) -> None:
    """Send it to ``address`` from now on; both sides read that it was corrected and by whom. A held order is decided anew.

    Correcting to the same address changes nothing. Raises DomainError for an address without street and town, InvalidMove once it is on its way.
    """
    if not (address.address1.strip() and address.city.strip()):
        raise DomainError("Enter at least street and town, so that a parcel can be sent.", field="address1")
    if isinstance(record, SupplierOrder):
        _correct_part(record, address, actor)
    else:
        _correct_order(record, address, actor)


def _correct_order(record: Order, address: Address, actor: Actor) -> None:
    order = lock_order(record)
    if order.state not in HELD_STATES:
        raise InvalidMove(f"Order {order.number} is on its way already, so its address stays as it is.")
    if order.ship_to != address.to_json():
        order.ship_to = address.to_json()
        order.save(update_fields=["ship_to"])
        _drop_empty_destinations(order)
        _note(order, address, actor)
        decide(order, actor=actor)
    record.ship_to = order.ship_to


def _drop_empty_destinations(order: Order) -> None:
    """Lines that had an address of their own without a place go where the order goes."""
    for line in OrderLine.objects.filter(order=order).exclude(ship_to={}):
        own = Address.from_json(line.ship_to)
        if not (own.address1 or own.city):
            OrderLine.objects.filter(pk=line.pk).update(ship_to={})


def _correct_part(record: SupplierOrder, address: Address, actor: Actor) -> None:
    part = lock_supplier_order(record)
    if part.state not in UNSENT:
        raise InvalidMove(f"{part.reference} is on its way already, so its address stays as it is.")
    if part.ship_to != address.to_json():
        part.ship_to = address.to_json()
        part.save(update_fields=["ship_to"])
        _note(part, address, actor)
    record.ship_to = part.ship_to


def _note(record: Order | SupplierOrder, address: Address, actor: Actor) -> None:
    note(record, kind=EventKind.NOTE, actor=actor, what="address_corrected", town=f"{address.postcode} {address.city}")
