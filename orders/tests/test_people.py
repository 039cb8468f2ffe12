"""Matching in one click, entering by hand, the story and the books."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.tests.factories import VariantFactory
from orders import books, services
from orders.data import Actor, EnteredLine, EnteredOrder, ShipmentData
from orders.models import LineKind, Order, OrderState
from orders.selectors import events_for_retailer, events_for_supplier
from orders.story import Side, tell
from orders.tests.factories import HANNAH, line, trade
from portal.companies.tests.factories import UserFactory
from portal.lib.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya():
    return Actor.person(UserFactory(name="Priya Shah"))


def test_a_match_is_remembered_and_frees_every_order_that_waits_for_it(priya):
    pair = trade()
    first, second = (pair.place(line("OLD-SKU"), source_id=n).order for n in ("1", "2"))
    freed = services.match_line(first.lines.get(), variant=pair.goods["85123A"], actor=priya)
    later = pair.place(line("old-sku "), source_id="3").order
    states = [Order.objects.get(pk=one.pk).state for one in (first, second, later)]
    assert (freed, states) == (1, [OrderState.ROUTED] * 3)


def test_marking_as_own_leaves_the_line_to_the_retailer(priya):
    pair = trade()
    order = pair.place(line("MINE"), line(variant=pair.goods["85123A"])).order
    services.match_line(order.lines.get(sku="MINE"), own=True, actor=priya)
    order.refresh_from_db()
    assert order.lines.get(sku="MINE").kind == LineKind.OWN
    assert (order.state, order.supplier_orders.get().lines.count()) == (OrderState.ROUTED, 1)


def test_a_line_without_sku_is_matched_for_this_order_only(priya):
    pair = trade()
    order = pair.place(line("", name="Heart")).order
    services.match_line(order.lines.get(), variant=pair.goods["85123A"], actor=priya)
    order.refresh_from_db()
    assert order.state == OrderState.ROUTED


@pytest.mark.row("S4-28")
def test_goods_of_a_company_that_is_no_partner_cannot_be_matched(priya):
    order = trade().place(line("OLD")).order
    with pytest.raises(DomainError, match="not offered to you"):
        services.match_line(order.lines.get(), variant=VariantFactory(), actor=priya)


def entered(*lines: EnteredLine, token: str = "form-1", **fields: object) -> EnteredOrder:
    return EnteredOrder(**{"token": token, "lines": lines, "ship_to": HANNAH, **fields})


@pytest.mark.row("S4-20")
def test_a_retailer_enters_an_order_and_it_goes_the_same_way(priya):
    pair = trade()
    wanted = entered(EnteredLine(pair.goods["85123A"].pk, 3))
    first = services.enter_order(pair.retailer, wanted, actor=priya)
    again = services.enter_order(pair.retailer, wanted, actor=priya)
    assert (first.order.state, again.created, Order.objects.count()) == (OrderState.ROUTED, False, 1)
    assert first.order.supplier_orders.get().total == Decimal("24.0000")
    assert first.order.total == Decimal("30.0000")


def test_an_entered_order_needs_lines_address_and_offered_goods(priya):
    pair = trade()
    for wrong in (entered(), entered(EnteredLine(VariantFactory().pk, 1)), entered(EnteredLine(1, 0))):
        with pytest.raises(DomainError):
            services.enter_order(pair.retailer, wrong, actor=priya)


def told_story(pair):
    order = pair.order()
    part = order.supplier_orders.get()
    services.start_sending(part)
    services.confirm_sent(part, outside_number="5011", outside_id="7", system_name="Kingsway main store")
    data = ShipmentData(source_key="1", source="store", carrier="UPS", tracking_number="1Z9")
    shipment, _ = services.record_shipment(part, data, Actor(kind="store", name="Kingsway main store"))
    services.record_tracking_told(shipment, system_name="Acme store", number="20931")
    return order, part


@pytest.mark.row("S4-19")
def test_both_sides_read_one_story_in_their_own_words():
    pair = trade()
    pair.retailer.name, pair.supplier.name = "Acme Outdoor", "Kingsway"
    pair.retailer.save()
    pair.supplier.save()
    order, part = told_story(pair)
    supplier = [entry.sentence for entry in reversed(tell(events_for_supplier(part), side=Side.SUPPLIER))]
    retailer = [entry.sentence for entry in reversed(tell(events_for_retailer(order), side=Side.RETAILER))]
    assert supplier == [
        "Order AC-20931 arrived from Acme Outdoor",
        f"Priced by Trade autumn, version {pair.price_list.version}",
        "Created in Kingsway main store",
        "Parcel 1 left with UPS",
        "Tracking written to Acme Outdoor’s store",
    ]
    assert retailer == [
        "Order AC-20931 arrived from Acme store",
        f"Priced by Trade autumn, version {pair.price_list.version}",
        "Passed on to Kingsway",
        "Kingsway has the order in its store",
        "Parcel 1 left Kingsway with UPS",
        "Tracking written to Acme store",
    ]


def test_the_supplier_never_reads_what_the_customer_paid():
    pair = trade()
    order = pair.place(line(price="99.99", variant=pair.goods["85123A"])).order
    entries = tell(events_for_supplier(order.supplier_orders.get()), side=Side.SUPPLIER)
    assert "99.99" not in " ".join(f"{entry.sentence} {entry.detail}" for entry in entries)


def test_the_books_account_for_every_line_that_was_read():
    pair = trade()
    pair.place(line(variant=pair.goods["85123A"]), line("OWN", is_own=True), source_id="1")
    pair.place(line("UNKNOWN"), line(variant=pair.goods["85123A"]), source_id="2")
    account = books.account_of(pair.retailer)
    assert account.balances
    assert (account.read, account.traded, account.own) == (4, 1, 1)
    assert account.held == {"no_such_sku": 2}
    assert [(entry.units, entry.money) for entry in books.sold(pair.retailer)] == [
        (4, Decimal("51.00")),
        (4, Decimal("51.00")),
    ]
    assert [(entry.units, entry.money) for entry in books.bought(supplier=pair.supplier)] == [(2, Decimal("16.00"))]
