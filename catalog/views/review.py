"""Before goods are published: what they lack, and what the store has already, to take over instead of making it twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from catalog.models import Adoption, Variant
from catalog.readiness import readiness_of
from catalog.services import Twin, adopt, choose, twins_of
from catalog.visibility import visible_to
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

# So many products fit into an address; who has more publishes in several goes.
MOST = 300
MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Match:
    """A partner's variant and the product of the store that looks like it. What has the same SKU is taken over in any case."""

    variant: Variant
    own: Variant
    how: str

    @property
    def is_fixed(self) -> bool:
        return self.how == Adoption.How.SKU

    @property
    def words(self) -> str:
        return Adoption.How(self.how).label


def review_url(product_ids: list[int]) -> str:
    """The page that looks at these products."""
    query = QueryDict(mutable=True)
    query.setlist("product", [str(pk) for pk in product_ids[:MOST]])
    return f"{reverse('catalogue-review')}?{query.urlencode()}"


@requires(Can.PRODUCTS)
def review(request: HttpRequest) -> HttpResponse:
    """What publishing the products named in the address would do; a POST does it."""
    company = request.scope.company
    ids = [int(text) for text in request.GET.getlist("product")[:MOST] if text.isdecimal() and len(text) < 19]
    offered = visible_to(company).filter(product_id__in=ids)
    twins = twins_of(company, offered.values_list("pk", flat=True))
    if request.method == "POST":
        return _publish(request, ids, twins)
    matches = _matches(list(twins.values()))
    context: dict[str, Any] = {
        "title": "Before you publish",
        "help_slug": "listings",
        "readiness": readiness_of(company, product_ids=ids),
        "matches": matches[:MOST_SHOWN],
        "matched": len(matches),
        "more": max(len(matches) - MOST_SHOWN, 0),
        "was_cut": len(request.GET.getlist("product")) >= MOST,
    }
    return render(request, "catalog/review.html", context)


def _publish(request: HttpRequest, ids: list[int], twins: dict[int, Twin]) -> HttpResponse:
    company = request.scope.company
    wanted = {int(text) for text in request.POST.getlist("adopt") if text.isdecimal() and len(text) < 19}
    pairs = {pk: twin.own_id for pk, twin in twins.items() if pk in wanted and twin.how == Adoption.How.BARCODE}
    try:
        adopted = adopt(company, pairs, how=Adoption.How.BARCODE)
        chosen = choose(company, product_ids=ids)
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect(request.get_full_path())
    adopted += sum(1 for twin in twins.values() if twin.how == Adoption.How.SKU)
    fresh = len(chosen.listing_ids)
    taken = f" {adopted:,} of them take over what your store has." if adopted and fresh else ""
    said = "All of these are among your listings already."
    messages.success(request, f"{fresh:,} chosen. We publish them to your store now.{taken}" if fresh else said)
    return redirect("listings")


def _matches(twins: list[Twin]) -> list[Match]:
    ids = {pk for twin in twins for pk in (twin.variant_id, twin.own_id)}
    rows = Variant.objects.filter(pk__in=ids).select_related("product").in_bulk()
    found = [Match(rows[twin.variant_id], rows[twin.own_id], str(twin.how)) for twin in twins]
    return sorted(found, key=lambda one: (one.is_fixed, one.variant.full_name))
