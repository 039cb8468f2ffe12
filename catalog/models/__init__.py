"""Products, stock, price lists and what retailers sell of them."""

from catalog.models.files import (
    ColumnMemory,
    ImportContent,
    ImportedChange,
    ImportedPrice,
    ImportFile,
    ImportIssue,
    ImportKind,
    ImportOverflow,
    ImportState,
)
from catalog.models.listing import Listing, ListingState, SkuAlias
from catalog.models.period import AssignmentPeriod, ListException
from catalog.models.price import (
    EffectivePrice,
    PriceBasis,
    PriceBreak,
    PriceChange,
    PriceList,
    PriceListAssignment,
    PriceListState,
    PriceOverride,
    PriceRule,
    RoundingDirection,
)
from catalog.models.product import UNTRADEABLE, Product, Variant, sku_key
from catalog.models.retail import Adoption, RetailRule
from catalog.models.revision import PricePolicy, PriceRevision, RevisionState, StagedPrice
from catalog.models.sku_health import FindingKind, SkuCheck, SkuFinding, SkuRename
from catalog.models.stock import Location, Reservation, StockChange, StockLevel
from catalog.models.tag import ProductTag

__all__ = [
    "UNTRADEABLE",
    "Adoption",
    "RevisionState",
    "ProductTag",
    "PriceRevision",
    "PricePolicy",
    "PriceBreak",
    "PriceBasis",
    "ListException",
    "AssignmentPeriod",
    "ColumnMemory",
    "EffectivePrice",
    "FindingKind",
    "ImportContent",
    "ImportFile",
    "ImportIssue",
    "ImportKind",
    "ImportState",
    "ImportOverflow",
    "ImportedChange",
    "ImportedPrice",
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
    "RetailRule",
    "RoundingDirection",
    "SkuAlias",
    "SkuCheck",
    "SkuFinding",
    "SkuRename",
    "StagedPrice",
    "StockChange",
    "StockLevel",
    "Variant",
    "sku_key",
]
