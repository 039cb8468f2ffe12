"""BigCommerce's dicts become our records: the whole record is compared, so that a stray field shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from channels.connectors.bigcommerce import mapping, mapping_orders, shipments
from channels.contract import (
    ChannelOrder,
    ChannelOrderLine,
    ChannelProduct,
    ChannelShipment,
    ChannelShipmentLine,
    ChannelVariant,
    RemoteOrderState,
    StockFigure,
    StoreInfo,
)
from channels.errors import UnexpectedPayload
from portal.lib.address import Address

ADA = Address(
    first_name="Ada", last_name="Moss", address1="12 Cedar Lane", address2="Unit 4", city="Denver", state="Colorado",
    postcode="80202", country="US", phone="3035550100", email="ada.moss@example.com",
)  # fmt: skip


def test_a_product_with_variants(fixture: Any) -> None:
    assert mapping.product(fixture("product_with_variants")["data"]) == ChannelProduct(
        remote_id="4211",
        name="Field Lantern",
        description="<p>Rechargeable lantern.</p>",
        image_url="https://cdn.example.com/s.jpg",
        is_active=True,
        modified_at=datetime(2026, 6, 11, 14, 2, 31, tzinfo=UTC),
        variants=(
            ChannelVariant(
                remote_id="7001",
                sku="FL-100-RED",
                name="Red",
                options={"Color": "Red"},
                price=Decimal("39.9"),
                cost=Decimal("18.5"),
                msrp=Decimal("49.9"),
                map_price=Decimal("34.9"),
                weight=Decimal("1.2"),
                image_url="https://cdn.example.com/s.jpg",
                stock=15,
            ),
        ),
    )


def test_a_variant_that_leaves_values_open_takes_those_of_its_product() -> None:
    parent = {"price": 12.5, "cost_price": 5, "sku": "BASE", "upc": "5012345678900", "inventory_tracking": "product",
              "inventory_level": 9, "sale_price": 8}  # fmt: skip
    row = {"id": 3, "sku": "", "price": None, "cost_price": None, "map_price": {}, "option_values": []}
    assert mapping.variant(row, parent) == ChannelVariant(
        remote_id="3", sku="BASE", barcode="5012345678900", price=Decimal("12.5"), cost=Decimal(5), stock=9
    )


@pytest.mark.parametrize(
    ("tracking", "stock"), [("none", None), ("product", 40), ("variant", 7), ("", None), ("weighed", None)]
)
def test_stock_lives_where_the_product_is_tracked(tracking: str, stock: int | None) -> None:
    parent = {"inventory_tracking": tracking, "inventory_level": 40}
    assert mapping.stock_level({"inventory_level": 7}, parent) == stock


@pytest.mark.parametrize(
    ("is_visible", "availability", "is_active"),
    [(True, "available", True), (False, "available", False), (True, "disabled", False), (True, "preorder", True)],
)
@pytest.mark.row("S4-18")
def test_a_hidden_or_disabled_product_is_inactive(is_visible: bool, availability: str, is_active: bool) -> None:
    row = {"id": 1, "name": "Mug", "is_visible": is_visible, "availability": availability}
    assert mapping.product(row).is_active is is_active


def test_stock_is_what_the_chosen_locations_may_sell(fixture: Any) -> None:
    (row,) = fixture("inventory_items")["data"]
    assert mapping.stock_figures(row, ["1"], "1") == [StockFigure("4211", "7001", 15)]
    assert mapping.stock_figures(row, ["2"], "1") == []


def test_a_store_is_told_without_its_owners_name() -> None:
    row = {"id": "abc123", "name": "Acme", "currency": "GBP", "timezone": {"name": "Europe/London"}, "plan_name": "Pro",
           "first_name": "Olga", "admin_email": "olga@example.com", "secure_url": "https://acme.example"}  # fmt: skip
    assert mapping.store_info(row) == StoreInfo("abc123", "Acme", "GBP", "Europe/London", "https://acme.example", "Pro")


def test_a_time_zone_that_nobody_knows_is_left_open() -> None:
    assert mapping.store_info({"id": "a", "timezone": {"name": "../../etc/passwd"}}).time_zone == ""
    assert mapping.store_info({"id": "a", "timezone": {"name": "Mars/Olympus"}}).time_zone == ""


def test_an_order_with_lines_and_address(fixture: Any) -> None:
    order = mapping_orders.order(
        fixture("order_awaiting_fulfilment"), lines=fixture("order_lines"), addresses=fixture("order_addresses")
    )
    assert order == ChannelOrder(
        remote_id="100482",
        number="100482",
        status="11",
        state=RemoteOrderState.NEW,
        placed_at=datetime(2026, 6, 11, 14, 2, 31, tzinfo=UTC),
        modified_at=datetime(2026, 6, 11, 14, 5, 2, tzinfo=UTC),
        currency="USD",
        lines=(
            ChannelOrderLine(
                remote_id="612",
                sku="FL-100-RED",
                name="Field Lantern",
                quantity=Decimal(2),
                unit_price=Decimal("39.9000"),
                remote_product_id="4211",
                remote_variant_id="7001",
                tax=Decimal("6.5900"),
                total=Decimal("86.3900"),
            ),
        ),
        total=Decimal("95.3900"),
        subtotal=Decimal("79.8000"),
        tax=Decimal("6.5900"),
        shipping=Decimal("9.0000"),
        ship_to=ADA,
        bill_to=replace(ADA, address2=""),
        shipping_method="Ground",
        reference="PO-20931",
    )


def test_a_store_that_prices_with_tax_is_read_by_its_inclusive_figures(fixture: Any) -> None:
    row = {**fixture("order_awaiting_fulfilment"), "is_tax_inclusive_pricing": True, "handling_cost_inc_tax": "1.5000",
           "total_inc_tax": "96.8900"}  # fmt: skip
    order = mapping_orders.order(row, lines=fixture("order_lines"), addresses=fixture("order_addresses"))
    assert [(line.unit_price, line.tax, line.total, line.is_charge) for line in order.lines] == [
        (Decimal("43.1950"), 0, Decimal("86.3900"), False),
        (Decimal("1.5000"), 0, Decimal("1.5000"), True),
    ]
    assert sum(line.total for line in order.lines) + order.shipping == order.total
    assert order.prices_include_tax


def test_an_order_to_two_addresses_tells_which_line_goes_where(fixture: Any) -> None:
    (line,), (address,) = fixture("order_lines"), fixture("order_addresses")
    order = mapping_orders.order(
        fixture("order_awaiting_fulfilment"),
        lines=[line, {**line, "id": 613, "order_address_id": 534}],
        addresses=[address, {**address, "id": 534, "city": "Boulder"}],
    )
    assert [(where.city, ids) for where, ids in order.destinations] == [("Denver", ("612",)), ("Boulder", ("613",))]


def test_a_coupon_is_a_discount_of_the_order(fixture: Any) -> None:
    row = {**fixture("order_awaiting_fulfilment"), "coupon_discount": "5.0000", "discount_amount": "1.0000"}
    assert mapping_orders.order(row, lines=[], addresses=[]).discount == Decimal("6.0000")


def test_a_discount_that_is_in_the_line_already_is_told_there_only(fixture: Any) -> None:
    (line,) = fixture("order_lines")
    line |= {"total_ex_tax": "74.8000", "applied_discounts": [{"id": "SUMMER", "amount": "5.0000"}]}
    row = {**fixture("order_awaiting_fulfilment"), "coupon_discount": "5.0000"}
    order = mapping_orders.order(row, lines=[line], addresses=[])
    assert (order.lines[0].discount, order.discount) == (Decimal("5.0000"), 0)


def test_a_custom_line_has_no_product(fixture: Any) -> None:
    (line,) = fixture("order_lines")
    line |= {"product_id": 0, "variant_id": None, "sku": ""}
    told = mapping_orders.line(line, inclusive=False)
    assert (told.remote_product_id, told.remote_variant_id, told.sku) == ("", "", "")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (0, RemoteOrderState.INCOMPLETE), (1, RemoteOrderState.UNPAID), (7, RemoteOrderState.UNPAID),
        (11, RemoteOrderState.NEW), (9, RemoteOrderState.PROCESSING), (3, RemoteOrderState.PARTLY_SHIPPED),
        (2, RemoteOrderState.SHIPPED), (10, RemoteOrderState.SHIPPED), (5, RemoteOrderState.CANCELLED),
        (13, RemoteOrderState.HELD), (15, RemoteOrderState.UNKNOWN), (None, RemoteOrderState.UNKNOWN),
    ],
)  # fmt: skip
def test_statuses_go_by_their_ids(status: int | None, state: RemoteOrderState) -> None:
    assert mapping_orders.order_state(status) == state


def test_an_archived_order_is_off_unless_it_was_shipped() -> None:
    assert mapping_orders.order_state(11, is_archived=True) == RemoteOrderState.CANCELLED
    assert mapping_orders.order_state(2, is_archived=True) == RemoteOrderState.SHIPPED


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # Both hours that clocks are changed in London: the store's zone must not matter, for they send UTC.
        ("Sun, 29 Mar 2026 01:30:00 +0000", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        ("Sun, 25 Oct 2026 01:30:00 +0000", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("Sun, 25 Oct 2026 02:30:00 +0100", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T01:30:00+00:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-10-25T01:30:00Z", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("", None),
        (None, None),
    ],
)
def test_times_of_both_kinds_are_utc(text: str | None, moment: datetime | None) -> None:
    assert mapping.moment(text) == moment


def test_a_time_that_cannot_be_read_is_no_guess() -> None:
    with pytest.raises(UnexpectedPayload):
        mapping.moment("yesterday")


def test_an_order_without_its_status_is_unexpected_and_says_where(fixture: Any) -> None:
    row = fixture("order_awaiting_fulfilment")
    del row["status_id"]
    with pytest.raises(UnexpectedPayload) as caught:
        mapping_orders.order(row, lines=[], addresses=[])
    assert caught.value.path == "$.status_id"


def test_a_parcel(fixture: Any) -> None:
    assert shipments.shipment(fixture("shipment_partial")) == ChannelShipment(
        remote_id="58",
        tracking_number="1Z999AA10123456784",
        carrier="UPS",
        service="Ground",
        shipped_at=datetime(2026, 6, 12, 10, 20, tzinfo=UTC),
        lines=(ChannelShipmentLine("612", 1),),
        tracking_url="https://tracking.example.com/1Z999AA10123456784",
    )
