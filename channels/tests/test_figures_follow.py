"""What a sales channel is connected for: its orders come in, its listings follow the supplier's stock and prices."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog import services as catalog
from channels.models import ListingLink, Outbound, OutboundKind
from channels.models.outbox import LIVE_STATES
from channels.tests.trading import DIRECTIONS, listed, make_due
from channels.tests.world import World, run
from orders.models import Order

pytestmark = pytest.mark.django_db
both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)


def on_shelf(trade, sku: str) -> dict:
    return next(product for product in trade.retailer_store.products() if product["sku"] == sku)


@both_directions
@pytest.mark.row("S2-02")
def test_orders_placed_on_the_channel_are_downloaded(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.buy()
    assert trade.pull_orders() == ["ok"]
    assert Order.objects.get(company=trade.retailer).lines.get().quantity == 2


@both_directions
@pytest.mark.row("S2-03")
def test_listings_follow_the_suppliers_stock(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.supplier_store.set_stock(**{"LAN-1": 7})
    run(trade.supplies, "pull_stock")
    make_due(trade.sells)
    run(trade.sells, "push_stock")
    assert int(on_shelf(trade, "LAN-1")["stock"]) == 7


@both_directions
@pytest.mark.row("S2-04")
def test_listings_follow_the_suppliers_prices_and_the_trade_price_stays_off_the_shelf(
    world: World, supplier_kind, retailer_kind
):
    trade = listed(world, supplier_kind=supplier_kind)
    store = trade.supplier_store
    store.call("PUT", f"/stores/{store.store}/prices", {"LAN-1": "20.00"})
    run(trade.supplies, "pull_products")
    if Outbound.objects.filter(kind=OutboundKind.PUBLISH, state__in=LIVE_STATES).exists():
        run(trade.sells, "push_listings")
    run(trade.sells, "push_prices")
    assert Decimal(str(on_shelf(trade, "LAN-1")["price"])) == Decimal(20)
    catalog.change_price_list(trade.price_list, percent_off=Decimal(40))
    run(trade.sells, "push_prices")
    assert Decimal(str(on_shelf(trade, "LAN-1")["price"])) == Decimal(20)
    assert ListingLink.objects.get(listing__variant__sku="LAN-1").told_cost == Decimal(12)


@both_directions
def test_figures_that_did_not_change_are_not_told_again(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    store = trade.retailer_store
    store.call("DELETE", "/calls")
    run(trade.sells, "push_stock", "push_prices", "push_listings")
    assert [call for call in store.call("GET", "/calls") if call["method"] in {"PUT", "POST"}] == []
