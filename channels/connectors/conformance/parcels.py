"""Parcels: told once, all numbers kept, found when an answer was lost."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.conformance.facts import Facts
from channels.connectors.conformance.making import parcel
from channels.contract import RemoteOrderState
from channels.errors import UnclearOutcome


class Parcels(Facts):
    """Parcels: told once, all numbers kept, found when an answer was lost."""

    def test_a_parcel_with_everything_ships_the_order(self, shop: Any) -> None:
        connector, order_id = shop.connect(), shop.place()
        told = connector.create_shipment(parcel(connector.order(order_id), "1Z1", completes=True))
        assert connector.order(order_id).state == RemoteOrderState.SHIPPED
        assert [each.tracking_number for each in connector.shipments(order_id)] == ["1Z1"]
        assert told.tracking_number == "1Z1"

    @pytest.mark.row("S3-20")
    def test_two_parcels_of_an_order_are_both_told_and_ship_it_together(self, shop: Any) -> None:
        order_id = shop.place(lines=[{"sku": "MUG", "quantity": 2}, {"sku": "TENT-RED", "quantity": 1}])
        connector = shop.connect()
        mug, tent = connector.order(order_id).lines
        first = parcel(connector.order(order_id), "1Z1", completes=False, lines={mug.remote_id: 1})
        connector.create_shipment(first)
        assert connector.order(order_id).state == RemoteOrderState.PARTLY_SHIPPED
        rest = {mug.remote_id: 1, tent.remote_id: 1}
        connector.create_shipment(
            parcel(connector.order(order_id), "1Z2", completes=True, lines=rest, other_tracking=("1Z1",))
        )
        assert connector.order(order_id).state == RemoteOrderState.SHIPPED
        numbers = " ".join(each.tracking_number for each in connector.shipments(order_id))
        assert "1Z1" in numbers
        assert "1Z2" in numbers

    def test_a_parcel_whose_answer_was_lost_is_found(self, shop: Any) -> None:
        connector, order_id = shop.connect(), shop.place()
        request = parcel(connector.order(order_id), "1Z1", completes=True)
        shop.fault("cut_after", method=self.shipment_method, path=self.shipment_path)
        with pytest.raises(UnclearOutcome):
            connector.create_shipment(request)
        found = connector.find_shipment(request)
        assert found is not None
        assert found.tracking_number == "1Z1"
        assert connector.order(order_id).state == RemoteOrderState.SHIPPED
        assert len(connector.shipments(order_id)) == 1

    def test_a_parcel_with_another_number_is_not_the_same(self, shop: Any) -> None:
        connector, order_id = shop.connect(), shop.place()
        request = parcel(connector.order(order_id), "1Z1", completes=True)
        connector.create_shipment(request)
        assert connector.find_shipment(parcel(connector.order(order_id), "1Z9", completes=True)) is None
