"""Orders that we ask a supplier's store to create."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from portal.lib.address import Address


@dataclass(frozen=True, slots=True)
class OrderRequestLine:
    """A line to create: our line's id comes back in ``CreatedOrder.line_ids``."""

    line_id: str
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    remote_product_id: str
    remote_variant_id: str


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order to create in a supplier's store: net prices, tax 0. ``reference`` = ``reference_prefix`` + "-" + ``number``.

    ``bill_to`` is the retailer's company, ``ship_to`` the consumer; ``customer_remote_id`` the customer record at the store for the partnership, where the
    channel needs one.
    """

    reference: str
    reference_prefix: str
    number: int
    currency: str
    placed_at: datetime
    lines: tuple[OrderRequestLine, ...]
    bill_to: Address
    ship_to: Address
    shipping_cost: Decimal = Decimal(0)
    shipping_method: str = ""
    comment: str = ""
    customer_remote_id: str = ""


@dataclass(frozen=True, slots=True)
class CreatedOrder:
    """The outside order made for a supplier order: their id, the number a person sees there, and our line id → their line id."""

    remote_id: str
    number: str
    line_ids: Mapping[str, str]
