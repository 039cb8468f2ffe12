"""Parcels and their numbers, which share one field."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from channels.connectors.shift4shop import mapping_shipments as parcels
from channels.contract import ChannelShipment, ChannelShipmentLine

NEW_YORK = ZoneInfo("America/New_York")


def test_each_shipment_with_a_number_or_the_status_shipped_is_a_parcel(fixture) -> None:
    found = parcels.shipments(fixture("order_two_addresses")[0], zone=NEW_YORK)

    assert found == [
        ChannelShipment(
            remote_id="4800-901",
            tracking_number="1Z999",
            carrier="UPS",
            service="Ground",
            shipped_at=datetime(2024, 6, 15, 16, 0, tzinfo=UTC),
            lines=(ChannelShipmentLine("9101", 2),),
        )
    ]


def test_the_shipment_with_id_zero_is_a_real_one(fixture) -> None:
    row = fixture("order_new")[0]
    row["ShipmentList"][0] |= {"ShipmentTrackingCode": "A1 ; B2", "ShipmentMethodName": "Pallet"}

    found = parcels.shipments(row, zone=NEW_YORK)[0]

    assert (found.remote_id, found.tracking_number, found.carrier, found.service) == ("4711-0", "A1, B2", "", "Pallet")
    assert found.lines == (ChannelShipmentLine("9021", 1),)


def test_an_order_that_was_not_shipped_has_no_parcel(fixture) -> None:
    assert parcels.shipments(fixture("order_new")[0], zone=NEW_YORK) == []


@pytest.mark.parametrize(
    ("method", "carrier", "service"),
    [
        ("UPS Ground", "UPS", "Ground"),
        ("usps Priority Mail®", "USPS", "Priority Mail"),
        ("FedEx: Home Delivery", "FedEx", "Home Delivery"),
        ("Royal Mail Tracked 48", "Royal Mail", "Tracked 48"),
        ("Upside Couriers", "", "Upside Couriers"),
        ("", "", ""),
    ],
)
def test_the_carrier_stands_in_the_name_of_the_method(method: str, carrier: str, service: str) -> None:
    assert parcels.carrier_of(method) == (carrier, service)


def test_numbers_that_do_not_fit_are_kept_for_the_comments() -> None:
    numbers = [f"1Z{n:016d}" for n in range(8)]

    field, overflow = parcels.split_to_fit(numbers)

    assert field == ", ".join(numbers[:5])
    assert len(field) <= 100
    assert overflow == numbers[5:]
    assert parcels.numbers_in(field) == numbers[:5]


def test_the_comment_keeps_what_people_wrote_and_has_one_line_of_numbers() -> None:
    first = parcels.comment_with("Call before delivery", ["A1"])
    second = parcels.comment_with(first, ["A1", "B2"])

    assert second == "Call before delivery\nFurther tracking numbers: A1, B2"
    assert parcels.numbers_in_comment(second) == ["A1", "B2"]
