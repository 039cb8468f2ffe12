"""Orders, field by field."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from channels.connectors.shift4shop import mapping_orders as mapping
from channels.connectors.shift4shop.statuses import state_of, status_row
from channels.contract import ChannelOrder, ChannelOrderLine, RemoteOrderState, RemoteOrderStatus
from channels.errors import UnexpectedPayload
from portal.lib.address import Address

NEW_YORK = ZoneInfo("America/New_York")
ADA = Address(
    first_name="Ada",
    last_name="Moss",
    address1="12 Elm St",
    city="Dover",
    state="NH",
    postcode="03820",
    country="US",
    phone="603-555-0100",
    email="ada@example.com",
)
TENT = ChannelOrderLine(
    remote_id="9021",
    sku="TENT-ALP-RED",
    name="Alpine Tent, Colour: Red",
    quantity=Decimal(1),
    unit_price=Decimal(149),
    remote_product_id="311",
    remote_variant_id="501",
    total=Decimal(149),
)


def test_an_order_with_one_parcel(fixture) -> None:
    found = mapping.order(fixture("order_new")[0], zone=NEW_YORK, currency="USD")

    assert found == ChannelOrder(
        remote_id="4711",
        number="NW-20417",
        status="1",
        state=RemoteOrderState.NEW,
        placed_at=datetime(2024, 6, 14, 13, 12, 44, tzinfo=UTC),
        modified_at=datetime(2024, 6, 14, 13, 12, 45, tzinfo=UTC),
        currency="USD",
        lines=(TENT,),
        total=Decimal("148.5"),
        subtotal=Decimal(149),
        discount=Decimal(10),
        shipping=Decimal("9.5"),
        ship_to=ADA,
        bill_to=ADA,
        shipping_method="UPS Ground",
        reference="NW-20417",
    )


def test_an_order_to_two_addresses_with_a_bundle_and_a_free_line(fixture) -> None:
    found = mapping.order(fixture("order_two_addresses")[0], zone=NEW_YORK, currency="USD")

    bea = Address(
        first_name="Bea",
        address1="9 Oak Rd",
        city="New York",
        state="NY",
        postcode="10001",
        country="US",
        phone="603-555-0100",
        email="ada@example.com",
    )
    assert found == ChannelOrder(
        remote_id="4800",
        number="20500",
        status="3",
        state=RemoteOrderState.PARTLY_SHIPPED,
        placed_at=datetime(2024, 6, 14, 13, 12, 44, tzinfo=UTC),
        modified_at=datetime(2024, 6, 14, 13, 12, 45, tzinfo=UTC),
        currency="USD",
        lines=(
            ChannelOrderLine(
                remote_id="9101",
                sku="TENT-ALP-RED",
                name="Alpine Tent, Colour: Red",
                quantity=Decimal(2),
                unit_price=Decimal(149),
                remote_product_id="311",
                remote_variant_id="501",
                total=Decimal(298),
            ),
            ChannelOrderLine(
                remote_id="9102",
                sku="BUNDLE",
                name="Camp bundle",
                quantity=Decimal(1),
                unit_price=Decimal(20),
                remote_product_id="400",
                remote_variant_id="0",
                total=Decimal(20),
            ),
            ChannelOrderLine(
                remote_id="9103",
                sku="",
                name="Hand written note",
                quantity=Decimal(1),
                unit_price=Decimal("1.5"),
                total=Decimal("1.5"),
            ),
        ),
        total=Decimal("333.8"),
        subtotal=Decimal("319.5"),
        discount=Decimal(5),
        tax=Decimal("9.3"),
        shipping=Decimal(10),
        ship_to=ADA,
        bill_to=ADA,
        destinations=((ADA, ("9101",)), (bea, ("9102", "9103"))),
        shipping_method="UPS Ground",
        comment="Ring twice",
        reference="20500",
    )


def test_no_card_data_passes(fixture) -> None:
    found = mapping.order(fixture("order_two_addresses")[0], zone=NEW_YORK, currency="USD")

    assert "1234" not in repr(found)
    assert "Visa" not in repr(found)


def test_a_cancelled_order_without_number_or_parcel(fixture) -> None:
    found = mapping.order(fixture("order_cancelled_without_number")[0], zone=NEW_YORK, currency="USD")

    assert (found.number, found.reference, found.state) == ("4711", "PO-9", RemoteOrderState.CANCELLED)
    assert found.ship_to == found.bill_to
    assert found.ship_to.country == "US"


@pytest.mark.parametrize(("amount", "unit_price"), [("159", "161.5"), ("146.5", "149")])
def test_option_prices_count_only_when_the_orders_own_sum_says_so(fixture, amount: str, unit_price: str) -> None:
    row = fixture("order_new")[0]
    row["OrderItemList"][0]["ItemOptionPrice"] = Decimal("12.5")
    row |= {"OrderDiscount": 12, "OrderAmount": Decimal(amount)}

    found = mapping.order(row, zone=NEW_YORK, currency="USD")

    assert found.lines[0].unit_price == Decimal(unit_price)
    assert found.subtotal + found.shipping + found.tax - found.discount == found.total


def test_a_discount_that_hides_in_a_line_is_a_charge(fixture) -> None:
    row = fixture("order_new")[0]
    row["OrderItemList"][0] |= {
        "CatalogID": 0, "ItemUnitPrice": 0, "ItemOptionPrice": -5, "ItemDescription": "Member discount",
    }  # fmt: skip

    assert mapping.order(row, zone=NEW_YORK, currency="USD").lines[0].is_charge


def test_several_parcels_to_one_address_are_one_destination(fixture) -> None:
    row = fixture("order_new")[0]
    row["ShipmentList"].append(row["ShipmentList"][0] | {"ShipmentID": 12})
    row["OrderItemList"].append(row["OrderItemList"][0] | {"ItemIndexID": 9022, "ItemShipmentID": 12})

    assert mapping.order(row, zone=NEW_YORK, currency="USD").destinations == ()


def test_an_order_without_any_date_is_an_unexpected_answer(fixture) -> None:
    row = fixture("order_new")[0] | {"OrderDate": "", "LastUpdate": None}

    with pytest.raises(UnexpectedPayload) as caught:
        mapping.order(row, zone=NEW_YORK, currency="USD")

    assert caught.value.path == "$.OrderDate"


@pytest.mark.parametrize(
    ("number", "state"),
    [
        ("1", RemoteOrderState.NEW),
        ("2", RemoteOrderState.PROCESSING),
        ("3", RemoteOrderState.PARTLY_SHIPPED),
        ("4", RemoteOrderState.SHIPPED),
        ("5", RemoteOrderState.CANCELLED),
        ("6", RemoteOrderState.HELD),
        ("7", RemoteOrderState.INCOMPLETE),
        ("8", RemoteOrderState.UNKNOWN),
        ("11", RemoteOrderState.UNPAID),
        ("13", RemoteOrderState.UNKNOWN),
        ("99", RemoteOrderState.UNKNOWN),
        ("", RemoteOrderState.UNKNOWN),
    ],
)
def test_status_numbers_mean_what_the_vendors_own_library_says(number: str, state: RemoteOrderState) -> None:
    assert state_of(number) is state


def test_a_status_shows_the_merchants_label_beside_its_fixed_meaning() -> None:
    row = {"OrderStatusID": 8, "StatusDefinition": "Custom 1", "StatusText": "Ready for warehouse", "Visible": True}

    assert status_row(row) == RemoteOrderStatus("8", "Ready for warehouse (Custom 1)", RemoteOrderState.UNKNOWN)
