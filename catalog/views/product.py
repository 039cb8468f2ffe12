"""One product: its variants, its stock as it changed, its prices as they changed. The owner and its partners see different halves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from catalog.chart import price_chart
from catalog.models import Adoption, EffectivePrice, Listing, PriceChange, Product, StockChange, Variant
from catalog.numbers import shown, with_stock, with_units
from catalog.services import adopt_own, choose, forget_adoption
from catalog.services.tags import set_tags, tags_of
from catalog.stock_age import stock_read_at
from catalog.visibility import visible_to
from portal.companies.audit import record
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError
from portal.ui.navigation import place

HISTORY, KNOWN_TAGS = 20, 50


@requires(Can.VIEW)
def product_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The product for its owner, or for a retailer that it is shared with; 404 for everybody else."""
    own = request.scope.rows(Product).filter(pk=pk).first()
    page = _owners(own) if own else _partners(request, pk)
    place(request, "products" if page.is_own else "catalogue")
    context = {"product": page.product, "page": page, "title": page.product.name, "help_slug": "lists"}
    context["may_match"] = not page.is_own and request.scope.can(Can.PRODUCTS)
    context["may_tag"] = page.is_own and request.scope.can(Can.PRODUCTS)
    context["may_choose"] = page.can_be_chosen and request.scope.can(Can.PRODUCTS)
    return render(request, "catalog/product.html", context)


@requires(Can.PRODUCTS)
@require_POST
def choose_product(request: HttpRequest, pk: int) -> HttpResponse:
    """List all variants of a partner's product; 404 for what is not offered."""
    company = request.scope.company
    if not visible_to(company).filter(product_id=pk).exists():
        raise Http404
    chosen = choose(company, product_ids=[pk])
    fresh = len(chosen.listing_ids)
    said = "It is among your listings already."
    messages.success(
        request, "Chosen. We publish it to your store now; My listings shows how far it is." if fresh else said
    )
    return redirect("product", pk)


@requires(Can.PRODUCTS)
@require_POST
def adopt_product(request: HttpRequest, pk: int) -> HttpResponse:
    """Match by hand: what the store has under another SKU is this variant; an empty SKU forgets the match. 404 for what is not offered."""
    company = request.scope.company
    typed = request.POST.get("variant", "")
    asked = visible_to(company).filter(product_id=pk)
    variant = asked.filter(pk=typed).first() if typed.isdecimal() and len(typed) < 19 else asked.first()
    if variant is None:
        raise Http404
    sku = request.POST.get("sku", "").strip()
    try:
        if sku:
            made = adopt_own(company, variant, sku)
            messages.success(request, f"Matched: {variant} is “{made.own.full_name}” in your store.")
        elif forget_adoption(company, variant.pk):
            messages.success(request, "The match is forgotten. What is published already stays where it is.")
        else:
            messages.error(request, "Type the SKU that your store shows, such as SHOP-77.")
    except DomainError as error:
        messages.error(request, error.sentence)
    return redirect("product", pk)


