"""The catalogue for programs: own products, what partners offer, listings and price lists.

Amounts are texts with their currency beside them. Lists are newest first, read by cursor; each costs the same at any depth.
"""

from __future__ import annotations

from rest_framework.routers import BaseRouter

from catalog.api.assignments import AssignmentViewSet
from catalog.api.files import ImportViewSet, PriceImportViewSet
from catalog.api.listings import (
    ChooseSerializer,
    ChosenSerializer,
    ListingSerializer,
    ListingViewSet,
)
from catalog.api.offers import OfferSerializer, OfferViewSet
from catalog.api.price_approval import PriceApprovalViewSet
from catalog.api.price_shapes import PriceListSerializer, PriceSerializer
from catalog.api.prices import PriceListViewSet, PriceViewSet
from catalog.api.products import ProductSerializer, ProductViewSet, VariantSerializer
from catalog.api.retail_rules import RetailRuleViewSet
from catalog.api.sku_health import SkuFindingViewSet

__all__ = [
    "AssignmentViewSet",
    "ChooseSerializer",
    "ChosenSerializer",
    "ImportViewSet",
    "ListingSerializer",
    "ListingViewSet",
    "OfferSerializer",
    "OfferViewSet",
    "PriceApprovalViewSet",
    "PriceImportViewSet",
    "PriceListSerializer",
    "PriceListViewSet",
    "PriceSerializer",
    "PriceViewSet",
    "ProductSerializer",
    "ProductViewSet",
    "RetailRuleViewSet",
    "SkuFindingViewSet",
    "VariantSerializer",
    "register",
]


def register(router: BaseRouter) -> None:
    """Add this module's endpoints."""
    router.register("products", ProductViewSet, basename="product")
    router.register("offers", OfferViewSet, basename="offer")
    router.register("listings", ListingViewSet, basename="listing")
    router.register("retail-rules", RetailRuleViewSet, basename="retail-rule")
    router.register("price-lists", PriceListViewSet, basename="price-list")
    router.register("price-approval", PriceApprovalViewSet, basename="price-approval")
    router.register("price-assignments", AssignmentViewSet, basename="price-assignment")
    router.register("prices", PriceViewSet, basename="price")
    router.register("imports", ImportViewSet, basename="import")
    router.register("price-imports", PriceImportViewSet, basename="price-import")
    router.register("sku-health", SkuFindingViewSet, basename="sku-finding")
