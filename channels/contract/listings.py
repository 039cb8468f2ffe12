"""Goods that we publish in a retailer's store, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from channels.errors import ChannelError


@dataclass(frozen=True, slots=True)
class ListingVariant:
    """A variant to publish. ``price`` is the shelf price and ``cost`` the dropship price, both in the store's currency; ``listing_id`` comes back."""

    listing_id: str
    sku: str
    price: Decimal
    stock: int
    options: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    cost: Decimal | None = None
    msrp: Decimal | None = None
    barcode: str = ""
    weight: Decimal | None = None
    image_url: str = ""
    is_active: bool = True
    remote_product_id: str = ""
    remote_variant_id: str = ""


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """A product to publish with the chosen variants. ``remote_product_id`` is set when it is there already: then it is updated, not made again.

    ``keeps`` names fields of a product that is there already which are left as the store has them ("title", "description", "images", "price",
    "stock"); None leaves it to the channel's own habit. ``told_image_url`` is the picture that the store took from us last.
    """

    name: str
    variants: tuple[ListingVariant, ...]
    description: str = ""
    brand: str = ""
    category: str = ""
    image_url: str = ""
    is_visible: bool = True
    remote_product_id: str = ""
    keeps: frozenset[str] | None = None
    told_image_url: str = ""

    def writes(self, field: str, *, by_habit: bool) -> bool:
        """Whether ``field`` of a product that is there already is written; ``by_habit`` where nobody said."""
        return by_habit if self.keeps is None else field not in self.keeps


@dataclass(frozen=True, slots=True)
class PublishedListing:
    """Where a listing lives in the retailer's store."""

    listing_id: str
    remote_product_id: str
    remote_variant_id: str


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What came of publishing a product. ``notes`` are sentences on what the channel could not take (skipped images, split variants); ``image_url`` is the
    picture that it took now, "" for none."""

    listings: tuple[PublishedListing, ...]
    notes: tuple[str, ...] = ()
    image_url: str = ""


@dataclass(frozen=True, slots=True)
class StockUpdate:
    remote_product_id: str
    remote_variant_id: str
    available: int


@dataclass(frozen=True, slots=True)
class PriceUpdate:
    """Shelf price and cost of a listing in the store's currency."""

    remote_product_id: str
    remote_variant_id: str
    price: Decimal
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """How one entry of a bulk write went; ``error`` is None when it was taken."""

    remote_product_id: str
    remote_variant_id: str
    error: ChannelError | None = None
