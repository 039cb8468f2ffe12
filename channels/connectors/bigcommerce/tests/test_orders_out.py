"""Orders and parcels that we create: what the store gets, and what is cut is kept."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from channels.connectors.bigcommerce import bodies, shipments
from channels.connectors.bigcommerce.tests.conftest import CONSUMER, RETAILER, Shop
from channels.connectors.conformance import parcel
from channels.contract import ChannelShipmentLine, OrderRequestLine, RemoteOrderState
from channels.errors import Rejected, UnclearOutcome


def test_an_order_is_a_guests_order_at_net_prices_to_the_consumer(shop: Shop) -> None:
    body = bodies.order(shop.request(comment="Ring twice"))
    red, mug = shop.goods["TENT-RED"], shop.goods["MUG"]
    assert body == {
        "customer_id": 0,
        "status_id": 11,
        "external_source": "Portal (Tradelane)",
        "external_order_id": "TLX7-17",
        "payment_method": "Trade account",
        "default_currency_code": "GBP",
        "billing_address": {
            "first_name": "Rita", "last_name": "Field", "company": "Fieldhouse", "street_1": "1 Mill Lane", "street_2": "",
            "city": "Leeds", "zip": "LS1 1AA", "phone": "0113 496 0000", "email": "orders@fieldhouse.example",
            "state": "", "country_iso2": "GB",
        },
        "shipping_addresses": [{
            "first_name": "Ada", "last_name": "Moss", "company": "", "street_1": "12 Elm Street", "street_2": "",
            "city": "Dover", "zip": "CT16 1AA", "phone": "01304 960000", "email": "ada@example.com",
            "state": "", "country_iso2": "GB", "shipping_method": "Standard",
        }],
        "products": [
            {"product_id": int(mug[0]), "variant_id": int(mug[1]), "quantity": 2,
             "price_ex_tax": "2.1000", "price_inc_tax": "2.1000"},
            {"product_id": int(red[0]), "variant_id": int(red[1]), "quantity": 1,
             "price_ex_tax": "61.5000", "price_inc_tax": "61.5000"},
        ],
        "shipping_cost_ex_tax": "4.5000",
        "shipping_cost_inc_tax": "4.5000",
        "customer_message": "Ring twice",
        "staff_notes": "Order TLX7-17 from Tradelane.",
    }  # fmt: skip


def test_what_does_not_fit_a_field_stands_in_full_in_the_notes(shop: Shop) -> None:
    long = "Wilhelmina " * 30
    body = bodies.order(shop.request(ship_to=replace(CONSUMER, first_name=long)))
    cut = body["shipping_addresses"][0]["first_name"]
    assert len(cut) == 255
    assert cut.endswith("…")
    assert long.strip() in body["staff_notes"]


def test_a_consumer_without_e_mail_postcode_or_surname_is_accepted(shop: Shop) -> None:
    bare = replace(CONSUMER, email="", postcode="", last_name="", phone="", address1="🏠 3")
    shop.connect().create_order(shop.request(ship_to=bare))
    (book,) = shop.books()
    assert (book["ship_to"]["email"], book["ship_to"]["address1"]) == ("", "🏠 3")


def test_an_order_to_nowhere_is_refused_before_it_is_sent(shop: Shop) -> None:
    with pytest.raises(Rejected) as caught:
        shop.connect().create_order(shop.request(ship_to=replace(CONSUMER, country="")))
    assert caught.value.field == "country"
    assert shop.books() == []


def test_states_are_written_out() -> None:
    texan = replace(RETAILER, state="TX", country="US")
    assert bodies.address(texan, bodies.Notes(), "x")["state"] == "Texas"
    assert bodies.address(replace(texan, country="GB"), bodies.Notes(), "x")["state"] == "TX"


def test_equal_lines_are_told_apart(shop: Shop) -> None:
    line = OrderRequestLine("71", "MUG", "Mug", 2, Decimal("2.10"), *shop.goods["MUG"])
    created = shop.connect().create_order(shop.request(lines=(line, replace(line, line_id="72"))))
    (book,) = shop.books()
    assert dict(created.line_ids) == {"71": str(book["lines"][0]["id"]), "72": str(book["lines"][1]["id"])}


def test_a_created_order_whose_lines_cannot_be_read_is_still_told(shop: Shop) -> None:
    shop.fault("unavailable", method="GET", path="/products$", times=2)
    created = shop.connect().create_order(shop.request())
    (book,) = shop.books()
    assert (created.remote_id, dict(created.line_ids)) == (str(book["id"]), {})


def test_a_product_that_the_store_lost_is_a_refusal_with_their_words(shop: Shop) -> None:
    shop.at("DELETE", f"/products/{shop.goods['MUG'][0]}")
    with pytest.raises(Rejected) as caught:
        shop.connect().create_order(shop.request())
    assert "does not exist" in caught.value.message


@pytest.mark.parametrize("follows", [True, False])
def test_the_status_is_shipped_whether_or_not_it_follows_by_itself(shop: Shop, follows: bool) -> None:
    shop.switch(status_follows_shipment=follows)
    order_id = shop.place(lines=[{"sku": "MUG", "quantity": 2}, {"sku": "TENT-RED", "quantity": 1}])
    connector = shop.connect()
    mug, tent = connector.order(order_id).lines
    order = connector.order(order_id)
    connector.create_shipment(parcel(order, "1Z1", completes=False, lines={mug.remote_id: 2}))
    assert connector.order(order_id).state == RemoteOrderState.PARTLY_SHIPPED
    connector.create_shipment(parcel(order, "1Z2", completes=True, lines={tent.remote_id: 1}))
    assert connector.order(order_id).state == RemoteOrderState.SHIPPED


def test_an_order_with_own_goods_open_is_never_set_shipped(shop: Shop) -> None:
    order_id = shop.place(lines=[{"sku": "MUG", "quantity": 2}, {"name": "Own goods", "quantity": 1, "price": "5"}])
    connector = shop.connect()
    ours, _ = connector.order(order_id).lines
    connector.create_shipment(parcel(connector.order(order_id), "1Z1", completes=True, lines={ours.remote_id: 2}))
    assert connector.order(order_id).state == RemoteOrderState.PARTLY_SHIPPED


def test_a_parcel_whose_status_could_not_follow_is_unclear_and_mended_when_found(shop: Shop) -> None:
    shop.switch(status_follows_shipment=False)
    connector, order_id = shop.connect(), shop.place()
    request = parcel(connector.order(order_id), "1Z1", completes=True)
    shop.fault("unavailable", method="PUT", path="/orders/")
    with pytest.raises(UnclearOutcome):
        connector.create_shipment(request)
    assert connector.find_shipment(request) is not None
    assert connector.order(order_id).state == RemoteOrderState.SHIPPED
    assert len(shop.books()[0]["shipments"]) == 1


def test_more_than_is_left_to_ship_is_refused(shop: Shop) -> None:
    connector, order_id = shop.connect(), shop.place()
    (line,) = connector.order(order_id).lines
    with pytest.raises(Rejected):
        connector.create_shipment(parcel(connector.order(order_id), "1Z1", completes=True, lines={line.remote_id: 3}))
    assert shop.books()[0]["shipments"] == []


def test_a_line_that_the_order_does_not_have_is_named(shop: Shop) -> None:
    connector, order_id = shop.connect(), shop.place()
    with pytest.raises(Rejected) as caught:
        connector.create_shipment(parcel(connector.order(order_id), "1Z1", completes=True, lines={"424242": 1}))
    assert caught.value.code == "line_not_in_store"


LINES = [{"id": 5, "order_address_id": 9, "type": "physical", "quantity": 3, "quantity_shipped": 1}]


@pytest.mark.parametrize(
    ("carrier", "provider", "slug"),
    [("Royal Mail", "royalmail", "royal-mail"), ("ups", "ups", "ups"), ("DHL", "", "dhl"), ("Bob's Van", "", "")],
)
def test_carriers_are_written_in_their_words(shop: Shop, carrier: str, provider: str, slug: str) -> None:
    request = replace(parcel(shop.connect().order(shop.place()), "1Z1", completes=True), carrier=carrier, lines=())
    body = shipments.shipment_body(request, LINES)
    assert (body["shipping_provider"], body["tracking_carrier"]) == (provider, slug)
    assert ("Bob's Van" in body.get("comments", "")) == (slug == "")
    assert body["items"] == [{"order_product_id": 5, "quantity": 2}]


def test_a_tracking_number_that_is_too_long_stands_in_full_in_the_comments(shop: Shop) -> None:
    connector, order_id = shop.connect(), shop.place()
    number = "JD" + "0123456789" * 6
    request = parcel(connector.order(order_id), number, completes=True)
    connector.create_shipment(request)
    assert connector.find_shipment(request) is not None
    body = shipments.shipment_body(replace(request, lines=(ChannelShipmentLine("5", 1),)), LINES)
    assert len(body["tracking_number"]) == 50
    assert number in body["comments"]
