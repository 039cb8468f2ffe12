"""The Prices page: a supplier's lists on the left, one list's prices in a grid that is edited in place."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from catalog.models import PriceList, PriceOverride, Variant, sku_key
from catalog.pricing import margin_percent, rounding_words
from catalog.selectors import partners_without_list
from catalog.services import clear_overrides, set_overrides, terms_of
from catalog.views.amounts import read_amount, typed_amount
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError
from portal.ui.lists import BulkAction, Column, Empty, ListView, Tab

BELOW_COST = Q(amount__lt=F("cost"))
BELOW_MAP = Q(price__lt=F("map_price"))
OVER_MSRP = Q(price__gt=F("msrp"))


@requires(Can.VIEW)
def prices_home(request: HttpRequest) -> HttpResponse:
    """The default list, else the first; without any, what a price list is for and the way to the first one."""
    first = request.scope.rows(PriceList).first()
    if first:
        return redirect("price-list", first.pk)
    return render(request, "catalog/prices_empty.html", {"title": "Prices", "help_slug": "prices"})


def priced(variants: QuerySet[Variant], price_list: PriceList) -> QuerySet[Variant]:
    """``variants`` with ``amount``, ``retail_amount``, ``rule`` and ``valid_from`` in force on ``price_list``; None where it has no price. One join."""
    in_force = Q(prices__price_list=price_list, prices__valid_until__isnull=True)
    return variants.annotate(now=FilteredRelation("prices", condition=in_force)).annotate(
        amount=F("now__amount"),
        retail_amount=F("now__retail_amount"),
        rule=F("now__rule"),
        valid_from=F("now__valid_from"),
    )


def margin_of(row: Any) -> Any:
    """The partner's margin before any rate: dropship against the supplier's own retail price."""
    return margin_percent(row.amount, row.price) if row.amount is not None and row.price else None


def give_back(view: Any, rows: QuerySet[Variant]) -> str:
    """Clear the overrides of ``rows``."""
    held = PriceOverride.objects.filter(price_list=view.price_list, variant__in=rows.values("pk"))
    ids = list(held.values_list("variant_id", flat=True))
    clear_overrides(view.price_list, ids)
    return f"{len(ids):,} went back to the list's rule." if ids else "None of these had an override."


class PriceListView(ListView):
    """One list: its terms in the head, its prices below."""

    name = "prices"
    title = "Prices"
    model = Variant
    template = "catalog/prices.html"
    table_template = "catalog/prices_grid.html"
    help_slug = "prices"
    order = "product_id"
    search = ("name", "sku")
    search_hint = "Product or SKU"
    newer_word, older_word = "Previous", "Next"
    tabs = (
        Tab("all", "All"),
        Tab("none", "No price", Q(amount__isnull=True)),
        Tab("cost", "Below cost", BELOW_COST, tone="bad"),
        Tab("map", "Below MAP", BELOW_MAP, tone="bad"),
        Tab("msrp", "Over MSRP", OVER_MSRP),
        Tab("own", "Overrides", Q(rule="Override")),
    )
    actions = (BulkAction("give-back", "Clear override", give_back, Can.PRICES, icon="lock-open"),)
    columns = (
        Column("name", "Product", value="full_name", link=True),
        Column("sku", "SKU", kind="code", sort="sku_key"),
        Column("cost", "Cost", kind="number", hide="lg"),
        Column("price", "Retail", kind="number", sort="price"),
        Column("amount", "Dropship", kind="number", sort="amount"),
        Column("retail_amount", "Suggested", kind="number"),
        Column("margin", "Margin %", value=margin_of, kind="number"),
        Column("rule", "Decided by"),
    )
    empty = Empty(
        icon="package",
        title="No products to price yet",
        text="Prices appear here by themselves as soon as the products of your store arrive.",
        url_name="products",
        action="Open products",
    )

    @property
    def price_list(self) -> PriceList:
        if not hasattr(self, "_price_list"):
            self._price_list = get_object_or_404(self.request.scope.rows(PriceList), pk=self.kwargs["pk"])
        return self._price_list

    def rows(self) -> QuerySet[Variant]:
        own = self.request.scope.rows(Variant).filter(is_active=True, product__is_active=True)
        return priced(own.select_related("product"), self.price_list)

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(product__name__icontains=text) | Q(sku_key__startswith=sku_key(text)))

    def extra(self) -> dict[str, Any]:
        terms = terms_of(self.price_list)
        return {
            "price_list": self.price_list,
            "terms": terms,
            "rounding": rounding_words(terms),
            "price_lists": price_lists(self.request),
            "unlisted": partners_without_list(self.request.scope.company),
            "may_edit": self.request.scope.can(Can.PRICES),
            "foot_note": f"All amounts {self.price_list.currency}, net of VAT",
        }

    def lines(self) -> list[Any]:
        for row in self.page.rows:
            decorate(row)
        return super().lines()


def price_lists(request: HttpRequest) -> QuerySet[PriceList]:
    """The company's lists with the number of partners that use each."""
    rows = request.scope.rows(PriceList).prefetch_related("assignments__partnership__retailer")
    return rows.annotate(partners=Count("assignments", filter=Q(assignments__partnership__state="accepted")))


