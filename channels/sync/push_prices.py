"""Step: shelf prices and costs to the retailer's store. On the shelf stands the retail price; the dropship price goes to the cost field only."""

from __future__ import annotations

from catalog import selectors
from channels.contract import PriceUpdate
from channels.models import ListingLink, OutboundKind
from channels.sync.bulk_push import BulkSend, drain_bulk
from channels.sync.context import StepContext
from portal.lib import clock


def run(context: StepContext) -> None:
    """Tell what waits."""
    drain_bulk(context, SEND)


def _updates(context: StepContext, links: list[ListingLink]) -> list[tuple[ListingLink, PriceUpdate]]:
    terms = selectors.listing_terms([link.listing for link in links])
    kept = selectors.kept_fields({link.listing.partnership_id for link in links})
    pairs = []
    for link in links:
        if "price" in kept.get(link.listing.partnership_id, ()):
            continue
        term = terms.get(link.listing_id)
        if term is None or term.retail_currency != context.integration.currency:
            continue
        if (term.retail_amount, term.cost) != (link.told_price, link.told_cost):
            pairs.append((link, PriceUpdate(link.remote_product_id, link.remote_id, term.retail_amount, term.cost)))
    return pairs


def _told(pairs: list[tuple[ListingLink, PriceUpdate]]) -> None:
    for link, update in pairs:
        link.told_price, link.told_cost, link.told_at = update.price, update.cost, clock.now()
    ListingLink.objects.bulk_update([link for link, _ in pairs], ["told_price", "told_cost", "told_at"], batch_size=500)


SEND = BulkSend(
    kind=OutboundKind.PRICE,
    updates=_updates,
    send=lambda context, updates: context.connector.update_prices(updates),
    told=_told,
)
