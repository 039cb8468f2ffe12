"""From a store's order to the orders app's import record: lines resolved by their ids to listings or the store's own goods."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from channels.contract import ChannelOrder, ChannelOrderLine, RemoteOrderState
from channels.models import Integration, ListingLink, ProductLink
from orders.data import OrderData, OrderLineData


class LineResolver:
    """Knows, for a page of orders, what each remote product is: a listing of a partner's goods, the store's own, or unknown. Two queries."""

    def __init__(self, integration: Integration, orders: Sequence[ChannelOrder]) -> None:
        product_ids = {line.remote_product_id for order in orders for line in order.lines if line.remote_product_id}
        self.listings = {
            (product, variant): (listing_id, variant_id)
            for product, variant, listing_id, variant_id in ListingLink.objects.filter(
                integration=integration, remote_product_id__in=product_ids
            ).values_list("remote_product_id", "remote_id", "listing_id", "listing__variant_id")
        }
        self.own = set(
            ProductLink.objects.filter(integration=integration, remote_id__in=product_ids).values_list(
                "remote_id", flat=True
            )
        )

    def unknown_products(self, orders: Sequence[ChannelOrder]) -> set[str]:
        """Their ids of products on these orders that are neither a listing nor known as the store's own."""
        named = {line.remote_product_id for order in orders for line in order.lines if line.remote_product_id}
        return named - self.own - {product for product, _ in self.listings}

    def line(self, line: ChannelOrderLine) -> OrderLineData:
        listing_id, variant_id = self.listings.get((line.remote_product_id, line.remote_variant_id), (None, None))
        return OrderLineData(
            source_line_id=line.remote_id,
            sku=line.sku[:255],
            name=line.name[:400],
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            tax=line.tax,
            total=line.total,
            variant_id=variant_id,
            listing_id=listing_id,
            is_own=listing_id is None and line.remote_product_id in self.own,
            is_charge=line.is_charge,
        )


def order_data(order: ChannelOrder, resolver: LineResolver) -> OrderData:
    """The import record of a store's order."""
    return OrderData(
        number=order.number[:60],
        source_id=order.remote_id,
        placed_at=order.placed_at,
        currency=order.currency,
        subtotal=order.subtotal,
        discount=order.discount,
        tax=order.tax,
        shipping=order.shipping,
        total=order.total,
        prices_include_tax=order.prices_include_tax,
        customer_name=(order.bill_to.full_name or order.ship_to.full_name)[:255],
        customer_email=(order.bill_to.email or order.ship_to.email)[:254],
        ship_to=order.ship_to,
        bill_to=order.bill_to,
        destinations=order.destinations,
        shipping_method=order.shipping_method[:200],
        comment=order.comment,
        is_cancelled=order.state == RemoteOrderState.CANCELLED,
        lines=tuple(resolver.line(line) for line in order.lines),
    )


def digest_of(order: ChannelOrder) -> str:
    """A fingerprint of what matters of an order to us; its modification time is not part of it."""
    record = asdict(order)
    record.pop("modified_at")
    return hashlib.sha1(json.dumps(record, sort_keys=True, default=str).encode(), usedforsecurity=False).hexdigest()
