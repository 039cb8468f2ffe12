"""Entering an order by hand."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from catalog.numbers import offered_variants
from orders.data import Actor
from orders.forms import AddressForm, Basket, EnteredForm, entered_order
from orders.models import Order
from orders.services import enter_order
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

# SKUs offered while typing; any other that a partner offers may be typed as well.
OFFERED = 500


@requires(Can.ORDERS)
def enter(request: HttpRequest) -> HttpResponse:
    """Goods, where to, and it goes the same way as an order of the store."""
    posted = request.POST or None
    head = EnteredForm(posted, initial={"token": uuid.uuid4().hex})
    address = AddressForm(posted, initial={"country": request.scope.company.country})
    basket = Basket(request.scope.company, request.POST.getlist("sku"), request.POST.getlist("quantity"))
    order = _entered(request, head, address, basket) if posted is not None else None
    if order is not None:
        return redirect(order)
    return render(request, "orders/enter.html", _context(request, head, address, basket))


def _entered(request: HttpRequest, head: EnteredForm, address: AddressForm, basket: Basket) -> Order | None:
    """The order that was entered; None when something typed is wrong, which the forms then say."""
    if not all([head.is_valid(), address.is_valid(), basket.is_valid]):
        if not basket.filled:
            head.add_error(None, "Enter at least one SKU: your catalogue has them.")
        return None
    try:
        imported = enter_order(
            request.scope.company, entered_order(head, address, basket), actor=Actor.of(request.scope)
        )
    except DomainError as error:
        head.add_error(None, error.sentence)
        return None
    messages.success(request, f"Order {imported.order.number} is entered.")
    return imported.order


def _context(request: HttpRequest, head: EnteredForm, address: AddressForm, basket: Basket) -> dict[str, Any]:
    goods = offered_variants(request.scope.company).exclude(sku="").order_by("pk")
    return {
        "title": "Enter an order",
        "head": head,
        "address": address,
        "basket": basket,
        "goods": sorted(goods.values_list("sku", "product__name", "name", "company__name")[:OFFERED]),
        "help_slug": "orders",
    }
