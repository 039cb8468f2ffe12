"""The trade journey in process, in both directions, and again: a second time changes nothing."""

from __future__ import annotations

import pytest
from django_q.models import OrmQ

from catalog.models import Variant
from channels.models import ListingLink, Outbound, Problem, ShipmentLink, StepState, SyncRun
from channels.models.outbox import LIVE_STATES
from channels.tests.trading import DIRECTIONS, GOODS, KINDS, Trade, choose_everything, goods_in_portal, listed
from channels.tests.world import World, run
from orders.models import Order, Shipment, SupplierOrder
from portal.companies.tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db
both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)


def books(trade: Trade) -> dict[str, object]:
    """Everything that a repeated step could double or move."""
    sold, made = trade.retailer_store.orders(), trade.made()
    return {
        "variants": Variant.objects.count(),
        "listings": ListingLink.objects.count(),
        "orders": list(Order.objects.order_by("pk").values_list("number", "state", "total")),
        "supplier orders": list(SupplierOrder.objects.order_by("pk").values_list("reference", "state", "total")),
        "parcels": list(Shipment.objects.order_by("pk").values_list("tracking_number", flat=True)),
        "told": ShipmentLink.objects.count(),
        "shelf": len(trade.retailer_store.products()),
        "sold": [(order["id"], order["status_name"], len(order["shipments"])) for order in sold],
        "made": [(order["id"], order["reference"], len(order["lines"])) for order in made],
        "problems": Problem.objects.filter(state="open").count(),
    }


def run_all_steps(trade: Trade) -> list[str]:
    return [
        f"{step}: {result}"
        for integration in (trade.supplies, trade.sells)
        for step in StepState.objects.filter(integration=integration).order_by("pk").values_list("step", flat=True)
        for result in run(integration, step)
        if result != "ok"
    ]


@both_directions
@pytest.mark.row("S4-19", "S4-21", "S1-24", "S1-25")
def test_an_order_travels_from_the_customer_to_shipped_with_tracking(world: World, supplier_kind, retailer_kind):
    trade = goods_in_portal(world, supplier_kind=supplier_kind)
    assert Variant.objects.filter(company=trade.supplier).count() == len(GOODS)
    choose_everything(trade)
    assert run(trade.sells, "push_listings") == ["ok"]
    assert {product["sku"] for product in trade.retailer_store.products()} == {"LAN-1", "TEA-1"}

    remote_id = trade.buy(
        {"sku": "LAN-1", "quantity": 2, "price": "12.50"}, {"sku": "TEA-1", "quantity": 1, "price": "30.00"}
    )
    trade.to_supplier()
    (made,) = trade.made()
    assert [(line["sku"], int(line["quantity"])) for line in made["lines"]] == [("LAN-1", 2), ("TEA-1", 1)]

    first, second = ({"line_id": line["id"], "quantity": int(line["quantity"])} for line in made["lines"])
    trade.supplier_store.ship(made["id"], tracking="TRK-A", lines=[first])
    trade.tracking_back()
    assert Order.objects.get().state == "partly_shipped"
    trade.supplier_store.ship(made["id"], tracking="TRK-B", lines=[second])
    trade.tracking_back()

    assert Order.objects.get().state == "shipped"
    (sold,) = [order for order in trade.retailer_store.orders() if str(order["id"]) == remote_id]
    assert sold["status_name"].lower() == "shipped"
    assert run(trade.sells, "push_stock") == ["ok"]
    told = " ".join(str(parcel["tracking"]) for parcel in sold["shipments"])
    assert (told.count("TRK-A"), told.count("TRK-B")) == (1, 1)
    assert not Outbound.objects.filter(state__in=LIVE_STATES).exists()


@both_directions
@pytest.mark.row("S1-25", "S1-26")
def test_running_every_step_twice_more_changes_nothing(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.buy()
    trade.to_supplier()
    trade.ship_everything()
    trade.tracking_back()
    run_all_steps(trade)
    before = books(trade)
    assert run_all_steps(trade) == []
    assert run_all_steps(trade) == []
    assert books(trade) == before
    assert not Outbound.objects.filter(state__in=LIVE_STATES).exists()
    assert not SyncRun.objects.filter(result="running").exists()


@both_directions
@pytest.mark.row("S1-26")
def test_orders_of_missed_hours_are_all_found_by_the_next_run(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.pull_orders()
    bought = {trade.buy() for _ in range(12)}
    assert trade.pull_orders() == ["ok"]
    assert {order["id"] for order in trade.retailer_store.orders()} >= {int(number) for number in bought}
    assert Order.objects.count() == 12


@both_directions
@pytest.mark.row("S4-20", "S4-21")
def test_the_order_in_the_suppliers_store_carries_our_reference_and_trade_prices(
    world: World, supplier_kind, retailer_kind
):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.buy()
    trade.to_supplier()
    (made,) = trade.made()
    supplier_order = SupplierOrder.objects.get()
    assert made["reference"] == supplier_order.reference
    assert supplier_order.outside_number
    assert [float(line["price"]) for line in made["lines"]] == [8.75]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.row("S1-19", "S4-15", "S4-17")
def test_products_stock_and_fulfilments_begin_to_flow_right_after_connecting(
    world: World, kind, django_capture_on_commit_callbacks
):
    store = world.store(kind)
    store.on_shelf(*GOODS)
    with django_capture_on_commit_callbacks(execute=True):
        integration = world.connect(SupplierFactory(is_sandbox=True), store)
    queued = {task.name().split()[0] for task in OrmQ.objects.all()}
    assert {"pull_products", "pull_stock", "pull_shipments"} <= queued
    assert run(integration, "pull_products", "pull_stock") == ["ok", "ok"]
    assert dict(Variant.objects.values_list("sku", "stock_levels__on_hand")) == {"LAN-1": 40, "TEA-1": 25}
