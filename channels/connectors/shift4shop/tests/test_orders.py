"""Orders created in a supplier's store: once, whole, and found again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from channels.connectors.shift4shop.tests.conftest import CONSUMER, RETAILER, Shop
from channels.contract import OrderRequestLine
from channels.errors import Misconfigured, NotFound, Rejected, UnclearOutcome

FIND = {"reference": "TLX7-17", "reference_prefix": "TLX7", "number": 17}


def raw(shop: Shop, order_id: str) -> dict[str, Any]:
    return shop.connect().client.one(f"Orders/{order_id}")


@pytest.mark.row("S1-02")
@pytest.mark.row("S1-24")
def test_an_order_arrives_as_a_new_one_with_our_number_and_the_right_sum(shop: Shop) -> None:
    created = shop.connect().create_order(shop.request())

    order = shop.books()[0]
    assert created.number == order["number"] == "TLX7-17"
    assert (order["status_name"], order["total"], order["alternate_id"]) == ("New", "70.20", "TLX7-17")
    assert [(line["sku"], line["quantity"], line["price"]) for line in order["lines"]] == [
        ("MUG", 2, "2.10"),
        ("TENT-RED", 1, "61.50"),
    ]
    assert created.line_ids == {"71": str(order["lines"][0]["id"]), "72": str(order["lines"][1]["id"])}


def test_stock_is_taken_and_nobody_gets_a_mail(shop: Shop) -> None:
    shop.connect().create_order(shop.request())

    assert shop.shelf()["MUG"]["stock"] == 8
    assert [variant["stock"] for variant in shop.shelf()["TENT"]["variants"]] == [16, 5]
    assert shop.at("GET", "/mails") == []


def test_the_bill_goes_to_the_retailer_and_the_parcel_to_the_consumer_whose_mail_stays_with_us(shop: Shop) -> None:
    order = raw(shop, shop.connect().create_order(shop.request()).remote_id)

    assert (order["BillingCompany"], order["BillingEmail"]) == (RETAILER.company, RETAILER.email)
    assert (order["ShipmentList"][0]["ShipmentLastName"], order["ShipmentList"][0]["ShipmentEmail"]) == ("Moss", "")
    assert CONSUMER.email not in str(order)
    assert [customer["Email"] for customer in shop.at("GET", "/customers")] == ["orders+tlx7@fieldhouse.example"]


@pytest.mark.row("S1-25")
@pytest.mark.parametrize("fault", ["cut_after", "error_after", "truncated"])
def test_an_order_whose_answer_was_lost_is_unclear_and_then_found_exactly_once(shop: Shop, fault: str) -> None:
    shop.fault(fault, method="POST", path="/Orders$")

    with pytest.raises(UnclearOutcome):
        shop.connect().create_order(shop.request())
    found = shop.connect().find_order(**FIND)

    assert len(shop.books()) == 1
    assert found is not None
    assert (found.number, set(found.line_ids)) == ("TLX7-17", {"71", "72"})


@pytest.mark.row("S1-25")
def test_an_order_that_was_cut_before_the_store_acted_is_surely_not_there(shop: Shop) -> None:
    shop.fault("cut_before", method="POST", path="/Orders$")

    with pytest.raises(UnclearOutcome):
        shop.connect().create_order(shop.request())

    assert shop.connect().find_order(**FIND) is None


def test_neighbouring_numbers_and_prefixes_are_not_taken_for_ours(shop: Shop) -> None:
    for number, prefix in ((17, "TLX70"), (170, "TLX7"), (16, "TLX7")):
        shop.connect().create_order(shop.request(number, reference_prefix=prefix, reference=f"{prefix}-{number}"))

    assert shop.connect().find_order(**FIND) is None


def test_an_order_stays_created_when_reading_it_back_fails(shop: Shop) -> None:
    shop.fault("unavailable", method="GET", path=r"/Orders/\d+$", times=2)

    created = shop.connect().create_order(shop.request())

    assert (created.number, created.line_ids) == ("TLX7-17", {})


def test_our_own_orders_carry_their_reference_when_they_are_pulled(shop: Shop) -> None:
    created = shop.connect().create_order(shop.request())
    own = shop.place()

    assert shop.connect().order(created.remote_id).reference == "TLX7-17"
    assert shop.connect().order(own).reference != "TLX7-17"


@pytest.mark.parametrize("settings", [{}, {"payment_method": ""}, {"payment_method": "Purchase Order"}])
def test_without_a_payment_method_nothing_is_sent_and_the_setting_is_named(
    shop: Shop, settings: dict[str, str]
) -> None:
    with pytest.raises(Misconfigured) as caught:
        shop.connect(settings=settings).create_order(shop.request())

    assert caught.value.code == "setting_missing"
    assert shop.books() == []


def test_a_payment_method_that_the_store_does_not_know_is_a_setting_to_mend(shop: Shop) -> None:
    with pytest.raises(Misconfigured) as caught:
        shop.connect(settings={"payment_method": "9 Cheque"}).create_order(shop.request())

    assert caught.value.code == "setting_missing"
    assert "payment method" in caught.value.message


def test_offline_payment_methods_are_suggested_from_recent_orders(shop: Shop, time_machine) -> None:
    time_machine.move_to("2026-06-14T13:00:00Z")
    shop.place()
    shop.connect().create_order(shop.request())

    assert shop.connect().setting_choices("payment_method") == [("52 Purchase Order", "Purchase Order (52)")]


def test_shipping_methods_are_gathered_from_recent_orders(shop: Shop, time_machine) -> None:
    time_machine.move_to("2026-06-14T13:00:00Z")
    for name in ("Royal Mail", "UPS Ground", "UPS Ground"):
        shop.place(shipping_method=name)

    assert shop.connect().shipping_methods() == ["UPS Ground", "Royal Mail"]


def test_a_line_that_is_not_linked_is_refused_with_its_name(shop: Shop) -> None:
    line = OrderRequestLine("1", "LOST", "Lost thing", 1, Decimal(1), "", "")

    with pytest.raises(Rejected) as caught:
        shop.connect().create_order(shop.request(lines=(line,)))

    assert caught.value.code == "product_not_linked"
    assert "LOST" in caught.value.message


def test_a_deleted_product_is_refused_and_leaves_no_order(shop: Shop) -> None:
    shop.at("DELETE", f"/products/{shop.goods['MUG'][0]}")

    with pytest.raises(Rejected) as caught:
        shop.connect().create_order(shop.request())

    assert caught.value.field == "product"
    assert shop.books() == []


def test_long_texts_are_cut_to_their_fields_and_stand_whole_in_the_comments(shop: Shop) -> None:
    street = "The Old Rectory behind the Chapel of Saint Bartholomew the Lesser " * 5
    ship_to = replace(CONSUMER, last_name="", address1=street, address2="Flat 9, " * 9, postcode="X" * 25, phone="")

    created = shop.connect().create_order(shop.request(ship_to=ship_to, shipping_method="Van " * 60))

    order = raw(shop, created.remote_id)
    shipment = order["ShipmentList"][0]
    assert (len(shipment["ShipmentAddress"]), len(shipment["ShipmentAddress2"])) == (255, 50)
    assert shipment["ShipmentLastName"] == "."
    assert street.strip() in order["InternalComments"]
    assert "X" * 25 in order["InternalComments"]
    assert shop.connect().order(created.remote_id).ship_to.last_name == ""


def test_emoji_and_control_characters_do_not_stop_an_order(shop: Shop) -> None:
    ship_to = replace(CONSUMER, first_name="Zoë 🦊\x00", address2="Bell 🛎" * 12)

    created = shop.connect().create_order(shop.request(ship_to=ship_to, comment="Thanks 💛\x07\nbye"))

    order = shop.connect().order(created.remote_id)
    assert order.ship_to.first_name == "Zoë 🦊"
    assert order.comment == "Thanks 💛\nbye"


def test_a_customer_is_made_once_for_each_partner(shop: Shop) -> None:
    connector = shop.connect()

    first = connector.ensure_customer(RETAILER, key="partnership-5")
    again = connector.ensure_customer(RETAILER, key="partnership-5")
    other = connector.ensure_customer(replace(RETAILER, email=""), key="partnership-6")

    assert first == again != other
    assert [row["Email"] for row in shop.at("GET", "/customers")] == [
        "orders+partnership-5@fieldhouse.example",
        "partnership-6@orders.invalid",
    ]


def test_a_customer_whose_creation_was_unclear_is_found_by_its_mail(shop: Shop) -> None:
    shop.fault("cut_after", method="POST", path="/Customers$")

    with pytest.raises(UnclearOutcome):
        shop.connect().ensure_customer(RETAILER, key="p5")
    shop.connect().ensure_customer(RETAILER, key="p5")

    assert len(shop.at("GET", "/customers")) == 1


def test_abandoned_carts_are_left_out_and_every_other_status_comes(shop: Shop, sim_clock) -> None:
    since = sim_clock.moment
    ids = {status: shop.place(status=status) for status in (1, 5, 7, 8, 11)}

    pages = shop.connect().orders(modified_since=since)

    assert {order.remote_id for page in pages for order in page} == {ids[1], ids[5], ids[8], ids[11]}


def test_all_statuses_come_although_the_vendor_shows_ten_unless_asked(shop: Shop) -> None:
    assert len(shop.connect().order_statuses()) == 19


def test_an_unknown_order_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFound):
        shop.connect().order("987")


def test_an_order_still_arrives_when_the_partners_customer_record_was_deleted(shop: Shop) -> None:
    created = shop.connect().create_order(shop.request(customer_remote_id="9999"))

    assert shop.books()[0]["id"] == int(created.remote_id)
    assert len(shop.books()) == 1
