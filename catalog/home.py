"""What the catalogue adds to Home, search, getting started and the partners' pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse

from catalog.models import (
    Listing,
    ListingState,
    PriceList,
    PriceListAssignment,
    PriceListState,
    PriceRevision,
    Product,
    RevisionState,
    Variant,
    sku_key,
)
from catalog.search import find, in_order
from catalog.selectors import partners_without_list
from catalog.visibility import offered_products, sellers_to
from portal.companies.models import Company, Partnership, PartnershipState
from portal.companies.notices import Notice
from portal.companies.permissions import Can
from portal.companies.scope import Scope
from portal.ui.finding import MOST, Hit
from portal.ui.todo import Step, Todo


def todos(scope: Scope) -> Iterable[Todo]:
    """Partners that see nothing for want of a price list, and colleagues' changes of prices that wait for a yes."""
    if not (scope.company.is_supplier and scope.can(Can.PRICES)):
        return
    yield from _approvals(scope)
    for partnership in partners_without_list(scope.company)[:5]:
        if partnership.retailer:
            yield Todo(
                title=f"Assign a price list to {partnership.retailer}",
                consequence="They see 0 products, and their orders cannot be priced.",
                url=reverse("prices"),
                action="Open prices",
                weight=70,
            )


def _approvals(scope: Scope) -> Iterable[Todo]:
    """One's own change is for somebody else to approve."""
    rows = PriceRevision.objects.filter(price_list__company=scope.company, state=RevisionState.WAITING)
    mine = Q(submitted_by=scope.user) | Q(created_by=scope.user)
    for revision in rows.exclude(mine).select_related("price_list", "submitted_by").order_by("submitted_at")[:5]:
        yield Todo(
            title=f"Approve prices of “{revision.price_list}”",
            consequence=f"{revision.submitted_by or 'A key'} asked for it. Partners pay the old prices until then.",
            url=reverse("price-list-preview", args=[revision.price_list_id]),
            action="Look at the change",
            weight=65,
        )


def steps(scope: Scope) -> Iterable[Step]:
    """Prices set (suppliers) and goods chosen (retailers)."""
    if scope.company.is_supplier:
        yield _prices_step(scope.company)
    if scope.company.is_retailer:
        yield _goods_step(scope.company)


def _prices_step(company: Company) -> Step:
    has_list = PriceList.objects.filter(company=company, state=PriceListState.LIVE).exists()
    lonely = partners_without_list(company) if has_list else []
    names = ", ".join(str(one.retailer) for one in lonely if one.retailer)
    return Step(
        order=30,
        title="Set your prices",
        sentence="Take a percentage off your retail prices and choose which partners use the list.",
        url=reverse("prices"),
        action="Open prices" if has_list else "Set prices",
        is_done=has_list and not names,
        blocker=f"No price list is assigned to {names}: they see 0 products." if names else "",
        estimate="5 min",
        why="Without a price list partners see no products and orders cannot be priced.",
    )


def _goods_step(company: Company) -> Step:
    chosen = Listing.objects.filter(company=company).exclude(state=ListingState.STOPPED).exists()
    return Step(
        order=45,
        title="Choose goods to sell",
        sentence="Pick products in the catalogue; we publish them to your store and keep stock and prices right.",
        url=reverse("catalogue"),
        action="Open the catalogue",
        is_done=chosen,
        estimate="5 min",
        why="Only chosen goods are published, and only their orders are passed on.",
    )


def find_products(scope: Scope, text: str) -> Iterable[Hit]:
    """Own goods and those of partners, typos forgiven; a variant whose SKU begins so stands for its product."""
    mine = Product.objects.filter(company=scope.company, is_active=True)
    yield from _hits(mine, text, [scope.company.pk], lambda product: "your product")
    if scope.company.is_retailer:
        theirs = offered_products(scope.company)
        yield from _hits(theirs, text, sellers_to(scope.company), lambda product: f"from {product.company}")


def _hits(
    products: QuerySet[Product], text: str, company_ids: Sequence[int], detail: Callable[[Product], str]
) -> Iterable[Hit]:
    found = find(products, text, company_ids=company_ids, most=MOST)
    if not found.ids:
        return
    begins = Variant.objects.filter(product=OuterRef("pk"), is_active=True).annotate(
        is_other=Case(When(sku_key__startswith=sku_key(text), then=0), default=1)
    )
    best = begins.order_by("is_other", "position", "pk")
    rows = in_order(products.select_related("company"), found).annotate(sku=Subquery(best.values("sku")[:1]))
    for product in rows.order_by("found_at"):
        yield Hit(product.name, reverse("product", args=[product.pk]), detail(product), product.sku or "")


def price_list_notices(company: Company, partnerships: Sequence[Partnership]) -> Mapping[int, Sequence[Notice]]:
    """What a partnership lacks for want of a live price list, in the words of the side that looks."""
    trading = [one for one in partnerships if one.state == PartnershipState.ACCEPTED]
    with_list = set(
        PriceListAssignment.objects.filter(partnership__in=trading, price_list__state=PriceListState.LIVE).values_list(
            "partnership_id", flat=True
        )
    )
    return {one.pk: (_notice(company, one),) for one in trading if one.pk not in with_list}


def _notice(company: Company, partnership: Partnership) -> Notice:
    if partnership.supplier_id == company.pk:
        sentence = f"No price list is assigned to {partnership.retailer}: they see 0 products."
        return Notice(sentence, reverse("prices"), "Assign a price list")
    return Notice(f"{partnership.supplier} has not assigned a price list to you yet: you see 0 of their products.")
