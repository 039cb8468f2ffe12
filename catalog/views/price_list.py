"""Making a price list, changing its terms, and saying which partners use it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from catalog.forms import PriceListForm
from catalog.models import ListException, PriceList, PriceListAssignment
from catalog.pricing.change import Change
from catalog.services import (
    assign_price_list,
    create_price_list,
    draft_change,
    drop_exception,
    plan_exception,
    publish_change,
)
from catalog.services.lists import terms_change
from catalog.services.releasing import goes_to_draft
from catalog.services.revisions import working_list
from portal.companies.audit import record
from portal.companies.guard import requires
from portal.companies.models import Partnership, PartnershipState
from portal.companies.permissions import Can
from portal.lib.errors import Conflict, DomainError


@requires(Can.PRICES)
def new_price_list(request: HttpRequest) -> HttpResponse:
    """The form of a new list; the list is priced as soon as it is saved."""
    form = PriceListForm(request.POST or None, instance=PriceList(company=request.scope.company))
    if request.method == "POST" and form.is_valid():
        terms = dict(form.terms)
        try:
            made = create_price_list(request.scope.company, name=terms.pop("name"), **_first_is_default(request, terms))
        except DomainError as error:
            form.add_error(error.field or None, error.sentence)
        else:
            record(
                request.scope.company,
                "price_list.created",
                target=made,
                sentence=f"Made the price list “{made}”.",
                user=request.user,
            )
            messages.success(
                request, f"“{made}” is made and every product has its price. Choose the partners that use it next."
            )
            return redirect("price-list", made.pk)
    return _form(request, form, "New price list", "Make the list")


@requires(Can.PRICES)
def price_list_terms(request: HttpRequest, pk: int) -> HttpResponse:
    """The form of a list's terms; saving reprices it, or keeps the change in the draft and opens its preview."""
    price_list = get_object_or_404(request.scope.rows(PriceList), pk=pk)
    working, waits = working_list(price_list), goes_to_draft(price_list)
    form = PriceListForm(request.POST or None, instance=working_list(price_list))
    if request.method == "POST" and form.is_valid():
        try:
            _refuse_if_changed(request, working, form.terms)
            change = terms_change(working, form.terms)
            return _save_terms(request, price_list, change, waits=waits or "preview" in request.POST)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
    button = "Save and preview" if waits else "Save and reprice"
    return _form(request, form, f"Terms of {price_list}", button, price_list, waits=waits, seen=_version(price_list))


def _save_terms(request: HttpRequest, price_list: PriceList, change: Change, *, waits: bool) -> HttpResponse:
    if waits and change:
        draft_change(price_list, change, by=request.user)
        return redirect("price-list-preview", price_list.pk)
    moved = publish_change(price_list, change, by=request.user)
    sentence = f"Changed “{price_list}”: {len(moved):,} prices moved."
    record(request.scope.company, "price_list.changed", target=price_list, sentence=sentence, user=request.user)
    messages.success(request, _moved(len(moved)))
    return redirect("price-list", price_list.pk)


def _version(price_list: PriceList) -> str:
    return price_list.updated_at.isoformat()


def _refuse_if_changed(request: HttpRequest, price_list: PriceList, terms: dict[str, Any]) -> None:
    """Raise Conflict naming both values where somebody saved other terms while this form was open."""
    if request.POST.get("seen", _version(price_list)) == _version(price_list):
        return
    differing = [name for name, value in terms.items() if getattr(price_list, name) != value]
    if differing:
        said = "; ".join(
            f"{name.replace('_', ' ')} is {_shown(getattr(price_list, name))} now, you have {_shown(terms[name])}"
            for name in differing
        )
        raise Conflict(f"The list changed while you had this open: {said}. Save again to keep yours.")


