"""One record of an unknown shape leaves one problem of ours and is read when it can be; the others are taken in all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from catalog.models import Product, StockLevel
from channels.models import Problem, ProblemState, StepState, SyncRun
from channels.sync.reads import CODE, MOST_UNREADABLE
from channels.tests.spoiling import repair, spoil_answers
from channels.tests.trading import Trade, goods_in_portal, listed, make_due
from channels.tests.world import SimStore, World, run
from orders.models import Order, Shipment
from portal.lib import clock

pytestmark = pytest.mark.django_db

READS = {"bigcommerce": r"/v2/orders(/\d+)?", "shift4shop": r"/Orders(/\d+)?"}
IDS = {"bigcommerce": "id", "shift4shop": "OrderID"}


def unreadable() -> list[Problem]:
    return list(Problem.objects.filter(code=CODE, state=ProblemState.OPEN))


def spoil_order(world: World, store: SimStore, order_id: str) -> None:
    """The order comes with a date that is none, or without lines that are."""

    def spoil(body: Any) -> None:
        for row in body if isinstance(body, list) else [body]:
            if str(row.get(IDS[store.kind])) == order_id:
                row.update({"date_created": "yesterday"} if store.kind == "bigcommerce" else {"OrderItemList": [{}]})

    spoil_answers(world, store, READS[store.kind], spoil)


@pytest.mark.parametrize("retailer_kind", ["bigcommerce", "shift4shop"])
def test_an_order_that_cannot_be_read_keeps_no_other_from_coming(world: World, retailer_kind: str):
    trade = listed(world, supplier_kind="shift4shop" if retailer_kind == "bigcommerce" else "bigcommerce")
    first, bad, last = (trade.buy() for _ in range(3))
    spoil_order(world, trade.retailer_store, bad)
    assert trade.pull_orders() == ["partial"]
    assert trade.pull_orders() == ["partial"]
    assert set(Order.objects.values_list("source_id", flat=True)) == {first, last}
    (problem,) = unreadable()
    assert (problem.integration, problem.record_name) == (trade.sells, f"Order {bad}")
    assert problem.detail.startswith("$.")
    repair(world, trade.retailer_store)
    assert trade.pull_orders() == ["ok"]
    assert Order.objects.filter(source_id=bad).exists()
    assert unreadable() == []


def test_an_unreadable_order_is_asked_for_again_although_the_cursor_has_passed_it(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    bad = trade.buy()
    spoil_order(world, trade.retailer_store, bad)
    trade.pull_orders()
    state = StepState.objects.get(integration=trade.sells, step="pull_orders")
    state.cursor = {**state.cursor, "modified": "2100-01-01T00:00:00+00:00"}
    state.save()
    repair(world, trade.retailer_store)
    assert trade.pull_orders() == ["ok"]
    assert Order.objects.get().source_id == bad


def test_lines_of_one_order_that_cannot_be_read_concern_that_order_only(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    bad, good = trade.buy(), trade.buy()
    spoil_answers(world, trade.retailer_store, f"/v2/orders/{bad}/products", lambda rows: rows[0].pop("quantity"))
    assert trade.pull_orders() == ["partial"]
    assert Order.objects.get().source_id == good
    assert unreadable()[0].detail == "$.quantity"


@pytest.mark.parametrize("supplier_kind", ["bigcommerce", "shift4shop"])
def test_a_product_that_cannot_be_read_is_neither_lost_nor_taken_for_gone(world: World, supplier_kind: str):
    trade = goods_in_portal(world, supplier_kind=supplier_kind)
    assert Product.objects.filter(is_active=True).count() == 2

    def spoil(body: Any) -> None:
        for row in body if isinstance(body, list) else body.get("data", ()):
            if row.get("name") == "Teapot":
                row["date_modified"] = "soon"
            if row.get("SKUInfo", {}).get("Name") == "Teapot":
                row["SKUInfo"].pop("CatalogID")

    path = "/catalog/products" if supplier_kind == "bigcommerce" else "/Products"
    spoil_answers(world, trade.supplier_store, path, spoil)
    StepState.objects.filter(step="pull_products").update(cursor={})
    assert run(trade.supplies, "pull_products") == ["partial"]
    assert Product.objects.filter(is_active=True).count() == 2
    assert len(unreadable()) == 1
    repair(world, trade.supplier_store)
    StepState.objects.filter(step="pull_products").update(cursor={})
    assert run(trade.supplies, "pull_products") == ["ok"]
    assert Product.objects.filter(is_active=True).count() == 2


def test_a_figure_that_cannot_be_read_leaves_the_others(world: World):
    trade = goods_in_portal(world, supplier_kind="bigcommerce")

    def spoil(body: Any) -> None:
        for row in body["data"]:
            if row["identity"]["sku"] == "LAN-1":
                row["locations"] = [{"location_id": row["locations"][0]["location_id"], "available_to_sell": "plenty"}]

    spoil_answers(world, trade.supplier_store, "/inventory/items", spoil)
    trade.supplier_store.set_stock(**{"LAN-1": 3, "TEA-1": 4})
    assert run(trade.supplies, "pull_stock") == ["partial"]
    figures = dict(StockLevel.objects.values_list("variant__sku", "on_hand"))
    assert figures == {"LAN-1": 40, "TEA-1": 4}
    assert [problem.record_name for problem in unreadable()] == ["Stock of LAN-1"]


def sent(world: World) -> Trade:
    trade = listed(world, supplier_kind="bigcommerce")
    trade.buy()
    trade.buy()
    trade.to_supplier()
    trade.ship_everything()
    return trade


def test_a_parcel_that_cannot_be_read_leaves_the_others_and_comes_later(world: World):
    trade = sent(world)
    bad, _ = sorted(order["id"] for order in trade.made())
    spoil_answers(world, trade.supplier_store, f"/v2/orders/{bad}/shipments", lambda rows: rows[0].pop("id"))
    assert run(trade.supplies, "pull_shipments") == ["partial"]
    assert Shipment.objects.count() == 1
    (problem,) = unreadable()
    assert problem.detail.startswith("$.id")
    repair(world, trade.supplier_store)
    make_due(trade.supplies)
    assert run(trade.supplies, "pull_shipments") == ["ok"]
    assert Shipment.objects.count() == 2


def test_a_store_that_answers_in_another_way_altogether_ends_the_run_and_leaves_no_heap(world: World):
    trade = goods_in_portal(world, supplier_kind="bigcommerce")
    more = [{"name": f"Mug {n}", "sku": f"MUG-{n}", "price": "3.00"} for n in range(MOST_UNREADABLE + 20)]
    trade.supplier_store.on_shelf(*more)
    spoil_answers(
        world, trade.supplier_store, "/catalog/products", lambda body: [row.pop("id") for row in body["data"]]
    )
    StepState.objects.filter(step="pull_products").update(cursor={})
    assert run(trade.supplies, "pull_products") == ["failed"]
    assert len(unreadable()) <= MOST_UNREADABLE + 2
    assert Product.objects.filter(is_active=True).count() == 2


@pytest.mark.parametrize("time", ["at once", "later"])
def test_details_of_orders_that_did_not_change_are_not_read_again(world: World, time: str):
    trade = listed(world, supplier_kind="shift4shop")
    trade.buy()
    trade.buy()
    trade.pull_orders()
    if time == "later":
        with time_machine.travel(clock.now() + timedelta(minutes=1)):
            trade.pull_orders()
    wire = spoil_answers(world, trade.retailer_store, "nothing", lambda body: None)
    assert trade.pull_orders() == ["ok"]
    details = [path for path in wire.asked if path.endswith(("/products", "/shipping_addresses"))]
    assert len(details) == (4 if time == "at once" else 0)
    counts = SyncRun.objects.filter(step="pull_orders").latest("id").counts
    assert (counts["read"], counts["unchanged"]) == (2, 2)
