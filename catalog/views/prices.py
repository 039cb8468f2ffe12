"""The Prices page: a supplier's lists on the left, one list's prices in a grid that is edited in place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from catalog.margin_words import margin_phrase, said_margin
from catalog.models import PriceList, PriceRevision, Variant, sku_key
from catalog.pricing import rounding_words
from catalog.pricing.change import Change, Fixed
from catalog.selectors import partners_without_list
from catalog.services import open_revision, policy_of, preview_change, terms_of
from catalog.services.checking import clean_amount
from catalog.services.releasing import put
from catalog.views import bulk
from catalog.views.amounts import read_amount, typed_amount
from catalog.views.bulk_undo import undo_url
from catalog.views.filters import TagFilter
from catalog.views.grid import BELOW_COST, BELOW_MAP, OVER_MSRP, decorate, margin_of, plan, priced
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError
from portal.ui.lists import BulkAction, Column, Empty, ListView, Tab
from portal.ui.lists.saved import remembered_columns

CHANGED_WITHIN = timedelta(days=7)


@requires(Can.VIEW)
def prices_home(request: HttpRequest) -> HttpResponse:
    """The default list, else the first; without any, what a price list is for and the way to the first one."""
    first = request.scope.rows(PriceList).first()
    if first:
        return redirect("price-list", first.pk)
    return render(request, "catalog/prices_empty.html", {"title": "Prices", "help_slug": "prices"})


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
    every_tab = (
        Tab("all", "All"),
        Tab("none", "No price", Q(amount__isnull=True)),
        Tab("cost", "Below cost", BELOW_COST, tone="bad"),
        Tab("map", "Below MAP", BELOW_MAP, tone="bad"),
        Tab("msrp", "Over MSRP", OVER_MSRP),
        Tab("own", "Overrides", Q(rule="Override")),
        Tab("changed", "Changed this week"),
    )
    actions = (
        bulk.FieldAction("set", "Set price", bulk.set_prices, Can.PRICES, template="catalog/bulk_value.html"),
        BulkAction("give-back", "Clear override", bulk.give_back, Can.PRICES, icon="rotate-ccw"),
        BulkAction("lock", "Lock", bulk.lock, Can.PRICES, icon="lock"),
        BulkAction("unlock", "Unlock", bulk.unlock, Can.PRICES, icon="lock-open"),
        BulkAction("tag", "Tag", bulk.tag, Can.PRICES, icon="tag"),
        BulkAction("untag", "Remove tag", bulk.untag, Can.PRICES, icon="circle-minus"),
    )
    filters = (TagFilter(field="product"),)
    late_counts = True
    columns = (
        Column("name", "Product", value="full_name", link=True),
        Column("sku", "SKU", kind="code", sort="sku_key"),
        Column("cost", "Cost", kind="number", hide="lg"),
        Column("map_price", "MAP", kind="number", shown=False),
        Column("msrp", "MSRP", kind="number", shown=False),
        Column("price", "Retail", kind="number", sort="price"),
        Column("amount", "Dropship", kind="number", sort="amount"),
        Column("retail_amount", "Suggested", kind="number"),
        Column("margin", "Margin %", value=margin_of, kind="number"),
        Column("rule", "Decided by", extra_class="decided"),
    )
    empty = Empty(
        icon="package",
        title="No products to price yet",
        text="Prices appear here by themselves as soon as the products of your store arrive.",
        url_name="products",
        action="Open products",
    )

    @cached_property
    def price_list(self) -> PriceList:
        return get_object_or_404(self.request.scope.rows(PriceList), pk=self.kwargs["pk"])

    @cached_property
    def revision(self) -> PriceRevision | None:
        """The change of the list that is not in force yet."""
        return open_revision(self.price_list)

    @cached_property
    def tabs(self) -> tuple[Tab, ...]:
        """The tabs, with what is new; those that the draft changes are worked out only when they are asked for."""
        changed = Q(valid_from__gte=clock.now() - CHANGED_WITHIN)
        tabs = tuple(replace(tab, where=changed) if tab.key == "changed" else tab for tab in self.every_tab)
        return (*tabs, Tab("draft", "In the draft", self._drafted(), counted=False)) if self.revision else tabs

    def _drafted(self) -> Q:
        if self.revision is None or self.request.GET.get("tab") != "draft":
            return Q()
        return Q(pk__in=preview_change(self.price_list, Change.from_json(self.revision.change)).changed_ids)

    def rows(self) -> QuerySet[Variant]:
        own = self.request.scope.rows(Variant).filter(is_active=True, product__is_active=True)
        return priced(own.select_related("product"), self.price_list)

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        return rows.filter(Q(product__name__icontains=text) | Q(sku_key__startswith=sku_key(text)))

    def extra(self) -> dict[str, Any]:
        terms, may_edit = terms_of(self.price_list), self.request.scope.can(Can.PRICES)
        return {
            "price_list": self.price_list,
            "terms": terms,
            "rounding": rounding_words(terms),
            "margin_words": margin_phrase(*said_margin(self.price_list)),
            "price_lists": price_lists(self.request),
            "revision": self.revision,
            "edits": Change.from_json(self.revision.change).size if self.revision else 0,
            "needs_approval": policy_of(self.request.scope.company).is_on,
            "may_set_policy": self.request.scope.can(Can.COMPANY),
            "unlisted": partners_without_list(self.request.scope.company),
            "may_edit": may_edit,
            "keys": set(self.shown_keys) | {"name"},
            "zone": self.request.scope.company.time_zone,
            "undo_last": undo_url(self.request, self.price_list) if may_edit else "",
            "foot_note": f"All amounts {self.price_list.currency}, net of VAT",
        }

    def lines(self) -> list[Any]:
        for row in self.page.rows:
            decorate(row)
        plan(self.page.rows, self.price_list, self.revision)
        return super().lines()


def price_lists(request: HttpRequest) -> QuerySet[PriceList]:
    """The company's lists with the number of partners that use each."""
    rows = request.scope.rows(PriceList).prefetch_related("assignments__partnership__retailer")
    return rows.annotate(partners=Count("assignments", filter=Q(assignments__partnership__state="accepted")))


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
    context = {
        "row": _row(request, price_list, variant),
        "price_list": price_list,
        "may_edit": True,
        "error": error,
        "typed": typed,
        "saved": not error,
        "keys": _keys(request),
    }
    return render(request, "catalog/prices_row.html", context)


