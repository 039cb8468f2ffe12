"""What a retailer sells of its partners' goods: cost, own shelf price, margin and how each stands."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from catalog.models import Listing, ListingState, Product, Variant, sku_key
from catalog.numbers import with_terms, with_units
from catalog.search import find
from catalog.selectors import offers_of
from catalog.services import resume, set_retail_price, set_stock_buffer, stop
from catalog.templatetags.catalog import margin
from catalog.views.amounts import read_amount, typed_amount
from catalog.views.bulk import FieldAction
from catalog.views.filters import partners_of
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError
from portal.ui.lists import BulkAction, ChoiceFilter, Column, Empty, ListView, Tab
from portal.ui.looks import FINE, IN_STORE, ODD, OFF, QUIET

STATES = {
    "missing": ODD.named("Needs a price"),
    "gone": OFF.named("Not offered now"),
    ListingState.CHOSEN: QUIET.named("On its way"),
    ListingState.PUBLISHED: IN_STORE,
    ListingState.STOPPED: OFF.named("Stopped"),
    "fine": FINE,
}


STOPPING = "Your store hides these products and shows stock 0. Nothing is deleted."


def product_url(listing: Any) -> str:
    """The page of what is listed."""
    return reverse("product", args=[listing.product_id])


def state_of(listing: Any) -> str:
    """How a listing stands, as a key of STATES: what stops it comes before its own state."""
    if listing.state == ListingState.STOPPED:
        return ListingState.STOPPED
    if not listing.is_active:
        return "gone"
    return listing.state if listing.shelf and listing.rate is not None else "missing"


def stop_listings(view: Any, rows: QuerySet[Listing]) -> str:
    """Take listings out of the store."""
    ids = stop(view.request.scope.company, list(rows.values_list("pk", flat=True)))
    return (
        f"{len(ids):,} stopped. Your store hides them and shows stock 0; nothing is deleted."
        if ids
        else "These were stopped already."
    )


def resume_listings(view: Any, rows: QuerySet[Listing]) -> str:
    """Take stopped listings up again. Raises NotAllowed when none can be had."""
    ids = resume(view.request.scope.company, list(rows.values_list("pk", flat=True)))
    return f"{len(ids):,} chosen again. We publish them to your store now." if ids else "None of these was stopped."


def take_suggested(view: Any, rows: QuerySet[Listing]) -> str:
    """Give up own shelf prices."""
    ids = set_retail_price(view.request.scope.company, list(rows.values_list("pk", flat=True)), amount=None)
    return f"{len(ids):,} now follow the suggested price." if ids else "These follow the suggested price already."


def keep_back(view: Any, rows: QuerySet[Listing]) -> str:
    """Keep units of these back from the store, as the field says; an empty field goes back to what the supplier keeps back."""
    typed = view.request.POST.get("buffer", "").strip()
    if typed and not (typed.isdecimal() and len(typed) < 8):
        raise DomainError("Type how many units to keep back, such as 2, or leave it empty.", field="buffer")
    ids = set_stock_buffer(
        view.request.scope.company, rows.values_list("pk", flat=True), units=int(typed) if typed else None
    )
    if not ids:
        return "These keep so many back already."
    said = f"keep {int(typed):,} back from your store now" if typed else "keep back what the supplier says again"
    return f"{len(ids):,} {'listings' if len(ids) != 1 else 'listing'} {said}. Your store is told at once."


class ListingsView(ListView):
    """My listings: one row a variant."""

    name = "listings"
    title = "My listings"
    model = Listing
    template = "catalog/listings.html"
    help_slug = "listings"
    search = ("product__name", "sku")
    search_hint = "Product or SKU"
    tabs = (
        Tab("all", "All", ~Q(state=ListingState.STOPPED)),
        Tab("store", "In your store", Q(state=ListingState.PUBLISHED, is_active=True)),
        Tab("way", "On their way", Q(state=ListingState.CHOSEN, is_active=True)),
        Tab("gone", "Not offered now", Q(is_active=False) & ~Q(state=ListingState.STOPPED), tone="warn"),
        Tab("stopped", "Stopped", Q(state=ListingState.STOPPED)),
    )
    filters = (ChoiceFilter("supplier", "Supplier", partners_of, field="partnership__supplier_id"),)
    actions = (
        BulkAction(
            "stop",
            "Stop",
            stop_listings,
            Can.PRODUCTS,
            icon="circle-pause",
            consequence=STOPPING,
        ),
        BulkAction("resume", "Publish again", resume_listings, Can.PRODUCTS, icon="store"),
        BulkAction("suggested", "Use suggested price", take_suggested, Can.PRODUCTS, icon="tag"),
        FieldAction("buffer", "Keep back", keep_back, Can.PRODUCTS, icon="boxes", template="catalog/bulk_buffer.html"),
    )
    columns = (
        Column(
            "name",
            "Product",
            value="variant.full_name",
            cell="catalog/cells/product.html",
            link=product_url,
            place="1l",
        ),
        Column("sku", "SKU", value="variant.sku", kind="code", place="2l"),
        Column("supplier", "Supplier", value="partnership.supplier.name", hide="md"),
        Column("dropship", "You pay", kind="money", hide="lg"),
        Column(
            "shelf",
            "Shelf price",
            cell="catalog/cells/shelf.html",
            kind="money",
            currency="shelf_currency",
            place="1r",
            extra_class="num",
        ),
        Column("margin", "Margin %", value=margin, kind="number", place="2r", extra_class="share"),
        Column("units", "Available", kind="number"),
        Column("stock_buffer", "Kept back", kind="number", shown=False),
        Column("state", "State", value=state_of, kind="state", looks=STATES, place="3l"),
        Column("updated_at", "Changed", kind="time", sort="updated_at", newest_first=True, hide="lg"),
    )
    empty = Empty(
        icon="store",
        title="No listings yet",
        text="Choose goods in the catalogue; they go to your store hidden, are completed there, and then shown.",
        url_name="catalogue",
        action="Open the catalogue",
    )

    def rows(self) -> QuerySet[Listing]:
        own = self._own().select_related("variant__product", "product", "partnership__supplier")
        return with_units(with_terms(own), by="variant", outer="variant_id")

    def searched(self, rows: QuerySet, text: str) -> QuerySet:
        """One variant by the beginning of its SKU, else everything of the best matching products."""
        skus = Variant.objects.filter(pk=OuterRef("variant_id"), sku_key__startswith=sku_key(text))
        by_sku = rows.filter(Exists(skus))
        if by_sku.exists():
            return by_sku
        listed = Product.objects.filter(Exists(self._own().filter(product=OuterRef("pk"))))
        sellers = self._own().order_by().values_list("partnership__supplier_id", flat=True).distinct()
        return rows.filter(product_id__in=find(listed, text, company_ids=list(sellers)).ids)

    def _own(self) -> QuerySet[Listing]:
        return self.request.scope.rows(Listing).filter(company=self.request.scope.company)

    def lines(self) -> list[Any]:
        for row in self.page.rows:
            row.goods, row.choice = row.product, row.variant.name
        return super().lines()


@requires(Can.PRODUCTS)
@require_POST
def set_shelf_price(request: HttpRequest, pk: int) -> HttpResponse:
    """The cell of an own shelf price after an edit; an empty field takes the suggested one, an unreadable amount comes back with a sentence."""
    listing = get_object_or_404(request.scope.rows(Listing).filter(company=request.scope.company), pk=pk)
    error, typed = "", typed_amount(request, pk)
    try:
        set_retail_price(request.scope.company, [listing.pk], amount=read_amount(typed))
    except DomainError as problem:
        error = problem.sentence
    row = with_terms(Listing.objects.filter(pk=listing.pk)).get()
    context = {"row": row, "error": error, "typed": typed, "offer": offers_of([pk])[0]}
    return render(request, "catalog/cells/shelf.html", context)
