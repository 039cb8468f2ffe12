"""What partners offer to a retailer: goods with its own price, to choose and publish."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.lookups import LessThan
from django.urls import reverse

from catalog.models import Listing, ListingState, Product
from catalog.numbers import shown, with_offer, with_units
from catalog.services import choose
from catalog.templatetags.catalog import margin
from catalog.views.filters import OneOf, partners_of, search_products, values_of
from catalog.visibility import visible_to
from portal.companies.models import Partnership, PartnershipState
from portal.companies.permissions import Can
from portal.ui.lists import BulkAction, ChoiceFilter, Column, Empty, ListView

CHUNK = 500


def choose_products(view: Any, rows: QuerySet[Product]) -> str:
    """Choose every variant of the products ``rows``; the sentence says what came of it."""
    company = view.request.scope.company
    created = resumed = already = 0
    ids = iter(rows.order_by("pk").values_list("pk", flat=True).iterator(CHUNK))
    while chunk := list(islice(ids, CHUNK)):
        chosen = choose(company, product_ids=chunk)
        created, resumed, already = (
            created + len(chosen.created),
            resumed + len(chosen.resumed),
            already + chosen.already,
        )
    fresh = created + resumed
    if not fresh:
        return "All of these are among your listings already." if already else "Choose at least one product first."
    return f"{fresh:,} {'listing' if fresh == 1 else 'listings'} chosen. We publish them to your store now; My listings shows how far they are."


def _listed(view: Any) -> Q:
    rows = Listing.objects.filter(company=view.request.scope.company, product=OuterRef("pk"))
    return Q(Exists(rows.exclude(state=ListingState.STOPPED)))


LISTED = OneOf(
    "listed",
    "Your store",
    (("no", "Not listed", lambda view: ~_listed(view)), ("yes", "Listed", _listed)),
)
STOCK = OneOf(
    "stock",
    "Stock",
    (
        ("in", "In stock", lambda view: Q(units__gt=0)),
        ("low", "Low, under 10", lambda view: Q(units__gt=0, units__lt=10)),
    ),
)


def _keeps(share: str) -> Callable[[Any], Q]:
    """Products with a variant of whose shelf price more than ``share`` stays with the retailer."""
    figure = DecimalField(max_digits=18, decimal_places=8)
    spent = ExpressionWrapper(F("suggested") * (1 - Decimal(share)), output_field=figure)
    paid = ExpressionWrapper(F("dropship") * F("its_rate"), output_field=figure)

    def where(view: Any) -> Q:
        offers = shown(visible_to(view.request.scope.company)).filter(product=OuterRef("pk"))
        return Q(Exists(offers.filter(LessThan(paid, spent), suggested__gt=0)))

    return where


MARGIN = OneOf("margin", "Margin", (("10", "Over 10 %", _keeps("0.1")), ("20", "Over 20 %", _keeps("0.2"))))


class CatalogueView(ListView):
    """Partners' products as cards, each with the price that this retailer pays."""

    name = "catalogue"
    title = "Catalogue"
    model = Product
    template = "catalog/catalogue.html"
    table_template = "catalog/cards.html"
    help_slug = "lists"
    page_size = 48
    search = ("name", "sku")
    search_hint = "Product or SKU"
    order = "-pk"
    filters = (
        ChoiceFilter("supplier", "Supplier", partners_of, field="company_id"),
        ChoiceFilter("category", "Category", values_of("category")),
        LISTED,
        STOCK,
        MARGIN,
    )
    actions = (BulkAction("choose", "Choose and publish", choose_products, Can.PRODUCTS, icon="store"),)
    columns = (
        Column("name", "Product", link=lambda row: reverse("product", args=[row.pk]), sort="name"),
        Column("supplier", "Supplier", value="company.name"),
        Column("first_sku", "SKU", kind="code"),
        Column("category", "Category"),
        Column("units", "Available", kind="number"),
        Column("dropship", "You pay", kind="money"),
        Column("suggested", "Suggested price", kind="money", currency="shelf_currency"),
        Column("margin", "Margin %", value=margin, kind="number"),
    )

    @property
    def empty(self) -> Empty:
        """Why there is nothing: no partner yet, or partners who assigned no price list."""
        trading = Partnership.objects.filter(retailer=self.request.scope.company, state=PartnershipState.ACCEPTED)
        if trading.exists():
            return Empty(
                "tag",
                "Your suppliers have not shared prices yet",
                "A supplier's goods appear here once they assign a price list to you. Ask them to do so on their Prices page.",
                "partners",
                "See your partners",
            )
        return Empty(
            "users",
            "No supplier yet",
            "Goods of your suppliers appear here as soon as you trade with one and they assign a price list to you.",
            "partners",
            "Invite a supplier",
        )

    def goods(self) -> QuerySet[Product]:
        return Product.objects.filter(
            Exists(visible_to(self.request.scope.company).filter(product=OuterRef("pk"))), is_active=True
        )

    def rows(self) -> QuerySet[Product]:
        rows = with_offer(self.goods(), self.request.scope.company).select_related("company")
        held = Listing.objects.filter(company=self.request.scope.company, product=OuterRef("pk"))
        rows = rows.annotate(is_listed=Exists(held.exclude(state=ListingState.STOPPED)))
        return with_units(rows, by="variant__product")

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        return search_products(rows, text)
