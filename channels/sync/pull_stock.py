"""Step: stock figures of a supplier's store, in sets; only changes are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from catalog import services as catalog
from catalog.data import StockData
from channels.contract import StockFigure
from channels.models import Integration, RunResult, VariantLink
from channels.sync.context import StepContext
from channels.sync.products import variant_ids
from portal.lib import clock


def run(context: StepContext) -> RunResult | None:
    """Pull every figure; EMPTY when a store with linked goods shows none."""
    _count_chosen_places(context)
    began = clock.now()
    for page in context.connector.stock():
        context.beat()
        context.count("read", len(page))
        _take(context, page, began)
        context.show_progress()
    Integration.objects.filter(pk=context.integration.pk).update(last_stock_at=clock.now())
    if not context.counts.get("read") and VariantLink.objects.filter(integration=context.integration).exists():
        return RunResult.EMPTY
    return None


def _count_chosen_places(context: StepContext) -> None:
    """Places that the company chose beside the default one count towards what is available."""
    chosen = [place.strip() for place in str(context.integration.settings.get("stock_locations", "")).split(",")]
    if any(chosen):
        catalog.count_locations(context.company, [place for place in chosen if place])


def _take(context: StepContext, page: Sequence[StockFigure], began: datetime) -> None:
    links = variant_ids(context.integration, [figure.remote_product_id for figure in page])
    known = [
        StockData(
            variant_id=links[figure.remote_product_id, figure.remote_variant_id],
            on_hand=figure.on_hand,
            location=figure.location,
        )
        for figure in page
        if (figure.remote_product_id, figure.remote_variant_id) in links
    ]
    applied = catalog.apply_stock(context.company, known, cause="pull", read_at=began)
    context.count("created", applied.created)
    context.count("updated", applied.updated)
    context.count("unchanged", applied.unchanged)
    context.count("not_linked", len(page) - len(known))
