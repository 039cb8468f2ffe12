"""For staff: how price lists change, who gets which list when, and what retailers decided about partners' goods."""

from __future__ import annotations

from django.contrib import admin

from catalog.admin_base import CatalogueAdmin
from catalog.models import (
    Adoption,
    AssignmentPeriod,
    ListException,
    PriceBreak,
    PricePolicy,
    PriceRevision,
    ProductTag,
    RetailRule,
    StagedPrice,
)

PARTNERS = ("partnership__supplier", "partnership__retailer")
PARTNER_NAMES = ("partnership__supplier__name", "partnership__retailer__name")


@admin.register(PriceBreak)
class PriceBreakAdmin(CatalogueAdmin):
    list_display = ("price_list", "variant", "quantity", "percent_off", "amount")
    list_select_related = ("price_list", "variant__product")
    search_fields = ("price_list__name", "variant__sku_key")


@admin.register(PriceRevision)
class PriceRevisionAdmin(CatalogueAdmin):
    list_display = ("price_list", "state", "sentence", "created_by", "approved_by", "publish_at", "published_at")
    list_filter = ("state",)
    list_select_related = ("price_list", "created_by", "approved_by")
    search_fields = ("price_list__name", "price_list__company__name")


@admin.register(StagedPrice)
class StagedPriceAdmin(CatalogueAdmin):
    list_display = ("variant", "revision", "amount", "is_moved")
    list_select_related = ("variant__product", "revision__price_list")
    search_fields = ("variant__sku_key", "revision__price_list__name")


# A word of the admin only, so it needs no migration.
PricePolicy._meta.verbose_name_plural = "price policies"


@admin.register(PricePolicy)
class PricePolicyAdmin(CatalogueAdmin):
    list_display = ("company", "approve_share", "approve_move")
    list_select_related = ("company",)
    search_fields = ("company__name",)


@admin.register(AssignmentPeriod)
class AssignmentPeriodAdmin(CatalogueAdmin):
    list_display = ("partnership", "price_list", "began_at", "ended_at")
    list_select_related = (*PARTNERS, "price_list")
    search_fields = (*PARTNER_NAMES, "price_list__name")


@admin.register(ListException)
class ListExceptionAdmin(CatalogueAdmin):
    list_display = ("partnership", "price_list")
    list_select_related = (*PARTNERS, "price_list")
    search_fields = (*PARTNER_NAMES, "price_list__name")


@admin.register(RetailRule)
class RetailRuleAdmin(CatalogueAdmin):
    list_display = ("partnership", "basis", "percent", "rounding_ending", "writes_price", "writes_stock", "updated_at")
    list_filter = ("basis", "writes_price", "writes_stock")
    list_select_related = PARTNERS
    search_fields = PARTNER_NAMES


@admin.register(Adoption)
class AdoptionAdmin(CatalogueAdmin):
    list_display = ("variant", "own", "company", "how", "created_at")
    list_filter = ("how",)
    list_select_related = ("variant__product", "own__product", "company")
    search_fields = ("variant__sku_key", "own__sku_key", "company__name")


@admin.register(ProductTag)
class ProductTagAdmin(CatalogueAdmin):
    list_display = ("name", "product")
    list_select_related = ("product",)
    search_fields = ("key", "product__name")