@requires(Can.PRODUCTS)
@require_POST
def tag_product(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a tag on an own product (``add``) or take one off (``drop``); 404 for another company's."""
    product = get_object_or_404(request.scope.rows(Product), pk=pk)
    words, drop = list(product.tags.values_list("name", flat=True)), request.POST.get("drop", "")
    wanted = [word for word in words if word != drop] if drop else [*words, request.POST.get("add", "")]
    try:
        now = set_tags(request.scope.company, product, wanted)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        said = f"Tags of “{product}”: {', '.join(now) or 'none'}."
        record(request.scope.company, "product.tagged", target=product, sentence=said, user=request.user)
        messages.success(request, "Saved. Prices that a rule makes by tag follow at once.")
    return redirect("product", pk)


@dataclass(frozen=True, slots=True)
class ProductPage:
    """What the page shows. ``is_own`` decides whose words and which amounts."""

    product: Product
    is_own: bool
    variants: list[Any]
    stock: list[StockChange]
    prices: list[Any]
    chart: Any
    lists: list[EffectivePrice]
    listed: int
    # When the supplier's stock was last read as a whole; None where that is not known.
    stock_read_at: datetime | None = None
    untracked: int = 0
    tags: Sequence[str] = ()
    # Tags of other products, to choose from.
    known_tags: Sequence[str] = ()

    @property
    def can_be_chosen(self) -> bool:
        """Whether some variant of a partner's product is not among the viewer's listings."""
        return not self.is_own and self.listed < len(self.variants)


def _owners(product: Product) -> ProductPage:
    variants = list(with_stock(product.variants.order_by("-is_active", "position", "pk"))[:200])
    _name_product(variants, product)
    changes = PriceChange.objects.filter(variant__product=product).select_related("variant").order_by("-at")[:HISTORY]
    first = next((variant for variant in variants if variant.is_active), None)
    return ProductPage(
        product=product,
        is_own=True,
        variants=variants,
        stock=_stock_history(product),
        prices=list(changes),
        chart=_retail_chart(first),
        lists=_on_lists(first),
        listed=Listing.objects.filter(product=product, is_active=True).values("company").distinct().count(),
        tags=list(product.tags.values_list("name", flat=True)),
        known_tags=[name for _, name, _ in tags_of(product.company, most=KNOWN_TAGS)],
        **_age(product, variants),
    )


def _partners(request: HttpRequest, pk: int) -> ProductPage:
    company = request.scope.company
    visible = visible_to(company).filter(product_id=pk)
    variants = list(
        with_units(shown(visible), by="variant").select_related("product__company").order_by("position", "pk")[:200]
    )
    if not variants:
        raise Http404
    product = variants[0].product
    _name_product(variants, product)
    prices = _offered_history(variants[0])
    held = Listing.objects.filter(company=company, product=product).exclude(state="stopped")
    chosen = set(held.values_list("variant_id", flat=True))
    adoptions = Adoption.objects.filter(company=company, variant__product=product).select_related("own__product")
    matched = {one.variant_id: one.own for one in adoptions}
    for variant in variants:
        variant.is_listed, variant.own = variant.pk in chosen, matched.get(variant.pk)
        variant.rate, variant.shelf_currency = variant.its_rate, variant.its_shelf_currency
    chart = price_chart([(p.valid_from, p.amount) for p in reversed(prices)], variants[0].its_currency)
    return ProductPage(product, False, variants, [], prices, chart, [], len(chosen), **_age(product, variants))


def _age(product: Product, variants: list[Any]) -> dict[str, Any]:
    """How old the figures are, and how many variants nobody counts."""
    untracked = sum(1 for variant in variants if variant.is_active and not variant.tracks_stock)
    return {"stock_read_at": stock_read_at([product.company_id]).get(product.company_id), "untracked": untracked}


def _name_product(variants: list[Variant], product: Product) -> None:
    for variant in variants:
        variant.product = product


def _stock_history(product: Product) -> list[StockChange]:
    rows = StockChange.objects.filter(variant__product=product).select_related("variant", "location")
    return list(rows.order_by("-at", "-pk")[:HISTORY])


def _retail_chart(variant: Variant | None) -> Any:
    """The retail price of the first variant over time: every change, and today."""
    if variant is None or variant.price is None:
        return None
    changes = PriceChange.objects.filter(variant=variant, field="price").order_by("at")
    points = [(change.at, change.after) for change in changes if change.after is not None]
    first = changes.first()
    start = (variant.created_at, first.before if first and first.before is not None else variant.price)
    return price_chart([start, *points], variant.currency)


def _on_lists(variant: Variant | None) -> list[EffectivePrice]:
    if variant is None:
        return []
    rows: QuerySet[EffectivePrice] = EffectivePrice.objects.filter(variant=variant, valid_until__isnull=True)
    return list(rows.select_related("price_list").order_by("price_list__name"))


def _offered_history(variant: Any) -> list[EffectivePrice]:
    """What the viewer's list asked for the variant, newest first."""
    rows = EffectivePrice.objects.filter(price_list_id=variant.price_list_id, variant=variant)
    return list(rows.select_related("price_list").order_by("-valid_from", "-pk")[:HISTORY])
