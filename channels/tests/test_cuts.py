"""Cut after the store committed: what was made is found again, never made twice.

``TRADELANE_CUTS`` is how many orders are cut in each store, 60 unless given; 1,000 take a few minutes.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from channels.models import ListingLink, Outbound, OutboundKind, OutboundState, Problem, ShipmentLink, SupplierOrderLink
from channels.models.outbox import LIVE_STATES
from channels.simkit.faults import NAMES
from channels.tests.trading import (
    DIRECTIONS,
    Trade,
    choose_everything,
    goods_in_portal,
    listed,
    make_due,
)
from channels.tests.world import SimStore, World, run
from orders.models import Order, SupplierOrder

pytestmark = pytest.mark.django_db
CUTS = int(os.environ.get("TRADELANE_CUTS") or 60)
ORDERS = r"(?i)/orders/?$"
PARCELS = r"(?i)/shipments(/\d+)?$"
ROUNDS = 40 + CUTS
both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)


def live(kind: OutboundKind) -> bool:
    return Outbound.objects.filter(kind=kind, state__in=LIVE_STATES).exists()


def until_told(trade: Trade, kind: OutboundKind, step: str) -> None:
    """Let the waiting times pass until nothing of a kind waits any more."""
    integration = trade.supplies if kind == OutboundKind.CREATE_ORDER else trade.sells
    for _ in range(ROUNDS):
        if not live(kind):
            return
        make_due(trade.supplies, trade.sells)
        run(integration, step)
    raise AssertionError(f"still waiting: {list(Outbound.objects.filter(kind=kind, state__in=LIVE_STATES)[:5])}")


def buy_many(store: SimStore, number: int) -> None:
    lines = [{"sku": "LAN-1", "quantity": 1, "price": "12.50"}]
    customer = {"first_name": "Hannah", "last_name": "Whitlock", "email": "h@example.com", "address1": "14 Mill Lane"}
    customer |= {"city": "Stockport", "postcode": "SK6 6AP", "country": "GB", "phone": "0161 496 0000"}
    store.call("POST", f"/stores/{store.store}/orders", [{"lines": lines, "customer": customer}] * number)


def references(trade: Trade) -> Counter[str]:
    return Counter(order["reference"] for order in trade.made())


@both_directions
@pytest.mark.timeout(300 + 3 * CUTS)
@pytest.mark.row("S1-25")
def test_cutting_every_answer_after_the_order_was_made_doubles_none(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    buy_many(trade.retailer_store, CUTS)
    assert ["ok"] in (trade.pull_orders() for _ in range(ROUNDS))
    trade.supplier_store.fault("cut_after", method="POST", path=ORDERS, times=CUTS)
    trade.push_orders()
    until_told(trade, OutboundKind.CREATE_ORDER, "push_orders")
    assert Outbound.objects.filter(last_answer__startswith="Found as order").count() == CUTS
    assert set(references(trade).values()) == {1}
    assert len(trade.made()) == SupplierOrderLink.objects.count() == CUTS
    assert set(SupplierOrder.objects.values_list("state", flat=True)) == {"sent"}
    assert not Problem.objects.filter(state="open").exists()


@both_directions
@pytest.mark.parametrize("fault", sorted(NAMES))
@pytest.mark.row("S1-25")
def test_whatever_happens_to_the_call_that_makes_an_order_it_stands_there_once(
    world: World, supplier_kind, retailer_kind, fault
):
    trade = listed(world, supplier_kind=supplier_kind)
    buy_many(trade.retailer_store, 3)
    trade.pull_orders()
    trade.supplier_store.fault(fault, method="POST", path=ORDERS, times=2)
    trade.push_orders()
    until_told(trade, OutboundKind.CREATE_ORDER, "push_orders")
    assert sorted(references(trade).values()) == [1, 1, 1]
    assert set(SupplierOrder.objects.values_list("state", flat=True)) == {"sent"}


@both_directions
@pytest.mark.row("S1-25")
def test_a_timeout_after_the_order_was_made_is_found(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.buy()
    trade.pull_orders()
    trade.supplier_store.fault("timeout", committed=True, method="POST", path=ORDERS)
    trade.push_orders()
    until_told(trade, OutboundKind.CREATE_ORDER, "push_orders")
    assert list(references(trade).values()) == [1]
    assert "the earlier attempt had gone through" in Outbound.objects.get(kind=OutboundKind.CREATE_ORDER).last_answer


@both_directions
def test_a_look_up_that_fails_stays_a_look_up(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.buy()
    trade.pull_orders()
    trade.supplier_store.fault("cut_after", method="POST", path=ORDERS)
    trade.push_orders()
    for fault in ("unavailable", "truncated", "html", "cut_before", "rate_limited"):
        # A read is repeated once, so it has to fail twice.
        trade.supplier_store.fault(fault, method="GET", times=2)
        make_due(trade.supplies)
        trade.push_orders()
        row = Outbound.objects.get(kind=OutboundKind.CREATE_ORDER)
        assert row.state == OutboundState.UNKNOWN, fault
        trade.supplier_store.call("DELETE", "/faults")
    until_told(trade, OutboundKind.CREATE_ORDER, "push_orders")
    assert list(references(trade).values()) == [1]


@both_directions
@pytest.mark.parametrize("fault", ["cut_after", "error_after", "truncated", "cut_before", "timeout"])
def test_a_parcel_whose_telling_was_disturbed_stands_in_the_store_once(
    world: World, supplier_kind, retailer_kind, fault
):
    trade = listed(world, supplier_kind=supplier_kind)
    buy_many(trade.retailer_store, 4)
    trade.to_supplier()
    trade.ship_everything()
    run(trade.supplies, "pull_shipments")
    trade.retailer_store.fault(fault, path=PARCELS, times=6)
    until_told(trade, OutboundKind.CREATE_SHIPMENT, "push_shipments")
    assert ShipmentLink.objects.count() == 4
    for order in trade.retailer_store.orders():
        numbers = [str(parcel["tracking"]) for parcel in order["shipments"] if parcel["tracking"]]
        assert len(numbers) == 1
        assert "," not in numbers[0]
        assert order["status_name"].lower() == "shipped"


@both_directions
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_publishing_while_every_second_write_is_cut_makes_each_product_once(
    world: World, supplier_kind, retailer_kind, seed
):
    trade = goods_in_portal(world, supplier_kind=supplier_kind, goods=some_goods(6))
    choose_everything(trade)
    for method in ("POST", "PUT"):
        trade.retailer_store.fault("cut_after", method=method, share=0.4, seed=seed)
    for _ in range(6):
        make_due(trade.sells)
        run(trade.sells, "push_listings")
    trade.retailer_store.call("DELETE", "/faults")
    until_told(trade, OutboundKind.PUBLISH, "push_listings")
    shelf = trade.retailer_store.products()
    assert Counter(product["name"] for product in shelf) == Counter(f"Lantern {n}" for n in range(6))
    assert ListingLink.objects.count() == 6


@both_directions
def test_stock_figures_arrive_although_answers_are_cut(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.supplier_store.set_stock(**{"LAN-1": 5})
    run(trade.supplies, "pull_stock")
    trade.retailer_store.fault("cut_after", times=2)
    until_told(trade, OutboundKind.STOCK, "push_stock")
    assert {p["sku"]: p["stock"] for p in trade.retailer_store.products()}["LAN-1"] == 5


@both_directions
def test_pulling_orders_through_a_disturbed_line_imports_each_once(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    buy_many(trade.retailer_store, 5)
    for fault in sorted(NAMES):
        trade.retailer_store.fault(fault, method="GET", times=2)
        trade.pull_orders()
        trade.retailer_store.call("DELETE", "/faults")
        make_due(trade.sells)
    assert trade.pull_orders() == ["ok"]
    assert Order.objects.count() == 5


def some_goods(number: int) -> tuple[dict[str, object], ...]:
    return tuple(
        {"name": f"Lantern {n}", "sku": f"LAN-{n}", "price": "12.50", "stock": 9, "weight": 0.4, "visible": True}
        for n in range(number)
    )
