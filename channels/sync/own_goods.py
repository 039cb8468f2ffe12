"""Goods of a retailer's own that were made since the last walk over its catalogue: fetched when an order first names them."""

from __future__ import annotations

from collections.abc import Sequence

from channels.contract import ChannelOrder, StoreConnector
from channels.errors import NotFound
from channels.models import Integration
from channels.sync.order_data import LineResolver
from channels.sync.products import take_products

# A page that names more unknown products than this is not the rare case; the rest needs a match until the next walk.
MOST = 50


def resolver_for(integration: Integration, connector: StoreConnector, orders: Sequence[ChannelOrder]) -> LineResolver:
    """Knows the lines of ``orders``; products that nobody knew are fetched first, so that new own goods hold no order. Raises ChannelError."""
    resolver = LineResolver(integration, orders)
    found = []
    for remote_id in sorted(resolver.unknown_products(orders))[:MOST]:
        try:
            found.append(connector.product(remote_id))
        except NotFound:
            continue
    if not found:
        return resolver
    take_products(integration, found)
    return LineResolver(integration, orders)
