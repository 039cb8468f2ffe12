"""How long an order is on its way: from the customer's click in one store to the order in the other, carried by webhooks alone."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from orders.models import SupplierOrder
from portal.companies.models import Company

# Orders placed one by one should stand in the supplier's store within so many seconds, at the median.
GOAL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds at the median and at the 95th percentile over ``orders`` orders that were passed on."""

    orders: int
    median: float
    p95: float

    def __str__(self) -> str:
        return (
            f"order to supplier's store: median {self.median:.1f} s (goal {GOAL_SECONDS:.0f} s), "
            f"p95 {self.p95:.1f} s, {self.orders} orders one by one"
        )


def order_to_supplier(supplier: Company, placed: Mapping[str, datetime]) -> Latency | None:
    """``placed`` maps the retailer's store's order id to the moment of the click (UTC); None where fewer than two were passed on."""
    sent = SupplierOrder.objects.filter(supplier=supplier, sent_at__isnull=False, order__source_id__in=placed)
    seconds = [
        (at - placed[source_id]).total_seconds()
        for source_id, at in sent.values_list("order__source_id", "sent_at")
        if at is not None
    ]
    return of(seconds) if len(seconds) > 1 else None


def of(seconds: list[float]) -> Latency:
    """The figures of at least two durations."""
    return Latency(
        len(seconds), statistics.median(seconds), statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    )
