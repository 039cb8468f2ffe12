"""The retailer's page of one order, and what its people do there."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from catalog.models import Variant
from orders import services
from orders.data import Actor
from orders.holds import HOLDS
from orders.looks import ORDER_LOOKS, PART_LOOKS, retailer_steps
from orders.models import Order, OrderLine, OrderState, Shipment, SupplierOrder, SupplierOrderState
from orders.selectors import events_for_retailer
from orders.services.changing import can_follow
from orders.services.deciding import HELD_STATES
from orders.story import Side, tell
from orders.suggestions import search_goods, suggest
from orders.views.shared import act, own_order, story_of
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.address import Address
from portal.lib.errors import DomainError

# Lines for which suggestions are worked out on one page; the others have the search.
MOST_SUGGESTED = 5


@requires(Can.VIEW)
def order_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole order: what was bought, who ships what, where it is."""
    return render(request, "orders/order.html", _context(request, own_order(request, pk)))


def _context(request: HttpRequest, order: Order) -> dict[str, Any]:
    parts = list(order.supplier_orders.select_related("supplier").exclude(state=SupplierOrderState.CANCELLED))
    parcels = list(
        Shipment.objects.filter(supplier_order__in=parts).select_related("supplier_order__supplier").order_by("pk")
    )
    lines = list(order.lines.select_related("variant__company", "supplier_line__supplier_order__supplier"))
    entries, chips = story_of(request, tell(events_for_retailer(order), side=Side.RETAILER))
    return {
        "title": order.number,
        "order": order,
        "lines": lines,
        "lines_total": sum((line.total for line in lines), Decimal(0)),
        "parts": [(part, PART_LOOKS[part.state]) for part in parts],
        "parcels": parcels,
        "entries": entries,
        "story_chips": chips,
        "steps": retailer_steps(order, parts, parcels),
        "look": ORDER_LOOKS[order.state],
        "ship_to": Address.from_json(order.ship_to).lines(),
        "help_slug": "orders",
        **_work(request, order, lines, parts),
    }


def _work(request: HttpRequest, order: Order, lines: list[OrderLine], parts: list[SupplierOrder]) -> dict[str, Any]:
    """What this person may do now, and what the page offers for it."""
    may_work = request.scope.can(Can.ORDERS)
    is_held = order.state in HELD_STATES and not parts
    codes = {order.held_code, *(line.held_code for line in lines)}
    return {
        "may_work": may_work,
        "may_cancel": may_work and order.state != OrderState.CANCELLED and can_follow(order) and not _is_done(order),
        "may_release": may_work and is_held and order.state == OrderState.HELD,
        "may_pass": any(code in HOLDS and HOLDS[code].may_pass for code in codes),
        "matches": _matches(request, order, lines) if may_work and is_held else {},
    }


def _is_done(order: Order) -> bool:
    return order.state in {OrderState.PARTLY_SHIPPED, OrderState.SHIPPED}


def _matches(request: HttpRequest, order: Order, lines: list[OrderLine]) -> list[dict[str, Any]]:
    """Each line that needs a match with the best guesses, or with what was searched for it."""
    found = []
    asked, text = request.GET.get("line", ""), request.GET.get("find", "").strip()
    for line in [line for line in lines if line.needs_match][:MOST_SUGGESTED]:
        is_asked = str(line.pk) == asked and bool(text)
        goods = search_goods(order.company, text) if is_asked else suggest(order.company, sku=line.sku, name=line.name)
        found.append({"line": line, "goods": goods, "find": text if is_asked else ""})
    return found


@requires(Can.ORDERS)
@require_POST
def match(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """One click: this line is that product, or the retailer's own. Remembered."""
    order = own_order(request, pk)
    line = get_object_or_404(order.lines, pk=line_id)
    actor = Actor.of(request.scope)

    def do() -> str:
        own = request.POST.get("own") == "1"
        variant = None if own else _variant(request.POST.get("variant", ""))
        others = services.match_line(line, variant=variant, own=own, actor=actor)
        return _matched(line, others)

    return act(request, order, do)


def _variant(text: str) -> Variant:
    found = Variant.objects.select_related("company", "product").filter(pk=int(text)) if text.isdigit() else None
    if not found:
        raise DomainError("This product is not there any more. Load the page again and choose another.")
    return found[0]


def _matched(line: OrderLine, others: int) -> str:
    kept = f" We remember it for “{line.sku}”." if line.sku else ""
    freed = f" {others} more {'order goes' if others == 1 else 'orders go'} on with it." if others else ""
    return f"Matched.{kept}{freed}"


@requires(Can.ORDERS)
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at a held order again, letting through what a person may let through."""
    order = own_order(request, pk)

    def do() -> str:
        services.release_hold(order, actor=Actor.of(request.scope))
        order.refresh_from_db()
        if order.state in HELD_STATES:
            raise DomainError(f"The order still waits. {order.held_reason}")
        return "The order goes on."

    return act(request, order, do)


@requires(Can.ORDERS)
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel what nobody has yet."""
    order = own_order(request, pk)

    def do() -> str:
        services.cancel_order_before_sending(order, actor=Actor.of(request.scope))
        return f"Order {order.number} is cancelled here. Refund the customer in your store."

    return act(request, order, do)


@requires(Can.ORDERS)
@require_POST
def write_note(request: HttpRequest, pk: int) -> HttpResponse:
    """A note that every supplier of the order reads at once."""
    order = own_order(request, pk)

    def do() -> str:
        actor, company, text = Actor.of(request.scope), request.scope.company, request.POST.get("text", "")
        parts = list(order.supplier_orders.exclude(state=SupplierOrderState.CANCELLED))
        for part in parts:
            services.write_note(part, text, company=company, actor=actor)
        if not parts:
            raise DomainError("No supplier has a part of this order yet, so nobody would read the note.")
        return "Your partner can read your note now."

    return act(request, order, do)
