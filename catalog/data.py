"""What other parts hand to the catalogue: plain values, no rows. Money is Decimal in the currency named beside the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class VariantData:
    """One variant as its source has it. ``key`` is the source's id inside the product, ``variant_id`` ours when it is known already."""

    key: str
    variant_id: int | None = None
    sku: str = ""
    name: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    barcode: str = ""
    price: Decimal | None = None
    cost: Decimal | None = None
    msrp: Decimal | None = None
    map_price: Decimal | None = None
    weight: Decimal | None = None
    image_url: str = ""
    tracks_stock: bool = True
    is_active: bool = True
    position: int = 0


@dataclass(frozen=True, slots=True)
class ProductData:
    """One product with all its variants. ``key`` is the source's id, ``product_id`` ours when it is known already."""

    key: str
    name: str
    variants: tuple[VariantData, ...]
    product_id: int | None = None
    description: str = ""
    brand: str = ""
    category: str = ""
    image_url: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class StockData:
    """Units on hand of one variant in one place, by the source's name of the place."""

    variant_id: int
    on_hand: int
    location: str = "default"


@dataclass(frozen=True, slots=True)
class ReservationData:
    """Units promised to an order line. ``key`` is the caller's, unique for ever (a supplier order line)."""

    key: str
    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of applying products. ``ids``: key → (our product id, {variant key: our variant id}), for every item given."""

    ids: dict[str, tuple[int, dict[str, int]]]
    created: int
    updated: int
    unchanged: int
    changed_variant_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StockApplied:
    """What came of applying stock figures, counted in levels; ``unknown`` are variants that the company does not have."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    unknown: int = 0

    @property
    def read(self) -> int:
        return self.created + self.updated + self.unchanged + self.unknown
