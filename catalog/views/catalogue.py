"""What partners offer to a retailer: goods with its own price, to choose and publish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from django.core.cache import cache
from django.db.models import DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.lookups import LessThan
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString

from catalog.cards import cards
from catalog.facets import BANDS, band_words, listed_by, price_band
from catalog.models import Product
from catalog.newest import newest
from catalog.numbers import shown, with_offer, with_units
from catalog.services import choose
from catalog.shelf import cards_of
from catalog.stock_age import stock_read_at
from catalog.templatetags.catalog import margin
from catalog.views.filters import MOST_OPTIONS, NEWEST, OneOf, ValueFilter, partners_of
from catalog.views.review import MOST, review_url
from catalog.views.searching import SearchedListView
from catalog.visibility import offered_products, sellers_to, visible_to
from catalog.walks import LiveList, live_lists, possible
from portal.companies.models import Partnership, PartnershipState
from portal.companies.permissions import Can
from portal.ui.lists import BulkAction, ChoiceFilter, Column, Empty
from portal.ui.lists.paging import Cursor, Order, Page, page_of, reader

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


PRICE = OneOf("price", "You pay", tuple((band[0], band_words(band, ""), _pays(*band[2:])) for band in BANDS))


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
NEWEST_FIRST = Order("pk", descending=True)
# Seconds for which the values of a large catalogue's newest goods are remembered; those of a small one are read each time.
REMEMBERED = 300


class Key(NamedTuple):
    """A product of which no more is known yet."""

    pk: int


class NewestValue(ValueFilter):
    """A ``ValueFilter`` for several of which the newest goods are read once."""

    def options(self, view: Any) -> list[tuple[str, str]]:
        known = view.newest_values[self.field] | set(view.chosen.get(self.key, []))
        return [(value, value) for value in sorted(known, key=str.casefold)[:MOST_OPTIONS]]


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
        NewestValue("category", "Category", "category"),
        NewestValue("brand", "Brand", "brand"),
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

    @cached_property
    def newest_values(self) -> dict[str, set[str]]:
        """The categories and brands of the newest goods."""
        key = f"newest-values:{self.request.scope.company.pk}"
        if kept := cache.get(key):
            return kept
        rows = list(self._newest_goods().values_list("category", "brand"))
        found = {"category": {one for one, _ in rows if one}, "brand": {one for _, one in rows if one}}
        if len(rows) == NEWEST:
            cache.set(key, found, timeout=REMEMBERED)
        return found

    def _newest_goods(self) -> QuerySet[Product]:
        if possible(self.lists):
            return Product.objects.filter(pk__in=newest(self.lists, size=NEWEST))
        return self.goods().order_by("-pk")[:NEWEST]

    def goods(self) -> QuerySet[Product]:
        """What the viewer's company sees. Naming the sellers spares looking at the goods of all others."""
        sellers = {one.seller for one in self.lists}
        return offered_products(self.request.scope.company).filter(company__in=sellers)

    def rows(self) -> QuerySet[Product]:
        """A page reads of its few rows what their cards show, so that only a file and the filter by stock need the figures of every row."""
        if "export" in self.request.GET:
            rows = with_offer(self.goods(), self.request.scope.company).select_related("company")
            return with_units(rows, by="variant__product")
        return with_units(self.goods(), by="variant__product") if STOCK.key in self.chosen else self.goods()

    @cached_property
    def page(self) -> Page:
        """All goods, newest first, are walked; what is searched, filtered or sorted is asked for as any list."""
        text = self.request.GET.get("at", "")
        cursor = Cursor.parse(text, self.model.objects.none()) if text else None
        is_walk = not self.is_narrowed and self.order_by == NEWEST_FIRST and possible(self.lists)
        read = self._walk if is_walk else reader(self.found, self.order_by)
        page = page_of(read, self.order_by, cursor=cursor, size=self.page_size)
        ids, lists = [row.pk for row in page.rows], [one.pk for one in self.lists]
        return replace(page, rows=cards_of(ids, self.request.scope.company, lists=lists))

    @cached_property
    def lists(self) -> list[LiveList]:
        """The price lists by which the viewer's company buys."""
        return live_lists(self.request.scope.company)

    def _walk(self, cursor: Cursor | None, most: int) -> list[Key]:
        beyond, is_up = (cursor.pk, cursor.backwards) if cursor else (None, False)
        return [Key(pk) for pk in newest(self.lists, size=most, beyond=beyond, is_up=is_up)]

    def cards(self) -> SafeString:
        """The page's rows, drawn."""
        rows = self.page.rows
        read_at = stock_read_at({row.company_id for row in rows})
        return cards(rows, can_choose=bool(self.allowed_actions), read_at=read_at)

    @property
    def foot_note(self) -> str:
        """What was searched instead stands above the cards already."""
        return "" if self.hits.instead else self.note

    def extra(self) -> dict[str, Any]:
        return {"facets_url": f"{reverse('catalogue-facets')}?{self.request.GET.urlencode()}"}

    def sellers(self) -> list[int]:
        return sellers_to(self.request.scope.company)
