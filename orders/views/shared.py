"""What several pages of orders need: finding the record within the scope, saying what came of an action, the timeline's filter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from orders.models import Order, SupplierOrder
from orders.story import Entry
from portal.lib.errors import DomainError


def own_part(request: HttpRequest, reference: str) -> SupplierOrder:
    """The supplier order ``reference`` if the company of this request ships it; 404 otherwise."""
    rows = request.scope.rows(SupplierOrder).filter(supplier=request.scope.company)
    return get_object_or_404(
        rows.select_related("order__company", "retailer", "supplier", "partnership", "price_list"), reference=reference
    )


def own_order(request: HttpRequest, pk: int) -> Order:
    """The customer order ``pk`` of the company of this request; 404 otherwise."""
    return get_object_or_404(request.scope.rows(Order).select_related("company"), pk=pk)


def act(request: HttpRequest, record: Order | SupplierOrder, action: Callable[[], str | None]) -> HttpResponse:
    """Do ``action`` and go back to the record's page with its sentence; a DomainError is shown as its sentence."""
    try:
        said = action()
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        if said:
            messages.success(request, said)
    return redirect(record)


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """A chip over the timeline."""

    key: str
    label: str
    is_on: bool


_FILTERS: dict[str, tuple[str, Callable[[Entry], bool]]] = {
    "": ("Everything", lambda entry: True),
    "people": ("People", lambda entry: entry.is_person),
    "systems": ("Systems", lambda entry: not entry.is_person),
}


def story_of(request: HttpRequest, entries: Iterable[Entry]) -> tuple[list[Entry], list[StoryFilter]]:
    """The entries under the chip chosen in the address, and the chips."""
    chosen = request.GET.get("who", "")
    chosen = chosen if chosen in _FILTERS else ""
    keep = _FILTERS[chosen][1]
    chips = [StoryFilter(key, label, key == chosen) for key, (label, _) in _FILTERS.items()]
    return [entry for entry in entries if keep(entry)], chips
