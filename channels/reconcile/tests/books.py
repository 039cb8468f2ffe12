"""What the stories of the books share: a pair that traded, a merchant's own hands, and the result of comparing."""

from __future__ import annotations

from typing import Any

from channels.models import Difference, Integration
from channels.models.reconcile import DifferenceState
from channels.tests.trading import Trade, listed, make_due
from channels.tests.world import SimStore, World, run
from portal.lib import clock


def traded(world: World, supplier_kind: str, *, orders: int = 2) -> Trade:
    """Both stores with orders that were shipped and told, and everything that waits gone out."""
    trade = listed(world, supplier_kind=supplier_kind)
    for _ in range(orders):
        trade.buy()
    trade.to_supplier()
    trade.ship_everything()
    trade.tracking_back()
    settle(trade)
    hears_webhooks(trade)
    return trade


def hears_webhooks(trade: Trade) -> None:
    """Webhooks of both stores reach us, so that one which does not is a lost one."""
    for integration in (trade.sells, trade.supplies):
        Integration.objects.filter(pk=integration.pk).update(hooks_seen_at=clock.now())


def settle(trade: Trade) -> None:
    """Let everything that is on the way arrive."""
    run(trade.sells, "pull_orders")
    run(trade.supplies, "push_orders", "pull_shipments", "pull_products", "pull_stock")
    make_due(trade.sells, trade.supplies)
    run(trade.sells, "push_shipments", "push_listings", "push_stock", "push_prices")


def kinds_of(*integrations: Integration) -> dict[str, str]:
    """The open differences: kind by name."""
    rows = Difference.objects.filter(integration__in=integrations, state=DifferenceState.OPEN)
    return dict(rows.values_list("name", "kind"))


def reconcile(trade: Trade) -> set[str]:
    """Compare both stores; the kinds of what differs."""
    assert run(trade.sells, "reconcile") == ["ok"]
    assert run(trade.supplies, "reconcile") == ["ok"]
    rows = Difference.objects.filter(integration__in=(trade.sells, trade.supplies), state=DifferenceState.OPEN)
    return set(rows.values_list("kind", flat=True))


def edit_order(store: SimStore, order: dict[str, Any], **line: Any) -> None:
    """Somebody edits the first line of an order in the store."""
    body = {"lines": [{"line_id": order["lines"][0]["id"], **line}]}
    store.call("PATCH", f"/stores/{store.store}/orders/{order['id']}", body)


def delete_order(store: SimStore, order: dict[str, Any]) -> None:
    store.call("DELETE", f"/stores/{store.store}/orders/{order['id']}")


def delete_parcel(store: SimStore, order: dict[str, Any]) -> None:
    """Somebody deletes the first parcel of an order in the store."""
    parcel = order["shipments"][0]["id"]
    store.call("DELETE", f"/stores/{store.store}/orders/{order['id']}/shipments/{parcel}")


def set_price(store: SimStore, **prices: str) -> None:
    store.call("PUT", f"/stores/{store.store}/prices", prices)
