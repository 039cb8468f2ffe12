"""A company's own products: what its store holds, as we have it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from catalog.models import UNTRADEABLE, Product, Variant
from catalog.numbers import with_own_prices, with_units
from catalog.views import bulk
from catalog.views.filters import TagFilter, ValueFilter
from catalog.views.searching import SearchedListView
from portal.companies.permissions import Can
from portal.lib.money import display
from portal.ui.lists import BulkAction, Column, Empty, Tab
from portal.ui.looks import GONE, ODD, Look

_ACTIVE = Variant.objects.filter(product=OuterRef("pk"), is_active=True)
_UNTRADEABLE = Exists(_ACTIVE.filter(UNTRADEABLE))

# The store tracks no stock for some variant: partners could sell more than there is.
_UNCOUNTED = Exists(_ACTIVE.filter(tracks_stock=False))

HEALTH = {
    "fine": Look("circle-check", "ok", "Fine"),
    "inactive": GONE.named("Inactive"),
    "no_sku": ODD.named("No SKU"),
    "no_price": ODD.named("No price"),
    "uncounted": Look("circle-dashed", "idle", "No stock figure"),
    "out": Look("circle-minus", "idle", "Out of stock"),
}


def health_of(product: Any) -> str:
    """The gravest thing about a product, as a key of HEALTH."""
    if not product.is_active:
        return "inactive"
    if not product.first_sku:
        return "no_sku"
    if not product.low:
        return "no_price"
    if product.units is None:
        return "uncounted"
    return "fine" if product.units > 0 else "out"


def price_words(product: Any) -> str | None:
    """``£2.95`` or ``£2.95 – £4.25``; None without a price."""
    if product.low is None:
        return None
    low = display(product.low, product.currency)
    return low if product.low == product.high else f"{low} – {display(product.high, product.currency)}"


def sku_words(product: Any) -> str:
    """The SKU, or how many variants there are."""
    return f"{product.variant_count} variants" if product.variant_count > 1 else product.first_sku or ""


class ProductsView(SearchedListView):
    """Own products with stock, price and health."""

    name = "products"
    title = "Products"
    model = Product
    template = "catalog/products.html"
    help_slug = "lists"
    search = ("name", "sku")
    search_hint = "Name, brand, SKU or barcode"
    order = "-pk"
    tabs = (
        Tab("active", "Active", Q(is_active=True)),
        Tab("look", "Needs a look", Q(_UNTRADEABLE, is_active=True), tone="warn"),
        Tab("uncounted", "Stock not counted", Q(_UNCOUNTED, is_active=True), tone="warn"),
        Tab("inactive", "Inactive", Q(is_active=False)),
        Tab("all", "All", counted=False),
    )
    late_counts = True
    filters = (
        ValueFilter("brand", "Brand", "brand"),
        ValueFilter("category", "Category", "category"),
        TagFilter(),
    )
    actions = (
        bulk.FieldAction("tag", "Tag", bulk.tag, Can.PRODUCTS, icon="tag", template="catalog/bulk_tag.html"),
        BulkAction("untag", "Remove tag", bulk.untag, Can.PRODUCTS, icon="circle-minus"),
    )
    columns = (
        Column(
            "name",
            "Product",
            cell="catalog/cells/product.html",
            link=lambda row: reverse("product", args=[row.pk]),
            sort="name",
            place="1l",
        ),
        Column("sku", "SKU", value=sku_words, kind="code", place="2l", export="first_sku"),
        Column("brand", "Brand", sort="brand", hide="md"),
        Column("category", "Category", sort="category", hide="lg"),
        Column("units", "Available", kind="number", place="2r"),
        Column("price", "Retail price", value=price_words, extra_class="num", place="1r", export="low"),
        Column("health", "Health", value=health_of, kind="state", looks=HEALTH, place="3l"),
        Column("updated_at", "Changed", kind="time", sort="updated_at", newest_first=True, hide="lg"),
    )
    empty = Empty(
        icon="package",
        title="No products yet",
        text="Connect your store and its active products arrive here by themselves, usually within 20 minutes.",
        url_name="integrations",
        action="Connect a store",
    )

    def goods(self) -> QuerySet[Product]:
        return self.request.scope.rows(Product)

    def rows(self) -> QuerySet[Product]:
        return with_units(with_own_prices(self.goods()), by="variant__product")

    def sellers(self) -> list[int]:
        return [self.request.scope.company.pk]

    def lines(self) -> list[Any]:
        for row in self.page.rows:
            row.goods, row.choice = row, ""
        return super().lines()
