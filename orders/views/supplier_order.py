"""The supplier's page of one order, and what its people do there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from orders import services
from orders.data import Actor
from orders.forms import ParcelForm
from orders.looks import SUPPLIER_LOOKS, due_of, supplier_steps
from orders.models import SupplierOrder, SupplierOrderState
from orders.selectors import events_for_supplier
from orders.story import Side, tell
from orders.views.shared import act, own_part, story_of
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.address import Address
from portal.lib.errors import DomainError

S = SupplierOrderState


@requires(Can.VIEW)
def supplier_order_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The order as its supplier works on it; its retailer is sent to its own page of the whole order."""
    shared = get_object_or_404(request.scope.rows(SupplierOrder), reference=reference)
    if shared.supplier_id != request.scope.company.pk:
        return redirect("order", shared.order_id)
    return render(request, "orders/supplier_order.html", _context(request, own_part(request, reference)))


def _context(request: HttpRequest, part: SupplierOrder) -> dict[str, Any]:
    lines = list(part.lines.select_related("variant__product"))
    parcels = list(part.shipments.prefetch_related("lines__line"))
    entries, chips = story_of(request, tell(events_for_supplier(part), side=Side.SUPPLIER))
    is_open = part.state not in {S.SHIPPED, S.CANCELLED}
    may_work = request.scope.can(Can.ORDERS)
    return {
        "title": part.reference,
        "part": part,
        "lines": lines,
        "parcels": parcels,
        "entries": entries,
        "story_chips": chips,
        "steps": supplier_steps(part, parcels),
        "look": SUPPLIER_LOOKS[part.state],
        "due": due_of(part),
        "ship_to": Address.from_json(part.ship_to).lines(),
        "units": sum(line.quantity for line in lines),
        "shipped": sum(line.quantity_shipped for line in lines),
        "left": sum(line.quantity_open for line in lines),
        "may_ship": may_work and is_open and part.is_accepted and any(line.quantity_open for line in lines),
        "may_accept": may_work and is_open and not part.is_accepted,
        "may_work": may_work,
        "help_slug": "orders",
    }


@requires(Can.ORDERS)
@require_POST
def accept(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the order on."""
    part = own_part(request, reference)

    def do() -> str:
        services.accept_supplier_order(part, actor=Actor.of(request.scope))
        return f"{part.reference} is accepted. {part.retailer} was told."

    return act(request, part, do)


@requires(Can.ORDERS)
@require_POST
def send_again(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a refused order on once more."""
    part = own_part(request, reference)

    def do() -> str:
        services.release_hold(part, actor=Actor.of(request.scope))
        return f"{part.reference} is on its way to your store again."

    return act(request, part, do)


@requires(Can.ORDERS)
def ship(request: HttpRequest, reference: str) -> HttpResponse:
    """The form for one parcel: a drawer over the order's page, or a page of its own."""
    part = own_part(request, reference)
    if part.shipments.filter(source_key=f"hand:{request.POST.get('token', '')}").exists():
        messages.success(request, "This parcel was recorded already.")
        return redirect(part)
    form = ParcelForm(request.POST or None, supplier_order=part)
    if request.method == "POST" and form.is_valid():
        try:
            services.record_shipment(part, form.parcel(), Actor.of(request.scope))
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(request, _shipped(part))
            return redirect(part)
    template = "orders/ship_drawer.html" if request.headers.get("HX-Request") else "orders/ship.html"
    context = {"part": part, "form": form, "title": f"Ship {part.reference}", "help_slug": "orders"}
    return render(request, template, context)


def _shipped(part: SupplierOrder) -> str:
    what = "is shipped completely" if part.state == S.SHIPPED else "is partly shipped"
    return f"{part.reference} {what}. {part.retailer} gets the tracking at once."


@requires(Can.ORDERS)
@require_POST
def write_note(request: HttpRequest, reference: str) -> HttpResponse:
    """A note that the retailer reads at once."""
    part = own_part(request, reference)

    def do() -> str:
        actor, company = Actor.of(request.scope), request.scope.company
        services.write_note(part, request.POST.get("text", ""), company=company, actor=actor)
        return f"{part.retailer} can read your note now."

    return act(request, part, do)


@requires(Can.VIEW)
def packing_slip(request: HttpRequest, reference: str) -> HttpResponse:
    """The slip to put into the parcel: the retailer's name and the goods, no prices."""
    part = own_part(request, reference)
    context = {
        "part": part,
        "lines": part.lines.all(),
        "ship_to": Address.from_json(part.ship_to).lines(),
        "title": f"Packing slip {part.reference}",
    }
    return render(request, "orders/packing_slip.html", context)