def decorate(row: Any) -> Any:
    """What the grid shows of a row besides its fields: its picture's name, margin and what is wrong with it."""
    row.goods, row.choice, row.margin = row.product, row.name, margin_of(row)
    row.is_below_cost = row.amount is not None and row.cost is not None and row.amount < row.cost
    row.is_below_map = row.price is not None and row.map_price is not None and row.price < row.map_price
    row.trouble = "below cost" if row.is_below_cost else "below MAP" if row.is_below_map else ""
    return row


@requires(Can.PRICES)
@require_POST
def set_price(request: HttpRequest, pk: int, variant_id: int) -> HttpResponse:
    """The row of one variant after its dropship price was edited; an empty field gives it back to the rule. What cannot be taken comes back with a sentence."""
    price_list = get_object_or_404(request.scope.rows(PriceList), pk=pk)
    variant = get_object_or_404(request.scope.rows(Variant), pk=variant_id)
    error, typed = "", typed_amount(request, variant_id)
    try:
        _edit(request, price_list, variant, typed)
    except DomainError as problem:
        error = problem.sentence
    row = decorate(
        priced(request.scope.rows(Variant).filter(pk=variant.pk).select_related("product"), price_list).get()
    )
    context = {
        "row": row,
        "price_list": price_list,
        "may_edit": True,
        "error": error,
        "typed": typed,
        "saved": not error,
    }
    return render(request, "catalog/prices_row.html", context)


def _edit(request: HttpRequest, price_list: PriceList, variant: Variant, typed: str) -> None:
    amount = read_amount(typed)
    if amount is None:
        clear_overrides(price_list, [variant.pk])
    else:
        set_overrides(price_list, {variant.pk: amount}, by=request.user)


@requires(Can.VIEW)
def explain(request: HttpRequest, pk: int, variant_id: int) -> HttpResponse:
    """Why a price is what it is: the sum that was stored with it, and the shortest fix."""
    price_list = get_object_or_404(request.scope.rows(PriceList), pk=pk)
    variants = priced(request.scope.rows(Variant).filter(pk=variant_id).select_related("product"), price_list)
    row = decorate(get_object_or_404(variants))
    price = row.prices.filter(price_list=price_list, valid_until__isnull=True).first()
    history = row.prices.filter(price_list=price_list).order_by("-valid_from", "-pk")[:6]
    context = {
        "row": row,
        "price": price,
        "sum": price.explanation if price else {},
        "price_list": price_list,
        "history": history,
        "may_edit": request.scope.can(Can.PRICES),
    }
    return render(request, "catalog/explain.html", context)
