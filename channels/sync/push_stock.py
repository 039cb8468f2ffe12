"""Step: available figures (on hand − reserved − buffer) to the retailer's store."""

from __future__ import annotations

from catalog import selectors
from channels.contract import StockUpdate
from channels.models import ListingLink, OutboundKind
from channels.sync.bulk_push import BulkSend, drain_bulk
from channels.sync.context import StepContext
from portal.lib import clock


def run(context: StepContext) -> None:
    """Tell what waits."""
    drain_bulk(context, SEND)


def _updates(context: StepContext, links: list[ListingLink]) -> list[tuple[ListingLink, StockUpdate]]:
    available = selectors.available_for_listings([link.listing_id for link in links])
    kept = selectors.kept_fields({link.listing.partnership_id for link in links})
    pairs = []
    for link in links:
        if link.listing.is_active and "stock" in kept.get(link.listing.partnership_id, ()):
            continue
        figure = available.get(link.listing_id, 0)
        if figure != link.told_stock:
            pairs.append((link, StockUpdate(link.remote_product_id, link.remote_id, figure)))
    return pairs


def _told(pairs: list[tuple[ListingLink, StockUpdate]]) -> None:
    for link, update in pairs:
        link.told_stock = update.available
        link.told_at = clock.now()
    ListingLink.objects.bulk_update([link for link, _ in pairs], ["told_stock", "told_at"], batch_size=500)


SEND = BulkSend(
    kind=OutboundKind.STOCK,
    updates=_updates,
    send=lambda context, updates: context.connector.update_stock(updates),
    told=_told,
)
