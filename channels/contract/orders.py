"""Orders as a store has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from portal.lib.address import Address


@dataclass(frozen=True, slots=True)
class ChannelOrderLine:
    """A line as the store has it. ``remote_product_id``/``remote_variant_id`` are "" for free lines; ``total`` = quantity × unit − discount + tax."""

    remote_id: str
    sku: str
    name: str
    quantity: Decimal
    unit_price: Decimal
    remote_product_id: str = ""
    remote_variant_id: str = ""
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    is_charge: bool = False


class RemoteOrderState(StrEnum):
    """What a store's order status means to us."""

    NEW = "new"
    PROCESSING = "processing"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    HELD = "held"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChannelOrder:
    """An order of a store. ``reference`` is whatever stands in the field that carries ours; ``status`` the vendor's id of ``state``."""

    remote_id: str
    number: str
    status: str
    state: RemoteOrderState
    placed_at: datetime
    modified_at: datetime
    currency: str
    lines: tuple[ChannelOrderLine, ...]
    total: Decimal
    subtotal: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    prices_include_tax: bool = False
    ship_to: Address = field(default_factory=Address)
    bill_to: Address = field(default_factory=Address)
    # More than one ship-to address: (address, remote line ids) each; empty for the usual single one.
    destinations: tuple[tuple[Address, tuple[str, ...]], ...] = ()
    shipping_method: str = ""
    comment: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class RemoteOrderStatus:
    """A row of the store's own status list, with the label its people gave it."""

    remote_id: str
    label: str
    state: RemoteOrderState