def _row(request: HttpRequest, price_list: PriceList, variant: Variant) -> Any:
    """The row as the grid shows it: with the draft's figure where there is a draft."""
    own = request.scope.rows(Variant).filter(pk=variant.pk).select_related("product")
    row = decorate(priced(own, price_list).get())
    plan([row], price_list, open_revision(price_list))
    return row


def _edit(request: HttpRequest, price_list: PriceList, variant: Variant, typed: str) -> None:
    amount, row = read_amount(typed), _row(request, price_list, variant)
    if row.locked:
        raise DomainError("This price is locked. Unlock it first: tick its row and choose Unlock.")
    _refuse_if_moved(request, row, typed)
    fixed = Fixed(None if amount is None else clean_amount(amount))
    put(price_list, Change(overrides={variant.pk: fixed}), by=request.user)


def _refuse_if_moved(request: HttpRequest, row: Any, typed: str) -> None:
    """Raise Conflict with both values where the price is no longer the one that the person saw."""
    seen = request.POST.get(f"was-{row.pk}")
    if seen is not None and read_amount(seen) != row.amount:
        now = "no price" if row.amount is None else f"{row.amount:.2f}"
        yours = typed.strip() or "the rule's"
        raise Conflict(
            f"Meanwhile it became {now}; you typed {yours}. Press Enter to keep yours, Escape to keep {now}."
        )


def _keys(request: HttpRequest) -> set[str]:
    """The columns that the person keeps."""
    known = [column.key for column in PriceListView.columns if column.shown]
    return {*(remembered_columns(request, PriceListView.name) or known), "name"}
