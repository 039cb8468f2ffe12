"""A hand edit of an order's lines is found also where it leaves the total alike, without reading more than changed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels.models import Difference, OrderLink, SyncRun
from channels.models.reconcile import Reconciliation
from channels.reconcile import lines
from channels.reconcile.lines import Line, gap_of
from channels.reconcile.tests.books import edit_order, kinds_of, reconcile, traded
from channels.tests.trading import DIRECTIONS
from channels.tests.world import SimStore, World, run
from orders.models import OrderLine, SupplierOrderLine

both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)
LANTERNS = {"sku": "LAN-1", "quantity": 2, "price": "12.50"}


def line(sku: str, units: int | str, price: str, name: str = "") -> Line:
    return Line.of(sku, name, units, Decimal(price))


def test_the_same_goods_agree_however_their_lines_are_cut_and_written():
    ours = [line("LAN-1", 3, "12.50"), line("", 1, "2", name="Gift wrap")]
    theirs = [line("", "1.0", "2.00", name="Gift wrap"), line("lan-1", 1, "12.5"), line("LAN-1 ", 2, "12.5000")]
    assert gap_of(ours, theirs, "GBP") is None


@pytest.mark.parametrize(
    ("theirs", "words"),
    [
        ([line("LAN-1", 1, "25.00")], ("2 × LAN-1 at £12.50", "1 × LAN-1 at £25.00")),
        ([line("TEA-1", 2, "12.50")], ("2 × LAN-1 at £12.50", "2 × TEA-1 at £12.50")),
        ([line("LAN-1", 2, "12.50"), line("GIFT", 1, "0")], ("nothing more", "1 × GIFT at £0.00")),
        ([], ("2 × LAN-1 at £12.50", "nothing more")),
        ([line("LAN-1", "1.5", "12.50")], ("0.5 × LAN-1 at £12.50", "nothing more")),
    ],
)
def test_what_only_one_side_has_is_said_in_words(theirs, words):
    assert gap_of([line("LAN-1", 2, "12.50")], theirs, "GBP") == words


def test_words_fit_their_column():
    many = [line(f"{'LONG-' * 10}{number}", 1, "1") for number in range(50)]
    assert all(len(words) <= 200 for words in gap_of(many, [], "GBP"))


def halve(store: SimStore, order: dict[str, Any], price: str) -> None:
    """Somebody makes one of two units twice as dear: the total stays."""
    edit_order(store, order, quantity=1, price=price)


@pytest.mark.django_db
@both_directions
def test_a_hand_edit_that_leaves_the_total_alike_is_found_on_both_sides_and_gone_when_undone(
    world: World, supplier_kind, retailer_kind
):
    trade = traded(world, supplier_kind)
    assert reconcile(trade) == set()
    bought, made = trade.retailer_store.orders()[0], trade.made()[1]
    placed = str(SupplierOrderLine.objects.order_by("pk")[1].unit_price)
    halve(trade.retailer_store, bought, "25.00")
    halve(trade.supplier_store, made, str(Decimal(placed) * 2))

    assert reconcile(trade) == {"order_lines", "bought_lines"}
    sold = Difference.objects.get(kind="order_lines")
    assert (sold.ours, sold.theirs) == ("2 × LAN-1 at £12.50", "1 × LAN-1 at £25.00")
    assert kinds_of(trade.supplies) == {made["reference"]: "bought_lines"}
    assert reconcile(trade) == {"order_lines", "bought_lines"}

    edit_order(trade.retailer_store, bought, quantity=2, price="12.50")
    edit_order(trade.supplier_store, made, quantity=2, price=placed)
    assert reconcile(trade) == set()


@pytest.mark.django_db
@both_directions
def test_a_change_that_was_told_and_could_not_be_followed_stays_in_the_books_until_it_is_settled(
    world: World, supplier_kind, retailer_kind
):
    trade = traded(world, supplier_kind)
    halve(trade.retailer_store, trade.retailer_store.orders()[0], "25.00")
    assert trade.pull_orders() == ["ok"]
    assert reconcile(trade) == {"order_lines"}


@pytest.mark.django_db
@both_directions
def test_lines_of_orders_that_nobody_changed_cost_no_reads_and_few_queries(world: World, supplier_kind, retailer_kind):
    trade = traded(world, supplier_kind)

    def cost() -> int:
        reconcile(trade)
        with CaptureQueriesContext(connection) as queries:
            assert run(trade.sells, "reconcile") == ["ok"]
        return len([query for query in queries if "rate" not in query["sql"]])

    few = cost()
    for _ in range(8):
        trade.buy()
    trade.to_supplier()
    OrderLink.objects.update(created_at="2026-01-01T00:00:00Z")
    # Each new order is read for its parcels, never for its lines.
    assert cost() <= few + 8
    assert SyncRun.objects.filter(step="reconcile", result="ok").exists()


@pytest.mark.django_db
def test_what_the_bound_on_reads_left_out_is_compared_by_the_next_reconciliation(world: World, monkeypatch):
    trade = traded(world, "bigcommerce", orders=4)
    made = trade.made()
    price = str(2 * SupplierOrderLine.objects.first().unit_price)
    for order in made:
        halve(trade.supplier_store, order, price)
    monkeypatch.setattr(lines, "MOST_READS", 2)
    assert run(trade.supplies, "reconcile") == ["ok"]
    first = Reconciliation.objects.filter(integration=trade.supplies).first()
    assert "lines_from" in first.books["bought"]
    assert len(kinds_of(trade.supplies)) == 2
    assert run(trade.supplies, "reconcile") == ["ok"]
    assert len(kinds_of(trade.supplies)) == 4


@pytest.mark.django_db
def test_a_copy_of_ours_that_was_changed_is_found(world: World):
    trade = traded(world, "bigcommerce")
    OrderLine.objects.filter(pk=OrderLine.objects.first().pk).update(sku="TEA-1")
    assert reconcile(trade) == {"order_lines"}
