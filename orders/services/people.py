"""What people say of an order: what a line is, and notes to the partner."""

from __future__ import annotations

from django.db import transaction

from catalog.models import Variant, sku_key
from catalog.selectors import is_offered
from catalog.services import remember_match
from orders.data import PORTAL, Actor
from orders.models import Audience, EventKind, LineKind, Order, OrderEvent, OrderLine, SupplierOrder
from orders.services.deciding import HELD_STATES, UNDECIDED, decide
from orders.services.locks import lock_order
from orders.workflow import note
from portal.companies.models import Company, Partnership, PartnershipState
from portal.lib.errors import DomainError, InvalidMove


def match_line(
    line: OrderLine, *, actor: Actor, variant: Variant | None = None, own: bool = False, remember: bool = True
) -> int:
    """Say what ``line`` is: ``variant`` of a partner, or the retailer's ``own`` goods. Decides its order anew.

    With ``remember`` the answer holds for every later order, and for the orders that wait with the same SKU; returns how many of those others go on now.
    Raises DomainError when the goods are not offered by a trading partner, InvalidMove once the order is under way.
    """
    if own == (variant is not None):
        raise DomainError("Choose a product, or say that it is your own.", field="variant")
    with transaction.atomic():
        order = lock_order(line.order_id)
        if order.state not in UNDECIDED:
            raise InvalidMove(f"Order {order.number} is under way already, so its lines stay as they are.")
        if variant is not None:
            _check_offered(order, variant)
        _set(order, line, variant, actor)
        if remember and sku_key(line.sku):
            remember_match(order.company, line.sku, variant)
        decide(order, actor=actor)
    return _match_others(order, line, actor) if remember and sku_key(line.sku) else 0


def _check_offered(order: Order, variant: Variant) -> None:
    partnerships = Partnership.objects.filter(
        supplier=variant.company_id, retailer=order.company_id, state=PartnershipState.ACCEPTED
    )
    if not any(is_offered(partnership, [variant.pk]) for partnership in partnerships):
        raise DomainError(
            f"{variant} is not offered to you by a partner you trade with. Choose one of the suggested products.",
            field="variant",
        )


def _set(order: Order, line: OrderLine, variant: Variant | None, actor: Actor) -> None:
    line.kind = LineKind.GOODS if variant else LineKind.OWN
    line.variant, line.listing = variant, None
    line.save(update_fields=["kind", "variant", "listing"])
    note(
        order,
        kind=EventKind.MATCHED,
        actor=actor,
        audience=Audience.RETAILER,
        sku=line.sku,
        name=line.name[:80],
        to=str(variant.sku or variant.full_name) if variant else "",
        supplier=variant.company.name if variant else "",
    )


def _match_others(order: Order, line: OrderLine, actor: Actor) -> int:
    """Decide the other orders that wait with the same SKU, each in its own transaction."""
    waiting = OrderLine.objects.filter(
        order__company=order.company_id,
        order__state__in=HELD_STATES,
        kind=LineKind.GOODS,
        variant=None,
        sku__iexact=line.sku.strip(),
    ).exclude(order=order)
    ids = waiting.values_list("order_id", flat=True).distinct().order_by("order_id")
    return sum(_decide_again(pk, actor) for pk in ids)


@transaction.atomic
def _decide_again(order_id: int, freed_by: Actor) -> bool:
    order = lock_order(order_id)
    if order.state not in HELD_STATES:
        return False
    decide(order, actor=PORTAL, freed_by=freed_by)
    return order.state not in HELD_STATES


@transaction.atomic
def write_note(supplier_order: SupplierOrder, text: str, *, company: Company, actor: Actor) -> OrderEvent:
    """A note of ``company``'s to the other side of ``supplier_order``, who reads it at once. Raises DomainError for an empty one."""
    clean = text.strip()[:1000]
    if not clean:
        raise DomainError("Write what your partner should know.", field="text")
    return note(supplier_order, kind=EventKind.NOTE, actor=actor, what="text", text=clean, company=company.pk)
