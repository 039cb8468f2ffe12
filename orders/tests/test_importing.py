"""Taking orders in: routed, priced, held with a reason, and never twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import PriceListAssignment, Reservation
from catalog.services import assign_price_list
from orders import services, signals
from orders.data import PORTAL
from orders.models import EventKind, LineKind, Order, OrderEvent, OrderState, SupplierOrder
from orders.services.sending import StillHeld
from orders.tests.factories import line, order_data, trade
from portal.lib.address import Address

pytestmark = pytest.mark.django_db


def test_an_order_for_partners_goods_becomes_a_priced_supplier_order():
    pair = trade("85123A", "22423")
    order = pair.order("85123A", "22423", quantity=3)
    part = order.supplier_orders.get()
    assert order.state == OrderState.ROUTED
    assert (part.supplier, part.retailer, part.price_list_version) == (
        pair.supplier,
        pair.retailer,
        pair.price_list.version,
    )
    assert [(row.sku, row.quantity, row.unit_price) for row in part.lines.all()] == [
        ("85123A", 3, Decimal("8.0000")),
        ("22423", 3, Decimal("8.0000")),
    ]
    assert part.total == Decimal("48.0000")
    assert part.reference == f"{part.reference_prefix}-{part.number}"


@pytest.mark.row("S1-25")
def test_importing_an_order_twice_changes_nothing():
    pair = trade()
    data = line("85123A", variant=pair.goods["85123A"])
    first, second = pair.place(data), pair.place(data)
    assert (first.created, second.created, second.changed) == (True, False, False)
    assert (Order.objects.count(), SupplierOrder.objects.count(), Reservation.objects.count()) == (1, 1, 1)
    assert OrderEvent.objects.count() == 3


def test_references_are_never_reused():
    pair = trade()
    first = pair.supplier_order(source_id="1")
    services.cancel_order_before_sending(first.order, actor=PORTAL)
    second = pair.supplier_order(source_id="2")
    assert second.number == first.number + 1


def test_a_placed_order_reserves_stock_once():
    pair = trade()
    pair.order(quantity=4)
    pair.order(quantity=4)
    assert [row.quantity for row in Reservation.objects.filter(released_at=None)] == [4]


HELD = {
    "no_such_sku": (line("GIFT-WRAP"), OrderState.NEEDS_MATCH, "“GIFT-WRAP”"),
    "empty_sku": (line("", name="Gift card"), OrderState.NEEDS_MATCH, "has no SKU"),
    "sku_case": (line("85123a"), OrderState.NEEDS_MATCH, "only by capital letters"),
    "negative_quantity": (line(quantity=-3), OrderState.HELD, "-3 times"),
    "zero_quantity": (line(quantity=0), OrderState.HELD, "0 times"),
    "fractional_quantity": (line(quantity="1.5"), OrderState.HELD, "1.5 times"),
    "zero_price": (line(price=0), OrderState.HELD, "£0.00"),
    "line_sum": (line(total=Decimal("30.00")), OrderState.HELD, "£30.00"),
}


@pytest.mark.parametrize("code", HELD)
def test_a_line_that_cannot_be_traded_holds_the_order_with_a_sentence(code):
    pair = trade()
    bad, state, words = HELD[code]
    order = pair.place(bad).order
    assert (order.state, order.held_code) == (state, code)
    assert words in order.held_reason
    assert order.lines.get().held_code == code
    assert not order.supplier_orders.exists()


def test_a_whole_order_waits_when_one_line_does():
    pair = trade()
    order = pair.place(line(), line("UNKNOWN")).order
    assert order.state == OrderState.NEEDS_MATCH
    assert not order.supplier_orders.exists()


def test_a_total_that_does_not_add_up_shows_both_sums():
    order = trade().place(line(), total=Decimal("99.00")).order
    assert order.held_code == "order_sum"
    assert "£25.50" in order.held_reason
    assert "£99.00" in order.held_reason


def test_tax_and_postage_are_part_of_the_sum():
    pair = trade()
    taxed = line(tax=Decimal("5.10"), total=Decimal("30.60"))
    order = pair.place(taxed, tax=Decimal("6.10"), shipping=Decimal("5.00"), total=Decimal("36.60")).order
    assert order.state == OrderState.ROUTED


def test_prices_that_include_tax_are_not_taxed_again():
    pair = trade()
    order = pair.place(line(tax=Decimal("4.25")), tax=Decimal("4.25"), prices_include_tax=True).order
    assert order.state == OrderState.ROUTED


def test_own_goods_and_charges_are_left_alone():
    pair = trade()
    own = line("OWN-1", is_own=True)
    charge = line("POST", is_charge=True, price="4.00", quantity=1)
    order = pair.place(line(variant=pair.goods["85123A"]), own, charge).order
    assert [row.kind for row in order.lines.all()] == [LineKind.GOODS, LineKind.OWN, LineKind.CHARGE]
    assert order.supplier_orders.get().lines.count() == 1


def test_an_order_of_own_goods_only_is_left_to_its_retailer():
    order = trade().place(line("OWN-1", is_own=True)).order
    assert order.state == OrderState.IMPORTED
    assert order.events.filter(kind=EventKind.NOTE).count() == 1


def test_long_names_emoji_and_a_missing_email_are_kept_as_they_are():
    pair = trade()
    address = Address(first_name="Z" * 200, address1="🏡 1 High Street", city="Leeds", country="GB")
    order = pair.order(ship_to=address, customer_name="Z" * 200)
    assert order.state == OrderState.ROUTED
    assert order.ship_to["address1"] == "🏡 1 High Street"
    assert order.supplier_orders.get().ship_to["first_name"] == "Z" * 200


def test_an_order_is_split_by_supplier_and_by_address():
    first = trade("85123A", "22423")
    second = trade("POTS", retailer=first.retailer)
    lines = [line("85123A", variant=first.goods["85123A"]), line("22423", variant=first.goods["22423"])]
    lines.append(line("POTS", variant=second.goods["POTS"]))
    elsewhere = Address(address1="2 Quay", city="Hull", country="GB")
    order = first.place(*lines, destinations=((elsewhere, ("line-22423-",)),)).order
    parts = {(part.supplier_id, part.ship_to["city"]) for part in order.supplier_orders.all()}
    assert parts == {
        (first.supplier.pk, "Stockport"),
        (first.supplier.pk, "Hull"),
        (second.supplier.pk, "Stockport"),
    }


@pytest.mark.row("S4-24")
def test_an_order_without_a_price_list_waits_and_goes_on_when_one_is_assigned(django_capture_on_commit_callbacks):
    pair = trade()
    PriceListAssignment.objects.all().delete()
    order = pair.order()
    assert order.held_code == "no_price_list"
    with django_capture_on_commit_callbacks(execute=True):
        assign_price_list(pair.partnership, pair.price_list)
    order.refresh_from_db()
    assert order.state == OrderState.ROUTED


@pytest.mark.row("S4-28")
def test_an_order_for_a_partner_who_paused_is_held():
    pair = trade()
    pair.partnership.state = "paused"
    pair.partnership.save()
    order = pair.order()
    assert order.held_code == "no_partnership"
    assert "paused" in order.held_reason


def test_stopped_goods_are_held_until_a_person_lets_them_through():
    pair = trade()
    pair.goods["85123A"].is_active = False
    pair.goods["85123A"].save()
    order = pair.order()
    assert order.held_code == "product_stopped"


def test_a_retailer_without_an_address_is_asked_for_it():
    pair = trade()
    pair.retailer.address1 = ""
    pair.retailer.save()
    order = pair.order()
    assert order.held_code == "no_address"
    assert "Settings › Company" in order.held_reason


def test_a_gift_at_price_zero_goes_on_once_a_person_lets_it_through():
    pair = trade()
    order = pair.place(line(price=0)).order
    services.release_hold(order, actor=PORTAL)
    order.refresh_from_db()
    assert order.state == OrderState.ROUTED


def test_what_is_still_wrong_keeps_the_order_held():
    order = trade().place(line(quantity=-1)).order
    with pytest.raises(StillHeld):
        services.release_hold(order, actor=PORTAL)


def test_fewer_units_before_sending_are_followed():
    pair = trade()
    order = pair.order(quantity=6)
    pair.place(line(quantity=4, variant=pair.goods["85123A"]))
    live = order.supplier_orders.exclude(state="cancelled").get()
    assert [row.quantity for row in live.lines.all()] == [4]
    assert [row.quantity for row in Reservation.objects.filter(released_at=None)] == [4]


def test_fewer_units_after_sending_are_told_and_change_nothing():
    pair = trade()
    told = []
    signals.order_changed_at_store.connect(lambda **kw: told.append(kw["what"]), weak=False, dispatch_uid="t")
    part = pair.supplier_order(quantity=6)
    services.start_sending(part)
    for _ in range(2):
        pair.place(line(quantity=4, variant=pair.goods["85123A"]))
    signals.order_changed_at_store.disconnect(dispatch_uid="t")
    assert told == ["85123A: 6 → 4 units."]
    assert part.lines.get().quantity == 6


def test_cancelled_at_the_store_before_sending_cancels_everything():
    pair = trade()
    order = pair.order()
    data = order_data(line(variant=pair.goods["85123A"]), is_cancelled=True)
    services.import_order(pair.retailer, data, source_key="store-1", source_name="x", actor=PORTAL)
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED
    assert order.supplier_orders.get().state == "cancelled"
    assert not Reservation.objects.filter(released_at=None).exists()
