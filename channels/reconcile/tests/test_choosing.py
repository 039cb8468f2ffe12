"""Ours or theirs: what a choice does in the stores and here, and that a placed order is never changed by it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import Listing, StockLevel, Variant
from channels.inbox import handle_waiting
from channels.models import Difference, ListingLink, Outbound, Problem, ShipmentLink
from channels.models.reconcile import DifferenceState, Side
from channels.reconcile.choose import NoChoice, choose, choose_many
from channels.reconcile.tests.books import delete_order, delete_parcel, edit_order, reconcile, set_price, traded
from channels.reconcile.tests.factories import make_difference
from channels.tests.trading import DIRECTIONS, Trade, make_due
from channels.tests.world import World, run
from orders.data import Actor
from orders.models import Order, OrderEvent, Shipment, SupplierOrder
from portal.companies.models import AuditEvent

pytestmark = pytest.mark.django_db
both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)


def take(kind: str, side: str) -> str:
    """Choose ``side`` for the one open difference of ``kind``; the answer."""
    difference = Difference.objects.select_related("integration").get(kind=kind, state=DifferenceState.OPEN)
    return choose(difference, side, actor=Actor(), by=None)


def work(trade: Trade) -> None:
    """Let what a choice asked for happen."""
    for integration in (trade.sells, trade.supplies):
        handle_waiting(integration.pk)
    make_due(trade.sells, trade.supplies)
    run(trade.sells, "push_listings", "push_stock", "push_prices", "push_shipments")
    run(trade.supplies, "push_orders")


def on_shelf(trade: Trade, sku: str) -> dict:
    return next(product for product in trade.retailer_store.products() if product["sku"] == sku)


@both_directions
def test_our_stock_goes_to_the_store_again(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    before = on_shelf(trade, "TEA-1")["stock"]
    trade.retailer_store.set_stock(**{"TEA-1": 3})
    reconcile(trade)
    take("stock_edited_there", Side.OURS)
    work(trade)
    assert on_shelf(trade, "TEA-1")["stock"] == before
    assert reconcile(trade) == set()
    assert Difference.objects.get().state == DifferenceState.GONE


@both_directions
def test_the_stores_price_becomes_the_retailers_own(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    set_price(trade.retailer_store, **{"TEA-1": "99.00"})
    reconcile(trade)
    take("price_edited_there", Side.THEIRS)
    work(trade)
    assert Listing.objects.get(variant__sku="TEA-1").retail_price == Decimal("99.00")
    assert reconcile(trade) == set()


@both_directions
def test_our_price_goes_to_the_store_again(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    set_price(trade.retailer_store, **{"TEA-1": "99.00"})
    reconcile(trade)
    take("price_edited_there", Side.OURS)
    work(trade)
    assert Decimal(str(on_shelf(trade, "TEA-1")["price"])) == Decimal("30.00")
    assert reconcile(trade) == set()


@both_directions
def test_a_lost_order_is_taken_in(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    lost = trade.buy({"sku": "TEA-1", "quantity": 1, "price": "30.00"})
    assert "order_not_here" in reconcile(trade)
    take("order_not_here", Side.THEIRS)
    work(trade)
    assert Order.objects.get(source_id=lost).supplier_orders.get().state == "sent"
    assert "order_not_here" not in reconcile(trade)


@both_directions
def test_the_suppliers_figures_are_read_again(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    trade.supplier_store.set_stock(**{"TEA-1": 11})
    set_price(trade.supplier_store, **{"LAN-1": "77.00"})
    assert {"stock_missed", "price_missed"} <= reconcile(trade)
    take("stock_missed", Side.THEIRS)
    take("price_missed", Side.THEIRS)
    work(trade)
    assert StockLevel.objects.get(variant__sku="TEA-1").on_hand == 11
    assert Variant.objects.get(sku="LAN-1").price == Decimal("77.00")
    assert reconcile(trade) == set()


@both_directions
def test_a_parcel_that_vanished_is_told_again_once(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    order = trade.retailer_store.orders()[0]
    delete_parcel(trade.retailer_store, order)
    reconcile(trade)
    take("parcel_not_there", Side.OURS)
    work(trade)
    parcels = next(each for each in trade.retailer_store.orders() if each["id"] == order["id"])["shipments"]
    assert [parcel["tracking"] for parcel in parcels] == [order["shipments"][0]["tracking"]]
    assert reconcile(trade) == set()


@both_directions
def test_a_parcel_that_the_store_has_after_all_is_not_told_twice(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    forgotten = Shipment.objects.order_by("pk").first()
    ShipmentLink.objects.filter(shipment=forgotten).delete()
    Outbound.objects.filter(kind="create_shipment", record_id=forgotten.pk).delete()
    Shipment.objects.update(recorded_at="2026-01-01T00:00:00Z")
    reconcile(trade)
    take("parcel_not_told", Side.OURS)
    work(trade)
    assert all(len(order["shipments"]) == 1 for order in trade.retailer_store.orders())
    assert reconcile(trade) == set()


@both_directions
def test_a_deleted_listing_is_published_again(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    store = trade.retailer_store
    store.call("DELETE", f"/stores/{store.store}/products/{on_shelf(trade, 'TEA-1')['id']}")
    reconcile(trade)
    take("listing_gone_there", Side.OURS)
    work(trade)
    assert on_shelf(trade, "TEA-1")["stock"] > 0
    assert reconcile(trade) == set()


@both_directions
def test_a_deleted_listing_is_stopped(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    store = trade.retailer_store
    store.call("DELETE", f"/stores/{store.store}/products/{on_shelf(trade, 'TEA-1')['id']}")
    reconcile(trade)
    take("listing_gone_there", Side.THEIRS)
    work(trade)
    assert Listing.objects.get(variant__sku="TEA-1").state == "stopped"
    assert not ListingLink.objects.filter(listing__variant__sku="TEA-1").exists()
    assert reconcile(trade) == set()


@both_directions
def test_a_placed_order_is_never_changed_by_a_choice(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    edit_order(trade.supplier_store, trade.made()[0], quantity=9)
    edit_order(trade.retailer_store, trade.retailer_store.orders()[0], quantity=5)
    assert {"bought_total", "order_total"} <= reconcile(trade)
    orders = list(Order.objects.order_by("pk").values_list("pk", "total", "state"))
    parts = list(SupplierOrder.objects.order_by("pk").values_list("pk", "total", "state"))
    take("bought_total", Side.THEIRS)
    take("order_total", Side.THEIRS)
    work(trade)
    assert list(Order.objects.order_by("pk").values_list("pk", "total", "state")) == orders
    assert list(SupplierOrder.objects.order_by("pk").values_list("pk", "total", "state")) == parts
    assert OrderEvent.objects.filter(kind="note").count() == 2
    # Looked at and written down: it is not opened again, until a figure changes.
    assert reconcile(trade) == set()
    edit_order(trade.supplier_store, trade.made()[0], quantity=8)
    assert reconcile(trade) == {"bought_total"}


@both_directions
def test_an_edited_order_that_is_still_here_follows_its_store(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    trade.buy()
    trade.pull_orders()
    placed = trade.retailer_store.orders()[-1]
    edit_order(trade.retailer_store, placed, quantity=5)
    assert "order_total" in reconcile(trade)
    take("order_total", Side.THEIRS)
    work(trade)
    assert Order.objects.get(source_id=str(placed["id"])).lines.get().quantity == 5
    assert "order_total" not in reconcile(trade)


@both_directions
def test_an_order_deleted_before_it_was_sent_on_is_cancelled(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    trade.buy()
    trade.pull_orders()
    placed = trade.retailer_store.orders()[-1]
    delete_order(trade.retailer_store, placed)
    found = reconcile(trade) & {"order_gone_there", "order_cancelled_there"}
    take(found.pop(), Side.THEIRS)
    work(trade)
    assert Order.objects.get(source_id=str(placed["id"])).state == "cancelled"


def test_what_is_chosen_and_still_differs_is_open_again(world: World):
    trade = traded(world, "shift4shop")
    trade.retailer_store.set_stock(**{"TEA-1": 3})
    reconcile(trade)
    take("stock_edited_there", Side.OURS)
    # Nothing carried it out: the row that should have is lost.
    Outbound.objects.filter(state="waiting").delete()
    assert reconcile(trade) == {"stock_not_told"}


def test_choosing_twice_is_once(world: World):
    difference = make_difference()
    first = choose(difference, Side.THEIRS, actor=Actor(), by=None)
    assert choose(difference, Side.THEIRS, actor=Actor(), by=None) == first
    assert difference.integration.receipts.count() == 1
    assert AuditEvent.objects.filter(action="difference.chosen").count() == 1


def test_a_side_that_cannot_be_chosen_says_why(db):
    difference = make_difference(kind="stock_missed", book="stock", name="TEA-1")
    with pytest.raises(NoChoice, match="Ours.*cannot be chosen for TEA-1"):
        choose(difference, Side.OURS, actor=Actor(), by=None)


def test_a_difference_that_is_gone_has_nothing_to_choose(db):
    difference = make_difference(state=DifferenceState.GONE)
    with pytest.raises(NoChoice, match="agrees by now"):
        choose(difference, Side.THEIRS, actor=Actor(), by=None)


def test_many_are_chosen_and_the_rest_is_told(db):
    one = make_difference()
    other = make_difference(one.integration, kind="stock_missed", book="stock", name="TEA-1")
    done, refused = choose_many([one, other], Side.OURS, actor=Actor(), by=None)
    assert done == 1
    assert "TEA-1" in refused[0]


def test_the_problem_is_cleared_with_the_last_choice(world: World):
    trade = traded(world, "shift4shop")
    trade.retailer_store.set_stock(**{"TEA-1": 3})
    reconcile(trade)
    assert Problem.objects.filter(code="books_differ", state="open").count() == 1
    take("stock_edited_there", Side.OURS)
    assert not Problem.objects.filter(code="books_differ", state="open").exists()
