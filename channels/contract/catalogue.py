"""A store, and the goods that stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """Who the store says it is. ``store_id`` is its identity; ``time_zone`` an IANA name, "" when the store does not tell a usable one."""

    store_id: str
    name: str
    currency: str
    time_zone: str = ""
    address: str = ""
    plan: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ChannelVariant:
    """What is stocked and ordered. ``remote_id`` identifies it inside its product and never is a SKU; ``stock`` None = not tracked."""

    remote_id: str
    sku: str
    name: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    barcode: str = ""
    price: Decimal | None = None
    cost: Decimal | None = None
    msrp: Decimal | None = None
    map_price: Decimal | None = None
    weight: Decimal | None = None
    image_url: str = ""
    stock: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ChannelProduct:
    """A product of a store with all its variants (one at least, also when the store has no choices)."""

    remote_id: str
    name: str
    variants: tuple[ChannelVariant, ...]
    description: str = ""
    brand: str = ""
    category: str = ""
    image_url: str = ""
    is_active: bool = True
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StockFigure:
    """Units on hand of one variant in one place."""

    remote_product_id: str
    remote_variant_id: str
    on_hand: int
    location: str = "default"
