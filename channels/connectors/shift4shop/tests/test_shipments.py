"""Parcels told to a retailer's store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from channels.connectors.shift4shop.tests.conftest import Shop
from channels.contract import ChannelShipmentLine, ShipmentRequest
from channels.errors import Rejected, UnclearOutcome


def parcel(order_id: str, number: str = "1Z1", **values: Any) -> ShipmentRequest:
    base = {
        "remote_order_id": order_id,
        "tracking_number": number,
        "carrier": "UPS",
        "service": "Ground",
        "shipped_at": datetime(2026, 6, 15, 9, 0, tzinfo=UTC),
        "lines": (),
        "completes": True,
    }
    return ShipmentRequest(**(base | values))


def raw(shop: Shop, order_id: str) -> dict[str, Any]:
    return shop.connect().client.one(f"Orders/{order_id}")


def line_ids(shop: Shop, order_id: str) -> list[str]:
    return [line.remote_id for line in shop.connect().order(order_id).lines]


@pytest.mark.parametrize("single_id", ["zero", "real"])
def test_the_last_parcel_sets_number_carrier_date_and_shipped(shop: Shop, single_id: str) -> None:
    shop.switch(single_shipment_id=single_id)
    order_id = shop.place()

    told = shop.connect().create_shipment(parcel(order_id))

    order = raw(shop, order_id)
    shipment = order["ShipmentList"][0]
    assert order["OrderStatusID"] == shipment["ShipmentOrderStatus"] == 4
    assert (shipment["ShipmentTrackingCode"], shipment["ShipmentMethodName"]) == ("1Z1", "UPS Ground")
    assert shipment["ShipmentShippedDate"] == "06/15/2026"
    assert told.remote_id == shop.connect().shipments(order_id)[0].remote_id


def test_partial_parcels_share_the_field_and_the_order_is_partial_until_the_last(shop: Shop) -> None:
    order_id = shop.place(lines=[{"sku": "MUG", "quantity": 2}, {"sku": "TENT-RED", "quantity": 1}])
    first, second = line_ids(shop, order_id)
    shipper = shop.connect()

    shipper.create_shipment(parcel(order_id, "A1", lines=(ChannelShipmentLine(first, 2),), completes=False))
    assert raw(shop, order_id)["OrderStatusID"] == 3
    shipper.create_shipment(parcel(order_id, "B2", lines=(ChannelShipmentLine(second, 1),), other_tracking=("A1",)))

    order = raw(shop, order_id)
    assert (order["OrderStatusID"], order["ShipmentList"][0]["ShipmentTrackingCode"]) == (4, "A1, B2")
    assert len(order["OrderItemList"]) == 2


def test_telling_a_parcel_twice_changes_nothing(shop: Shop) -> None:
    order_id = shop.place()
    shop.connect().create_shipment(parcel(order_id))
    once = raw(shop, order_id)

    shop.connect().create_shipment(parcel(order_id))

    assert raw(shop, order_id)["ShipmentList"] == once["ShipmentList"]


@pytest.mark.parametrize("fault", ["cut_after", "error_after", "truncated"])
def test_a_parcel_whose_answer_was_lost_is_found_by_reading_the_order(shop: Shop, fault: str) -> None:
    order_id = shop.place()
    assert shop.connect().find_shipment(parcel(order_id)) is None
    shop.fault(fault, method="PUT", path="/Shipments/")

    with pytest.raises(UnclearOutcome):
        shop.connect().create_shipment(parcel(order_id))

    found = shop.connect().find_shipment(parcel(order_id))
    assert found is not None
    assert found.tracking_number == "1Z1"
    assert shop.connect().find_shipment(parcel(order_id, "1Z2")) is None


def test_a_number_without_its_status_is_told_again(shop: Shop) -> None:
    order_id = shop.place()
    shop.connect().create_shipment(parcel(order_id, completes=False))

    assert shop.connect().find_shipment(parcel(order_id, completes=False))
    assert shop.connect().find_shipment(parcel(order_id, completes=True)) is None


def test_more_numbers_than_the_field_takes_go_into_the_comments_and_are_found_there(shop: Shop) -> None:
    order_id = shop.place()
    shop.connect().client.put(f"Orders/{order_id}", {"InternalComments": "Gift wrap"})
    numbers = [f"1Z{n:016d}" for n in range(7)]

    for n, number in enumerate(numbers):
        told = parcel(order_id, number, completes=n == 6, other_tracking=tuple(numbers[:n]))
        shop.connect().create_shipment(told)

    order = raw(shop, order_id)
    assert order["ShipmentList"][0]["ShipmentTrackingCode"] == ", ".join(numbers[:5])
    assert order["InternalComments"] == f"Gift wrap\nFurther tracking numbers: {numbers[5]}, {numbers[6]}"
    assert shop.connect().find_shipment(parcel(order_id, numbers[6]))


def test_an_order_that_was_cancelled_in_the_store_is_refused_in_plain_words(shop: Shop) -> None:
    order_id = shop.place()
    shop.at("POST", f"/orders/{order_id}/status", {"status": 5})

    with pytest.raises(Rejected) as caught:
        shop.connect().create_shipment(parcel(order_id))

    assert "cancelled in the store" in caught.value.message
    assert raw(shop, order_id)["ShipmentList"][0]["ShipmentTrackingCode"] == ""


def test_an_order_that_somebody_set_shipped_never_moves_back(shop: Shop) -> None:
    order_id = shop.place()
    shop.at("POST", f"/orders/{order_id}/status", {"status": 4})

    shop.connect().create_shipment(parcel(order_id, completes=False))

    assert raw(shop, order_id)["OrderStatusID"] == 4


def test_lines_that_left_the_order_are_named_as_the_cause(shop: Shop) -> None:
    order_id = shop.place()

    with pytest.raises(Rejected) as caught:
        shop.connect().create_shipment(parcel(order_id, lines=(ChannelShipmentLine("98765", 1),)))

    assert caught.value.code == "line_not_in_store"


def test_a_parcel_of_the_suppliers_own_making_is_read_with_its_lines(shop: Shop) -> None:
    order_id = shop.place(lines=[{"sku": "MUG", "quantity": 2}, {"sku": "TENT-RED", "quantity": 1}])
    first, _ = line_ids(shop, order_id)
    shop.at("POST", f"/orders/{order_id}/ship", {
        "tracking": "RM1", "carrier": "Royal Mail", "lines": [{"line_id": int(first), "quantity": 2}],
    })  # fmt: skip

    found = shop.connect().shipments(order_id)

    assert [(shipment.tracking_number, shipment.carrier) for shipment in found] == [("RM1", "Royal Mail")]
    assert found[0].lines == (ChannelShipmentLine(first, 2),)


def test_a_parcel_that_has_two_numbers_keeps_both_once(shop: Shop) -> None:
    order_id = shop.place()
    request = parcel(order_id, "A1, B2", other_tracking=("A1",))

    shop.connect().create_shipment(request)
    shop.connect().create_shipment(request)

    assert raw(shop, order_id)["ShipmentList"][0]["ShipmentTrackingCode"] == "A1, B2"
    assert shop.connect().find_shipment(request)


def test_a_parcel_without_a_number_ships_the_order_all_the_same(shop: Shop) -> None:
    order_id = shop.place()
    assert shop.connect().find_shipment(parcel(order_id, "")) is None

    shop.connect().create_shipment(parcel(order_id, ""))

    assert raw(shop, order_id)["OrderStatusID"] == 4
    assert shop.connect().find_shipment(parcel(order_id, ""))


def test_a_parcel_to_one_of_two_addresses_is_told_to_that_shipment_only(shop: Shop) -> None:
    order_id = shop.place(lines=[{"sku": "MUG", "quantity": 2}, {"sku": "TENT-RED", "quantity": 1}])
    first, second = line_ids(shop, order_id)
    client = shop.connect().client
    bea = {
        "ShipmentFirstName": "Bea",
        "ShipmentLastName": "Hill",
        "ShipmentAddress": "9 Oak Rd",
        "ShipmentCity": "Hull",
    }
    other = client.post(f"Orders/{order_id}/Shipments", bea)
    client.put(f"Orders/{order_id}/Items", [{"ItemIndexID": int(second), "ItemShipmentID": int(other)}])
    to_ada = parcel(order_id, "A1", lines=(ChannelShipmentLine(first, 2),), completes=False)
    to_bea = parcel(order_id, "B2", lines=(ChannelShipmentLine(second, 1),), other_tracking=("A1",))

    shop.connect().create_shipment(to_ada)
    assert raw(shop, order_id)["OrderStatusID"] == 3
    shop.connect().create_shipment(to_bea)

    order = raw(shop, order_id)
    assert [shipment["ShipmentTrackingCode"] for shipment in order["ShipmentList"]] == ["A1", "B2"]
    assert order["OrderStatusID"] == 4
    assert {address.first_name: ids for address, ids in shop.connect().order(order_id).destinations}["Bea"] == (second,)
