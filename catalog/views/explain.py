"""Why a price is what it is, now or at a past moment, as a sum; and its history as a line."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from catalog.chart import PriceChart, price_chart
from catalog.margin_words import plain_number
from catalog.models import EffectivePrice, PriceList, Variant
from catalog.moments import list_at
from catalog.pricing import COST, MSRP, Price
from catalog.pricing.change import Change
from catalog.services import open_revision
from catalog.services.previews import planned_prices
from catalog.views.grid import decorate, priced
from portal.companies.guard import requires
from portal.companies.models import Partnership
from portal.companies.permissions import Can
from portal.lib import clock
from portal.lib.money import parse_decimal

BASES = {COST: "Cost", MSRP: "List price (MSRP)"}
HISTORY, DOTS = 8, 200


@requires(Can.VIEW)
def explain(request: HttpRequest, pk: int, variant_id: int) -> HttpResponse:
    """The sum of one variant's price on the list: of today, of ``?at=`` (a time), or of what ``?partner=`` paid at that time."""
    price_list = get_object_or_404(request.scope.rows(PriceList), pk=pk)
    own = request.scope.rows(Variant).filter(pk=variant_id).select_related("product")
    row = decorate(get_object_or_404(priced(own, price_list)))
    partner, at = _partner(request), _typed_moment(request)
    at = clock.now() if partner and at is None else at
    had = list_at(partner, at) if partner and at else price_list.pk
    shown_list = request.scope.rows(PriceList).filter(pk=had).first() or price_list
    rows = EffectivePrice.objects.filter(price_list=had, variant=variant_id)
    price = _at(rows, at) if at else rows.filter(valid_until__isnull=True).first()
    history = list(rows.order_by("-valid_from", "-pk")[:DOTS])
    context = {
        "row": row,
        "price": price,
        "sum": _sum(price) if price else {},
        "price_list": shown_list,
        "planned": None if at else _planned(price_list, variant_id),
        "at": at,
        "asked": request.GET.get("at", ""),
        "zone": request.scope.company.time_zone,
        "history": history[:HISTORY],
        "chart": _chart(history, shown_list),
        "is_page": "page" in request.GET,
        "page_list": price_list,
        "partners": _partners(price_list),
        "partner": request.GET.get("partner", ""),
        "had_none": had is None,
        "title": f"Why {row.sku or row.full_name}",
    }
    is_fragment = request.headers.get("HX-Request") or "page" not in request.GET
    return render(request, "catalog/explain.html" if is_fragment else "catalog/explain_page.html", context)


def _planned(price_list: PriceList, variant_id: int) -> Price | None:
    """What the draft makes of it, where there is a draft."""
    revision = open_revision(price_list)
    return (
        planned_prices(price_list, Change.from_json(revision.change), [variant_id])[0].get(variant_id)
        if revision
        else None
    )


def _sum(price: EffectivePrice) -> dict[str, str]:
    """The stored facts with the few words that depend on them."""
    facts = dict(price.explanation)
    off = parse_decimal(facts.get("off") or facts.get("percent"))
    facts["base_words"] = BASES.get(facts.get("basis", ""), "Supplier retail")
    if off is not None:
        unit = "" if facts.get("off") else " %"
        facts["step_words"] = f"{'+' if off < 0 else '−'} {plain_number(abs(off))}{unit}"
    return facts


def _at(rows: QuerySet[EffectivePrice], at: datetime) -> EffectivePrice | None:
    return rows.filter(valid_from__lte=at).exclude(valid_until__lte=at).order_by("-valid_from").first()


def _typed_moment(request: HttpRequest) -> datetime | None:
    """A moment in the company's zone; None for none, or for one that cannot be read."""
    try:
        moment = datetime.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        return None
    return moment.replace(tzinfo=ZoneInfo(request.scope.company.time_zone)) if moment.tzinfo is None else moment


def _partner(request: HttpRequest) -> Partnership | None:
    """The partner in ``?partner=``; None where nobody was asked for, 404 for another company's."""
    asked = request.GET.get("partner", "")
    if not (asked.isdecimal() and len(asked) < 19):
        return None
    return get_object_or_404(Partnership, pk=asked, supplier=request.scope.company)


def _chart(history: list[EffectivePrice], price_list: PriceList) -> PriceChart | None:
    points = [(one.valid_from, one.amount) for one in reversed(history)]
    return price_chart(points, price_list.currency) if len(points) > 1 else None


def _partners(price_list: PriceList) -> list[tuple[int, str]]:
    rows = Partnership.objects.filter(supplier=price_list.company_id, retailer__isnull=False)
    return list(rows.order_by("retailer__name").values_list("pk", "retailer__name")[:50])
