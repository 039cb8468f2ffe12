"""The catalogue for staff: read-mostly. What companies own is changed through the portal's services, so rows here are looked at, not edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.admin import TabularInline

from catalog import admin_terms  # noqa: F401 (registers its records)
from catalog.admin_base import CatalogueAdmin, LookOnly
from catalog.models import (
    ColumnMemory,
    EffectivePrice,
    ImportContent,
    ImportedChange,
    ImportedPrice,
    ImportFile,
    ImportIssue,
    ImportOverflow,
    Listing,
    Location,
    PriceChange,
    PriceList,
    PriceListAssignment,
    PriceOverride,
    PriceRule,
    Product,
    Reservation,
    SkuAlias,
    SkuCheck,
    SkuFinding,
    SkuRename,
    StockChange,
    StockLevel,
    Variant,
)


class VariantInline(LookOnly, TabularInline):
    model = Variant
    fields = ("sku", "name", "price", "cost", "msrp", "is_active", "tracks_stock")
    extra = 0
    max_num = 0
    show_change_link = True


class StockLevelInline(LookOnly, TabularInline):
    model = StockLevel
    fields = ("location", "on_hand", "changed_at")
    extra = 0
    max_num = 0


class RuleInline(LookOnly, TabularInline):
    model = PriceRule
    fields = ("position", "target", "value", "percent_off")
    extra = 0
    max_num = 0


class AssignmentInline(LookOnly, TabularInline):
    model = PriceListAssignment
    fk_name = "price_list"
    fields = ("partnership", "stock_buffer", "assigned_at")
    extra = 0
    max_num = 0


@admin.register(Product)
class ProductAdmin(CatalogueAdmin):
    list_display = ("name", "company", "brand", "category", "variant_count", "is_active", "updated_at")
    list_filter = ("is_active",)
    list_select_related = ("company",)
    search_fields = ("name", "variants__sku_key")
    inlines = (VariantInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        return super().get_queryset(request).annotate(variant_count=Count("variants"))

    @admin.display(description="variants")
    def variant_count(self, row: Any) -> int:
        return row.variant_count


@admin.register(Variant)
class VariantAdmin(CatalogueAdmin):
    list_display = ("sku", "product", "company", "price", "cost", "currency", "is_active", "tracks_stock", "updated_at")
    list_filter = ("is_active", "tracks_stock", "currency")
    list_select_related = ("company", "product")
    search_fields = ("sku_key", "barcode", "product__name")
    inlines = (StockLevelInline,)


@admin.register(Location)
class LocationAdmin(CatalogueAdmin):
    list_display = ("name", "key", "company", "is_counted")
    list_filter = ("is_counted",)
    list_select_related = ("company",)
    search_fields = ("name", "key", "company__name")


@admin.register(StockLevel)
class StockLevelAdmin(CatalogueAdmin):
    list_display = ("variant", "location", "on_hand", "changed_at")
    list_select_related = ("variant__product", "location")
    search_fields = ("variant__sku_key",)


@admin.register(StockChange)
class StockChangeAdmin(CatalogueAdmin):
    list_display = ("variant", "location", "before", "after", "cause", "at")
    list_filter = ("cause", "at")
    list_select_related = ("variant__product", "location")
    search_fields = ("variant__sku_key",)


@admin.register(Reservation)
class ReservationAdmin(CatalogueAdmin):
    list_display = ("key", "variant", "quantity", "created_at", "deducted_at", "released_at")
    list_filter = (("released_at", admin.EmptyFieldListFilter), ("deducted_at", admin.EmptyFieldListFilter))
    list_select_related = ("variant__product",)
    search_fields = ("key", "variant__sku_key")


@admin.register(PriceList)
class PriceListAdmin(CatalogueAdmin):
    list_display = ("name", "company", "currency", "percent_off", "state", "is_default", "version", "updated_at")
    list_filter = ("state", "is_default", "currency")
    list_select_related = ("company",)
    search_fields = ("name", "company__name")
    inlines = (AssignmentInline, RuleInline)


@admin.register(PriceListAssignment)
class PriceListAssignmentAdmin(CatalogueAdmin):
    list_display = ("partnership", "price_list", "stock_buffer", "assigned_at")
    list_select_related = ("partnership__supplier", "partnership__retailer", "price_list")
    search_fields = ("partnership__supplier__name", "partnership__retailer__name", "price_list__name")


@admin.register(PriceRule)
class PriceRuleAdmin(CatalogueAdmin):
    list_display = ("price_list", "target", "value", "percent_off", "position")
    list_filter = ("target",)
    list_select_related = ("price_list",)
    search_fields = ("value", "price_list__name")


@admin.register(PriceOverride)
class PriceOverrideAdmin(CatalogueAdmin):
    list_display = ("variant", "price_list", "amount", "set_by", "set_at")
    list_select_related = ("variant__product", "price_list", "set_by")
    search_fields = ("variant__sku_key", "price_list__name")


@admin.register(EffectivePrice)
class EffectivePriceAdmin(CatalogueAdmin):
    list_display = (
        "variant",
        "price_list",
        "amount",
        "retail_amount",
        "rule",
        "list_version",
        "valid_from",
        "valid_until",
    )
    list_filter = (("valid_until", admin.EmptyFieldListFilter),)
    list_select_related = ("variant__product", "price_list")
    search_fields = ("variant__sku_key", "price_list__name")


@admin.register(PriceChange)
class PriceChangeAdmin(CatalogueAdmin):
    list_display = ("variant", "field", "before", "after", "cause", "at")
    list_filter = ("field", "cause", "at")
    list_select_related = ("variant__product",)
    search_fields = ("variant__sku_key",)


@admin.register(Listing)
class ListingAdmin(CatalogueAdmin):
    list_display = ("variant", "company", "partnership", "state", "is_active", "retail_price", "updated_at")
    list_filter = ("state", "is_active")
    list_select_related = ("variant__product", "company", "partnership__supplier", "partnership__retailer")
    search_fields = ("variant__sku_key", "product__name", "company__name")


# Words of the admin only, so they need no migration.
SkuAlias._meta.verbose_name_plural = "SKU aliases"
ColumnMemory._meta.verbose_name_plural = "column memories"


@admin.register(SkuAlias)
class SkuAliasAdmin(CatalogueAdmin):
    list_display = ("sku_key", "company", "variant", "created_at")
    list_select_related = ("company", "variant__product")
    search_fields = ("sku_key", "company__name")


@admin.register(ImportFile)
class ImportFileAdmin(CatalogueAdmin):
    list_display = ("name", "company", "kind", "state", "uploaded_by", "uploaded_at")
    list_filter = ("kind", "state")
    list_select_related = ("company", "uploaded_by")
    search_fields = ("name", "company__name")
    exclude = ("examples", "sample")


@admin.register(ImportContent)
class ImportContentAdmin(CatalogueAdmin):
    list_display = ("file",)
    list_select_related = ("file",)
    search_fields = ("file__name",)
    exclude = ("content",)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("content")


@admin.register(ImportIssue)
class ImportIssueAdmin(CatalogueAdmin):
    list_display = ("file", "line", "column", "wrong", "is_warning")
    list_filter = ("is_warning",)
    list_select_related = ("file",)
    search_fields = ("file__name", "wrong")


@admin.register(ImportOverflow)
class ImportOverflowAdmin(CatalogueAdmin):
    list_display = ("file", "line")
    list_select_related = ("file",)
    search_fields = ("file__name",)


@admin.register(ImportedChange)
class ImportedChangeAdmin(CatalogueAdmin):
    list_display = ("file", "what", "record", "place")
    list_filter = ("what",)
    list_select_related = ("file",)
    search_fields = ("file__name", "record")


@admin.register(ImportedPrice)
class ImportedPriceAdmin(CatalogueAdmin):
    list_display = ("file", "variant", "before", "after")
    list_select_related = ("file", "variant__product")
    search_fields = ("variant__sku_key",)


@admin.register(ColumnMemory)
class ColumnMemoryAdmin(CatalogueAdmin):
    list_display = ("company", "kind")
    list_select_related = ("company",)
    search_fields = ("company__name",)


@admin.register(SkuCheck)
class SkuCheckAdmin(CatalogueAdmin):
    list_display = ("company", "round", "looked_at", "checked_at", "asked_at")
    list_select_related = ("company",)
    search_fields = ("company__name",)


@admin.register(SkuFinding)
class SkuFindingAdmin(CatalogueAdmin):
    list_display = ("company", "kind", "sku", "other_sku", "partner", "detail")
    list_filter = ("kind",)
    list_select_related = ("company", "partner")
    search_fields = ("sku", "other_sku", "company__name")


@admin.register(SkuRename)
class SkuRenameAdmin(CatalogueAdmin):
    list_display = ("variant", "before", "after", "at")
    list_select_related = ("variant__product",)
    search_fields = ("before", "after")
