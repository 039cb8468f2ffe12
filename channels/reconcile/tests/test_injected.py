"""Differences put into the books by hand are all found in one reconciliation, and a clean pair of stores shows none."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from catalog.models import Listing, RetailRule, StockLevel, Variant
from channels.models import (
    Difference,
    Integration,
    Outbound,
    Problem,
    Reconciliation,
    ShipmentLink,
    SupplierOrderLink,
    SyncRun,
)
from channels.models.reconcile import DifferenceState
from channels.reconcile.tests.books import (
    delete_order,
    delete_parcel,
    edit_order,
    kinds_of,
    reconcile,
    set_price,
    settle,
    traded,
)
from channels.tests.trading import DIRECTIONS
from channels.tests.world import World, run
from orders.models import Order, Shipment, SupplierOrder

pytestmark = pytest.mark.django_db
both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)


def sums_that_fail(reconciliation: Reconciliation) -> Iterator[str]:
    """Lines of a statement that do not add up."""
    for code, book in reconciliation.books.items():
        for side in ("ours", "theirs"):
            lines = {name: (count, Decimal(amount)) for name, (count, amount) in book[side].items()}
            for at in (0, 1):
                if lines["opening"][at] + lines["in"][at] - lines["out"][at] != lines["closing"][at]:
                    yield f"{code} {side}"


@both_directions
def test_stores_that_traded_and_shipped_agree(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    assert reconcile(trade) == set()
    for integration in (trade.sells, trade.supplies):
        found = Reconciliation.objects.get(integration=integration)
        assert found.result == "agrees"
        assert found.compared >= 8
        assert not list(sums_that_fail(found))
        assert all(book["ours"]["closing"] == book["theirs"]["closing"] for book in found.books.values())
    assert not Problem.objects.filter(code="books_differ").exists()


@both_directions
def test_every_injected_difference_is_found_in_one_reconciliation(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind, orders=5)
    trade.buy()
    trade.buy()
    trade.to_supplier()
    assert reconcile(trade) == set()
    bought, made = trade.retailer_store.orders(), trade.made()
    # The store deletes an order that is still open and edits one; our copy of another gets a wrong total.
    delete_order(trade.retailer_store, bought[5])
    edit_order(trade.retailer_store, bought[1], quantity=5)
    Order.objects.filter(source_id=str(bought[2]["id"])).update(total=Decimal("1.00"))
    # A parcel is deleted in the retailer's store, another was forgotten by us.
    delete_parcel(trade.retailer_store, bought[3])
    forgotten = Shipment.objects.get(supplier_order__order__source_id=str(bought[4]["id"]))
    ShipmentLink.objects.filter(shipment=forgotten).delete()
    Outbound.objects.filter(kind="create_shipment", record_id=forgotten.pk).delete()
    # The supplier's store edits an order of ours and deletes another.
    edit_order(trade.supplier_store, made[0], quantity=9)
    delete_order(trade.supplier_store, made[6])
    # Stock and prices are changed by hand in both stores, and the messages of an order and of goods are lost.
    trade.retailer_store.set_stock(**{"LAN-1": 3})
    set_price(trade.retailer_store, **{"TEA-1": "99.00"})
    trade.supplier_store.set_stock(**{"TEA-1": 11})
    set_price(trade.supplier_store, **{"LAN-1": "77.00"})
    trade.supplier_store.on_shelf({"name": "Kettle", "sku": "KET-1", "price": "5.00", "stock": 1, "visible": True})
    trade.buy({"sku": "TEA-1", "quantity": 1, "price": "30.00"})

    assert reconcile(trade) >= {
        *("order_not_here", "order_total", "parcel_not_there", "parcel_not_told"),
        *("bought_total", "stock_edited_there", "price_edited_there", "stock_missed", "price_missed", "goods_not_here"),
    }
    found = kinds_of(trade.sells)
    deleted = {found[f"Order {bought[5]['number']}"]}
    assert deleted <= {"order_gone_there", "order_cancelled_there"}
    assert found[f"Order {bought[1]['number']}"] == found[f"Order {bought[2]['number']}"] == "order_total"
    reference = made[6]["reference"]
    assert kinds_of(trade.supplies)[reference] in {"bought_gone_there", "bought_cancelled_there"}
    for integration in (trade.sells, trade.supplies):
        last = Reconciliation.objects.filter(integration=integration).first()
        assert last.result == "differs"
        assert not list(sums_that_fail(last))
    assert Problem.objects.filter(code="books_differ", state="open", company=trade.retailer).count() == 4


@both_directions
def test_a_second_reconciliation_finds_the_same_rows(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    trade.retailer_store.set_stock(**{"LAN-1": 3})
    trade.buy()
    delete_parcel(trade.retailer_store, trade.retailer_store.orders()[0])
    reconcile(trade)
    first = set(Difference.objects.values_list("pk", "kind", "state"))
    problems = set(Problem.objects.filter(code="books_differ").values_list("pk", "state"))
    reconcile(trade)
    assert set(Difference.objects.values_list("pk", "kind", "state")) == first
    assert set(Problem.objects.filter(code="books_differ").values_list("pk", "state")) == problems
    assert len(first) >= 3


@both_directions
def test_what_mended_itself_is_closed_and_its_problem_cleared(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    trade.buy()
    trade.supplier_store.set_stock(**{"TEA-1": 11})
    assert {"order_not_here", "stock_missed"} <= reconcile(trade)
    settle(trade)
    assert reconcile(trade) == set()
    assert set(Difference.objects.values_list("state", flat=True)) == {DifferenceState.GONE}
    assert not Problem.objects.filter(code="books_differ", state="open").exists()


@both_directions
def test_what_waits_in_the_outbox_is_on_the_way(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    trade.supplier_store.set_stock(**{"LAN-1": 7})
    set_price(trade.supplier_store, **{"TEA-1": "33.00"})
    run(trade.supplies, "pull_products", "pull_stock")
    # Both figures changed here and wait to be told; an order was taken in and waits to be sent.
    assert Outbound.objects.filter(state="waiting", integration=trade.sells).exists()
    trade.buy()
    trade.pull_orders()
    assert reconcile(trade) == set()
    assert Reconciliation.objects.get(integration=trade.sells).on_the_way >= 1
    settle(trade)
    assert reconcile(trade) == set()


@both_directions
def test_an_order_that_was_made_twice_is_found(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    link = SupplierOrderLink.objects.order_by("pk").first()
    twin = trade.supplier_store.place_order({"sku": "LAN-1", "quantity": 2, "price": "8.75"})
    SupplierOrderLink.objects.filter(pk=link.pk).update(remote_id=str(twin["id"]))
    assert "bought_twice" in reconcile(trade)


@both_directions
def test_an_order_that_nothing_sends_is_found(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    trade.buy()
    trade.pull_orders()
    Outbound.objects.filter(kind="create_order").delete()
    SupplierOrder.objects.filter(state="waiting").update(accepted_at="2026-01-01T00:00:00Z")
    assert "bought_not_sent" in reconcile(trade)


@both_directions
def test_a_listing_deleted_in_the_store_is_found(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    store = trade.retailer_store
    store.call("DELETE", f"/stores/{store.store}/products/{store.products()[0]['id']}")
    assert "listing_gone_there" in reconcile(trade)


@both_directions
def test_goods_deleted_in_the_suppliers_store_are_found(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    store = trade.supplier_store
    store.call("DELETE", f"/stores/{store.store}/products/{store.products()[0]['id']}")
    assert "goods_gone_there" in reconcile(trade)


@both_directions
def test_a_parcel_whose_message_was_lost_is_found(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    trade.buy()
    trade.to_supplier()
    open_order = next(order for order in trade.made() if not order["shipments"])
    trade.supplier_store.ship(open_order["id"], tracking="LOST1")
    assert "parcel_not_here" in reconcile(trade)
    settle(trade)
    assert reconcile(trade) == set()


@both_directions
def test_stopped_goods_are_no_difference(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    from catalog import services as catalog

    catalog.stop(trade.retailer, Listing.objects.filter(company=trade.retailer).values_list("pk", flat=True)[:1])
    settle(trade)
    assert reconcile(trade) == set()


@both_directions
def test_goods_that_are_not_counted_are_no_difference(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    Variant.objects.filter(sku="LAN-1").update(tracks_stock=False)
    StockLevel.objects.filter(variant__sku="LAN-1").delete()
    assert "stock_edited_there" not in reconcile(trade)


@both_directions
def test_without_webhooks_what_changed_since_the_last_pull_is_on_the_way(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    Integration.objects.update(hooks_seen_at=None)
    trade.buy({"sku": "TEA-1", "quantity": 1, "price": "30.00"})
    trade.supplier_store.set_stock(**{"TEA-1": 11})
    set_price(trade.supplier_store, **{"LAN-1": "77.00"})
    assert reconcile(trade) == set()
    # The pulls stopped: nothing brings it any more.
    SyncRun.objects.exclude(step="reconcile").update(started_at="2026-01-01T00:00:00Z")
    assert {"order_not_here", "stock_missed", "price_missed"} <= reconcile(trade)


@both_directions
def test_what_the_retailer_keeps_as_its_store_has_it_is_no_difference(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)
    RetailRule.objects.create(partnership=trade.partnership, writes_price=False, writes_stock=False)
    set_price(trade.retailer_store, **{"LAN-1": "19.99"})
    trade.retailer_store.set_stock(**{"LAN-1": 3})
    assert reconcile(trade) == set()
