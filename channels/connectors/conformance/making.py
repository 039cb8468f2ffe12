"""What the promises are tested with: every read, goods for the shelf, orders to look up, parcels to tell of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from channels.contract import (
    ChannelShipmentLine,
    ListingRequest,
    ListingVariant,
    PriceUpdate,
    ShipmentRequest,
    StockUpdate,
    StoreConnector,
)
from portal.lib import clock

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
HOOK_ADDRESS = "https://portal.example.com/hooks/abc"
Read = Callable[[StoreConnector], Any]

READS: dict[str, Read] = {
    "products": lambda connector: [list(page) for page in connector.products()],
    "stock": lambda connector: [list(page) for page in connector.stock()],
    "orders": lambda connector: [list(page) for page in connector.orders(modified_since=LONG_AGO)],
    "statuses": lambda connector: list(connector.order_statuses()),
    "store": lambda connector: connector.store_info(),
    "find": lambda connector: connector.find_order(reference="TLX7-1", reference_prefix="TLX7", number=1),
}


def all_of(pages: Iterable[Sequence[Any]]) -> list[Any]:
    """The records of all pages."""
    return [record for page in pages for record in page]


def lamp(**values: Any) -> ListingRequest:
    """A partner's product with one variant, to be published."""
    one: dict[str, Any] = {
        "listing_id": "L1",
        "sku": "LAMP",
        "price": Decimal("9.90"),
        "stock": 3,
        "cost": Decimal("4.20"),
    }
    return ListingRequest("Desk lamp", (ListingVariant(**(one | values)),), description="Bends.", brand="Lumen")


def mugs(count: int) -> list[dict[str, Any]]:
    """So many products for the state door."""
    return [{"name": f"Mug {n}", "sku": f"M-{n:05}", "price": "3.00", "stock": n % 50} for n in range(count)]


def signature(connector: StoreConnector, shop: Any, number: int = 17) -> dict[str, Any]:
    """What an order of ours is looked up by."""
    request = shop.request(number)
    return {"reference": request.reference, "reference_prefix": request.reference_prefix, "number": number}


def stock(shop: Any, sku: str, available: int) -> StockUpdate:
    """A new figure for what the shop has under a SKU."""
    product_id, variant_id = shop.goods[sku]
    return StockUpdate(product_id, variant_id, available)


def price(shop: Any, sku: str, amount: Decimal, cost: Decimal | None = None) -> PriceUpdate:
    """A new shelf price for what the shop has under a SKU."""
    product_id, variant_id = shop.goods[sku]
    return PriceUpdate(product_id, variant_id, amount, cost)


def parcel(
    order: Any,
    tracking: str,
    *,
    completes: bool,
    lines: dict[str, int] | None = None,
    other_tracking: tuple[str, ...] = (),
) -> ShipmentRequest:
    """A parcel of an order; without ``lines`` everything in it."""
    units = lines or {line.remote_id: int(line.quantity) for line in order.lines if not line.is_charge}
    return ShipmentRequest(
        remote_order_id=order.remote_id,
        tracking_number=tracking,
        carrier="Royal Mail",
        service="Tracked 48",
        shipped_at=clock.now(),
        lines=tuple(ChannelShipmentLine(line_id, quantity) for line_id, quantity in units.items()),
        completes=completes,
        other_tracking=other_tracking,
    )
