"""Making a price list, changing its terms, and saying which partners use it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from catalog.forms import PriceListForm
from catalog.models import PriceList
from catalog.services import assign_price_list, change_price_list, create_price_list
from portal.companies.audit import record
from portal.companies.guard import requires
from portal.companies.models import Partnership, PartnershipState
from portal.companies.permissions import Can
from portal.lib.errors import DomainError


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
    """The form of a list's terms; saving reprices it."""
    price_list = get_object_or_404(request.scope.rows(PriceList), pk=pk)
    form = PriceListForm(request.POST or None, instance=PriceList.objects.get(pk=pk))
    if request.method == "POST" and form.is_valid():
        try:
            moved = change_price_list(price_list, **form.terms)
        except DomainError as error:
            form.add_error(error.field or None, error.sentence)
        else:
            record(
                request.scope.company,
                "price_list.changed",
                target=price_list,
                sentence=f"Changed “{price_list}”: {len(moved):,} prices moved.",
                user=request.user,
            )
            messages.success(request, _moved(len(moved)))
            return redirect("price-list", price_list.pk)
    return _form(request, form, f"Terms of {price_list}", "Save and reprice", price_list)


@requires(Can.PRICES)
def price_list_partners(request: HttpRequest, pk: int) -> HttpResponse:
    """Which partners use the list, and how many units are kept back from each."""
    price_list = get_object_or_404(request.scope.rows(PriceList), pk=pk)
    partnerships = _partnerships(request)
    if request.method == "POST":
        for partnership in partnerships:
            _assign(request, price_list, partnership)
        messages.success(request, f"Saved who uses “{price_list}”. Their catalogue shows it now.")
        return redirect("price-list", price_list.pk)
    context = {"price_list": price_list, "partnerships": partnerships, "title": f"Partners of {price_list}"}
    return render(request, _template(request, "partners"), context)


def _first_is_default(request: HttpRequest, terms: dict[str, object]) -> dict[str, object]:
    """Whatever the box says, the first list is the default one."""
    has_one = request.scope.rows(PriceList).exists()
    return {**terms, "is_default": bool(terms["is_default"]) or not has_one}


def _partnerships(request: HttpRequest) -> list[Partnership]:
    rows = Partnership.objects.filter(supplier=request.scope.company, retailer__isnull=False)
    rows = rows.exclude(state=PartnershipState.ENDED).select_related("retailer", "price_assignment__price_list")
    return list(rows.order_by("retailer__name"))


def _assign(request: HttpRequest, price_list: PriceList, partnership: Partnership) -> None:
    """Follow one partner's box: ticked assigns this list, unticked takes it away if it was this one."""
    held = getattr(partnership, "price_assignment", None)
    uses = held is not None and held.price_list_id == price_list.pk
    wants = request.POST.get(f"uses-{partnership.pk}") == "1"
    buffer = request.POST.get(f"buffer-{partnership.pk}", "")
    units = min(int(buffer), 1_000_000) if buffer.isdigit() else None
    if wants and (not uses or units != held.stock_buffer):
        assign_price_list(partnership, price_list, stock_buffer=units)
    elif uses and not wants:
        assign_price_list(partnership, None)
    if wants != uses:
        verb = "Assigned" if wants else "Took"
        sentence = f"{verb} “{price_list}” {'to' if wants else 'from'} {partnership.retailer}."
        record(request.scope.company, "price_list.assigned", target=price_list, sentence=sentence, user=request.user)


def _form(
    request: HttpRequest, form: PriceListForm, title: str, button: str, price_list: PriceList | None = None
) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "price_list": price_list, "help_slug": "prices"}
    return render(request, _template(request, "form"), context)


def _template(request: HttpRequest, name: str) -> str:
    """The fragment for the drawer, or the page that holds the same."""
    is_drawer = request.method == "GET" and request.headers.get("HX-Request")
    return f"catalog/list_{name}_drawer.html" if is_drawer else f"catalog/list_{name}.html"


def _moved(count: int) -> str:
    if not count:
        return "Saved. No price moved."
    return f"Saved. {count:,} {'price' if count == 1 else 'prices'} moved; listings follow in your partners' stores."
