"""What partners offer to a retailer: goods with its own price, to choose and publish."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.lookups import LessThan
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from catalog.facets import BANDS, listed_by, price_band
from catalog.models import Product
from catalog.numbers import shown, with_offer, with_units
from catalog.services import choose
from catalog.stock_age import stock_read_at
from catalog.templatetags.catalog import margin
from catalog.views.filters import OneOf, ValueFilter, partners_of
from catalog.views.review import MOST, review_url
from catalog.views.searching import SearchedListView
from catalog.visibility import offered_products, sellers_to, visible_to
from portal.companies.models import Partnership, PartnershipState
from portal.companies.permissions import Can
from portal.ui.lists import BulkAction, ChoiceFilter, Column, Empty

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
    return Q(listed_by(view.request.scope.company))


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


def _pays(low: Decimal, high: Decimal) -> Callable[[Any], Q]:
    return lambda view: price_band(view.request.scope.company, low, high)


PRICE = OneOf("price", "You pay", tuple((value, label, _pays(low, high)) for value, label, low, high in BANDS))


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


CHECK = "check"


class CatalogueView(SearchedListView):
    """Partners' products as cards, each with the price that this retailer pays."""

    name = "catalogue"
    title = "Catalogue"
    model = Product
    template = "catalog/catalogue.html"
    table_template = "catalog/cards.html"
    help_slug = "listings"
    page_size = 48
    search = ("name", "sku")
    search_hint = "Product, brand, SKU or barcode"
    order = "-pk"
    filters = (
        ChoiceFilter("supplier", "Supplier", partners_of, field="company_id"),
        ValueFilter("category", "Category", "category"),
        ValueFilter("brand", "Brand", "brand"),
        LISTED,
        STOCK,
        PRICE,
        MARGIN,
    )
    actions = (
        BulkAction("choose", "Choose and publish", choose_products, Can.PRODUCTS, icon="store"),
        BulkAction(CHECK, "Check first", choose_products, Can.PRODUCTS, icon="list-checks"),
    )
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

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """“Check first” goes on to a page of its own with what was chosen."""
        if request.POST.get("action") != CHECK:
            return super().post(request, **kwargs)
        is_all = request.POST.get("all") == "1"
        asked = [text for text in request.POST.getlist("row") if text.isdecimal() and len(text) < 19]
        rows = self.found if is_all else self.found.filter(pk__in=asked)
        return HttpResponseRedirect(review_url(list(rows.order_by("-pk").values_list("pk", flat=True)[:MOST])))

    def goods(self) -> QuerySet[Product]:
        return offered_products(self.request.scope.company)

    def rows(self) -> QuerySet[Product]:
        rows = with_offer(self.goods(), self.request.scope.company).select_related("company")
        rows = rows.annotate(is_listed=listed_by(self.request.scope.company))
        return with_units(rows, by="variant__product")

    def extra(self) -> dict[str, Any]:
        return {"facets_url": f"{reverse('catalogue-facets')}?{self.request.GET.urlencode()}"}

    def _read_at(self) -> dict[int, datetime]:
        """When the stock of the suppliers on this page was last read."""
        return stock_read_at({row.company_id for row in self.page.rows})

    def lines(self) -> list[Any]:
        read_at = self._read_at()
        for row in self.page.rows:
            row.stock_read_at = read_at.get(row.company_id)
        return super().lines()

    def sellers(self) -> list[int]:
        return sellers_to(self.request.scope.company)
