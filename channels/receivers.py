"""From facts to Outbound rows: what orders and catalog announce becomes, in the same transaction, what must reach the stores.

Receivers note work; they never do it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.dispatch import receiver

from catalog import signals as catalog_signals
from catalog.models import Listing
from channels import outbox, supplier_told
from channels.models import Integration, ListingLink, OrderLink, OutboundKind
from channels.problems import raise_problem, resolve_record
from orders import signals as order_signals
from orders.data import Actor
from orders.holds import HOLDS
from orders.models import Order, Shipment, SupplierOrder


def selling_integrations(company_id: int) -> list[int]:
    """The stores that a company sells from, paused ones included: their rows wait."""
    return list(
        Integration.objects.filter(company_id=company_id, sells=True, removed_at=None).values_list("pk", flat=True)
    )


@receiver(catalog_signals.products_changed)
def _products_changed(sender: Any, *, company_id: int, product_ids: Iterable[int], **_: Any) -> None:
    """A supplier's goods changed: every partner's store that has them is told anew."""
    pairs = Listing.objects.filter(product_id__in=list(product_ids)).values_list("company_id", "product_id").distinct()
    _publish(pairs)


@receiver(catalog_signals.listings_changed)
def _listings_changed(sender: Any, *, company_id: int, listing_ids: Iterable[int], **_: Any) -> None:
    """A retailer chose, stopped or repriced goods."""
    pairs = Listing.objects.filter(pk__in=list(listing_ids)).values_list("company_id", "product_id").distinct()
    _publish(pairs)


def _publish(pairs: Iterable[tuple[int, int]]) -> None:
    products: dict[int, list[int]] = {}
    for company_id, product_id in pairs:
        products.setdefault(company_id, []).append(product_id)
    for company_id, product_ids in products.items():
        for integration_id in selling_integrations(company_id):
            outbox.enqueue(integration_id, OutboundKind.PUBLISH, product_ids)


@receiver(catalog_signals.stock_changed)
def _stock_changed(sender: Any, *, variant_ids: Iterable[int], **_: Any) -> None:
    _tell_listings(OutboundKind.STOCK, listing__variant_id__in=list(variant_ids))


@receiver(catalog_signals.prices_changed)
def _prices_changed(sender: Any, *, price_list_id: int, variant_ids: Iterable[int], **_: Any) -> None:
    supplier_told.close_priced(price_list_id, variant_ids)
    _tell_listings(
        OutboundKind.PRICE,
        listing__variant_id__in=list(variant_ids),
        listing__partnership__price_assignment__price_list_id=price_list_id,
    )


@receiver(catalog_signals.shelf_prices_changed)
def _shelf_prices_changed(sender: Any, *, listing_ids: Iterable[int], **_: Any) -> None:
    """A retailer's own price rule changed."""
    _tell_listings(OutboundKind.PRICE, listing_id__in=list(listing_ids))


def _tell_listings(kind: OutboundKind, **which: Any) -> None:
    """One row a published listing and store."""
    by_integration: dict[int, list[int]] = {}
    links = ListingLink.objects.filter(integration__removed_at=None, **which)
    for integration_id, listing_id in links.values_list("integration_id", "listing_id"):
        by_integration.setdefault(integration_id, []).append(listing_id)
    for integration_id, listing_ids in by_integration.items():
        outbox.enqueue(integration_id, kind, listing_ids)


@receiver(order_signals.supplier_order_ready)
def _supplier_order_ready(sender: Any, *, supplier_order: SupplierOrder, **_: Any) -> None:
    """To the supplier's store; a supplier without one works on it by hand in the portal."""
    integration = supplying_integration(supplier_order)
    if integration:
        outbox.enqueue(integration, OutboundKind.CREATE_ORDER, [supplier_order.pk])


def supplying_integration(supplier_order: SupplierOrder) -> Integration | None:
    """The store that holds the goods of a supplier order: the one whose links know its variants."""
    variant_ids = supplier_order.lines.values_list("variant_id", flat=True)
    return (
        Integration.objects.filter(
            company_id=supplier_order.supplier_id,
            supplies=True,
            removed_at=None,
            variant_links__variant_id__in=list(variant_ids),
        )
        .order_by("pk")
        .first()
    )


@receiver(order_signals.shipment_recorded)
def _shipment_recorded(sender: Any, *, shipment: Shipment, **_: Any) -> None:
    """To the store that the order came from."""
    order_id = shipment.supplier_order.order_id
    for link in OrderLink.objects.filter(order_id=order_id, integration__removed_at=None):
        outbox.enqueue(link.integration_id, OutboundKind.CREATE_SHIPMENT, [shipment.pk], order_key=f"order-{order_id}")


@receiver(order_signals.order_held)
def _order_held(sender: Any, *, order: Order, about: str, actor: Actor, **_: Any) -> None:
    """One open reason an order: what held it before is answered by the new reason. Orders that wait for the same SKU or supplier wait for one cause."""
    resolve_record(order, by=actor.user, code__in=list(HOLDS), resolution="Another reason holds it now.")
    raise_problem(
        order.company_id,
        order.held_code or "order_held",
        order.held_reason or f"Order {order.number} is held.",
        record=order,
        record_name=f"Order {order.number}",
        cause_key=f"{order.held_code}:{about}"[:160],
        value=order.total,
        currency=order.currency,
    )
    supplier_told.tell_suppliers(order)


@receiver(order_signals.order_released)
def _order_released(sender: Any, *, order: Order, actor: Actor, **_: Any) -> None:
    resolve_record(order, by=actor.user, resolution="The order goes on.")
    supplier_told.close_answered(order, is_released=True)


@receiver(order_signals.order_changed_at_store)
def _order_changed(sender: Any, *, order: Order, what: str, **_: Any) -> None:
    """Changed after it was pushed: a problem for both sides, each with its own record and amount, never a silent edit."""
    sentence = f"Order {order.number} was changed in its store after it was sent: {what}"
    raise_problem(order.company_id, "changed_at_store", sentence, record=order, record_name=f"Order {order.number}")
    for part in order.supplier_orders.exclude(supplier=order.company_id):
        raise_problem(part.supplier_id, "changed_at_store", sentence, record=part)
