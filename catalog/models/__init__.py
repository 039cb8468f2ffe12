"""Products, stock, price lists and what retailers sell of them."""

from catalog.models.files import ImportFile
from catalog.models.listing import Listing, ListingState, SkuAlias
from catalog.models.price import (
    EffectivePrice,
    PriceChange,
    PriceList,
    PriceListAssignment,
    PriceListState,
    PriceOverride,
    PriceRule,
    RoundingDirection,
)
from catalog.models.product import Product, Variant, sku_key
from catalog.models.stock import Location, Reservation, StockChange, StockLevel

__all__ = [
    "EffectivePrice",
    "ImportFile",
    "Listing",
    "ListingState",
    "Location",
    "PriceChange",
    "PriceList",
    "PriceListAssignment",
    "PriceListState",
    "PriceOverride",
    "PriceRule",
    "Product",
    "Reservation",
    "RoundingDirection",
    "SkuAlias",
    "StockChange",
    "StockLevel",
    "Variant",
    "sku_key",
]
