"""The timetable as data: which steps there are, for whom, how often, and in which queue they run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from channels.models import Integration

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of sync work. ``role`` is "supplies", "sells" or "any"; ``lane`` decides queue and share of the rate budget."""

    name: str
    label: str
    role: str
    interval: timedelta
    lane: str
    module: str
    follows_connect: bool = True


_STEPS = (
    Step("pull_products", "Products", "any", timedelta(hours=8), "catalogue", "channels.sync.pull_products"),
    Step("pull_stock", "Stock", "supplies", HOUR, "catalogue", "channels.sync.pull_stock"),
    Step("pull_orders", "Orders", "sells", HOUR, "orders", "channels.sync.pull_orders"),
    Step("push_orders", "Orders to the store", "supplies", HOUR, "orders", "channels.sync.push_orders"),
    Step("pull_shipments", "Shipments", "supplies", HOUR, "orders", "channels.sync.pull_shipments"),
    Step("push_shipments", "Tracking to the store", "sells", HOUR, "orders", "channels.sync.push_shipments"),
    Step("push_listings", "Listings", "sells", HOUR, "catalogue", "channels.sync.push_listings"),
    Step("push_stock", "Stock to the store", "sells", HOUR, "orders", "channels.sync.push_stock"),
    Step("push_prices", "Prices to the store", "sells", HOUR, "catalogue", "channels.sync.push_prices"),
    Step("register_hooks", "Webhooks", "any", HOUR, "orders", "channels.sync.register_hooks"),
    Step(
        "check_credentials", "Permissions", "any", timedelta(days=1), "orders", "channels.sync.check_credentials", False
    ),
    Step("reconcile", "Books", "any", timedelta(days=1), "catalogue", "channels.sync.reconcile", False),
)

STEPS: dict[str, Step] = {step.name: step for step in _STEPS}
QUEUE_OF = {"orders": "trade", "catalogue": "bulk"}


def steps_for(integration: Integration) -> list[Step]:
    """The steps of an integration by what flows through it."""
    return [
        step
        for step in _STEPS
        if step.role == "any"
        or (step.role == "supplies" and integration.supplies)
        or (step.role == "sells" and integration.sells)
    ]