def _shown(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "empty" if value in (None, "") else str(value)


@requires(Can.PRICES)
def price_list_partners(request: HttpRequest, pk: int) -> HttpResponse:
    """Which partners use the list, and how many units are kept back from each."""
    price_list = get_object_or_404(request.scope.rows(PriceList), pk=pk)
    uses, error = _uses(request, price_list), ""
    if request.method == "POST":
        try:
            for use in uses:
                _follow(request, price_list, use)
        except DomainError as problem:
            error = problem.sentence
        else:
            messages.success(request, f"Saved who uses “{price_list}”. Their catalogue shows it now.")
            return redirect("price-list", price_list.pk)
    context = {
        "price_list": price_list,
        "uses": uses,
        "title": f"Partners of {price_list}",
        "error": error,
        "zone": request.scope.company.time_zone,
    }
    return render(request, _template(request, "partners"), context)


def _first_is_default(request: HttpRequest, terms: dict[str, Any]) -> dict[str, Any]:
    """Whatever the box says, the first list is the default one."""
    has_one = request.scope.rows(PriceList).exists()
    return {**terms, "is_default": bool(terms["is_default"]) or not has_one}


@dataclass(frozen=True, slots=True)
class Use:
    """A partner, whether it has the list now, and whether it has it (or would) as an exception for the list's period."""

    partnership: Partnership
    is_now: bool
    is_exception: bool


def _uses(request: HttpRequest, price_list: PriceList) -> list[Use]:
    """What each partner has of the list: by assignment, or as an exception."""
    rows = Partnership.objects.filter(supplier=request.scope.company, retailer__isnull=False)
    rows = rows.exclude(state=PartnershipState.ENDED).select_related("retailer", "price_assignment__price_list")
    excepted = set(ListException.objects.filter(price_list=price_list).values_list("partnership_id", flat=True))
    return [_use(one, price_list, is_excepted=one.pk in excepted) for one in rows.order_by("retailer__name")]


def _use(partnership: Partnership, price_list: PriceList, *, is_excepted: bool) -> Use:
    held: PriceListAssignment | None = getattr(partnership, "price_assignment", None)
    is_assigned = held is not None and held.price_list_id == price_list.pk
    has_usual = held is not None and (held.usual_list_id is not None or not is_assigned)
    is_exception = is_excepted or bool(price_list.has_period and has_usual)
    return Use(partnership, is_excepted or is_assigned, is_exception)


def _follow(request: HttpRequest, price_list: PriceList, use: Use) -> None:
    """Follow one partner's box: ticked assigns this list (for its period, beside a usual one), unticked takes it away."""
    partnership = use.partnership
    wants, buffer = request.POST.get(f"uses-{partnership.pk}") == "1", request.POST.get(f"buffer-{partnership.pk}", "")
    units = min(int(buffer), 1_000_000) if buffer.isdigit() else None
    if use.is_exception:
        if wants != use.is_now:
            (plan_exception if wants else drop_exception)(partnership, price_list)
    else:
        _assign_for_good(price_list, use, wants=wants, units=units)
    if wants != use.is_now:
        verb = "Assigned" if wants else "Took"
        sentence = f"{verb} “{price_list}” {'to' if wants else 'from'} {partnership.retailer}."
        record(request.scope.company, "price_list.assigned", target=price_list, sentence=sentence, user=request.user)


def _assign_for_good(price_list: PriceList, use: Use, *, wants: bool, units: int | None) -> None:
    if wants and (not use.is_now or units != use.partnership.price_assignment.stock_buffer):
        assign_price_list(use.partnership, price_list, stock_buffer=units)
    elif use.is_now and not wants:
        assign_price_list(use.partnership, None)


def _form(
    request: HttpRequest,
    form: PriceListForm,
    title: str,
    button: str,
    price_list: PriceList | None = None,
    **extra: object,
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "price_list": price_list, "help_slug": "prices", **extra}
    return render(request, _template(request, "form"), context)


def _template(request: HttpRequest, name: str) -> str:
    """The fragment for the drawer, or the page that holds the same."""
    is_drawer = request.method == "GET" and request.headers.get("HX-Request")
    return f"catalog/list_{name}_drawer.html" if is_drawer else f"catalog/list_{name}.html"


def _moved(count: int) -> str:
    if not count:
        return "Saved. No price moved."
    return f"Saved. {count:,} {'price' if count == 1 else 'prices'} moved; listings follow in your partners' stores."
