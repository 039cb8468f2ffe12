"""What the orders pages need in templates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from orders.carriers import tracking_address
from orders.looks import due_of
from orders.models import Shipment, SupplierOrder

register = template.Library()
KEPT = 12


@register.filter
def clock_words(row: Any) -> str:
    """``2 h 50 min left`` or ``3 h late`` for a supplier order whose clock runs out; "" otherwise."""
    due = due_of(row) if isinstance(row, SupplierOrder) else None
    return due.words if due else ""


@register.filter
def shorten(number: str) -> str:
    """A long tracking number by its ends: ``1Z999AA1…6784``."""
    text = str(number)
    return text if len(text) <= KEPT + 2 or " " in text else f"{text[:7]}…{text[-4:]}"


@register.filter
def track(parcel: Shipment) -> str:
    """Where the parcel can be followed: the address that came with it, else its carrier's page; "" for neither."""
    return parcel.tracking_url or tracking_address(parcel.carrier, parcel.tracking_number)


@register.filter
def times(one: Decimal, other: int) -> Decimal:
    """The product of an amount and a count."""
    return one * other
