"""Shipments and what they do to an order."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.bigcommerce.simulator.tests.conftest import HASH, Store


@pytest.fixture
def order(store: Store) -> dict[str, Any]:
    """A paid order of two lines: 2 lamps and 1 shade."""
    store.stock({"name": "Lamp", "sku": "LAMP", "price": "10", "stock": 9}, {"name": "Shade", "sku": "S", "price": "3"})
    placed = store.buy(lines=[{"sku": "LAMP", "quantity": 2}, {"sku": "S", "quantity": 1}])
    return store.book(placed["id"])


def test_a_part_makes_the_order_partially_shipped_and_the_rest_shipped(store: Store, order: dict[str, Any]) -> None:
    lamp, shade = (line["id"] for line in order["lines"])

    first = store.ship(
        order["id"], [{"order_product_id": lamp, "quantity": 1}], tracking_number="1Z", shipping_provider="ups"
    )
    partly = store.get(f"/v2/orders/{order['id']}")
    store.ship(
        order["id"],
        [{"order_product_id": lamp, "quantity": 1}, {"order_product_id": shade, "quantity": 1}],
        tracking_number="2Z",
    )

    assert first.status_code == 201
    assert first.json()["shipping_provider_display_name"] == "UPS"
    assert first.json()["generated_tracking_link"].endswith("1Z")
    assert (partly["status_id"], partly["items_shipped"], partly["date_shipped"]) == (3, 1, "")
    done = store.get(f"/v2/orders/{order['id']}")
    assert (done["status_id"], done["items_shipped"], bool(done["date_shipped"])) == (2, 3, True)
    assert [parcel["tracking"] for parcel in store.book(order["id"])["shipments"]] == ["1Z", "2Z"]
    assert store.get(f"/v2/orders/{order['id']}/shipping_addresses")[0]["items_shipped"] == 3


def test_more_than_is_left_is_a_400_with_the_quantity_that_is(store: Store, order: dict[str, Any]) -> None:
    lamp = order["lines"][0]["id"]
    store.ship(order["id"], [{"order_product_id": lamp, "quantity": 1}])

    response = store.ship(
        order["id"], [{"order_product_id": lamp, "quantity": 1}, {"order_product_id": lamp, "quantity": 1}]
    )

    assert response.status_code == 400
    assert response.json()[0]["details"] == {"order_product_id": lamp, "available_quantity": 1}


def test_ids_of_something_else_are_refused(store: Store, order: dict[str, Any]) -> None:
    lamp, path = order["lines"][0]["id"], f"/v2/orders/{order['id']}/shipments"
    other = store.buy(lines=[{"sku": "LAMP", "quantity": 1}])
    foreign = store.get(f"/v2/orders/{other['id']}/shipping_addresses")[0]["id"]
    items = [{"order_product_id": lamp, "quantity": 1}]

    assert store.ship(order["id"], [{"order_product_id": 111, "quantity": 1}]).status_code == 400
    assert store.call("POST", path, {"order_address_id": foreign, "items": items}).status_code == 400
    assert store.call("POST", path, {"items": items}).status_code == 400
    assert store.ship(order["id"], []).status_code == 400


@pytest.mark.parametrize("texts", [{"tracking_number": "1" * 51}, {"shipping_provider": "pigeon"}])
def test_texts_out_of_their_limits_are_refused(store: Store, order: dict[str, Any], texts: dict[str, str]) -> None:
    items = [{"order_product_id": order["lines"][0]["id"], "quantity": 1}]

    assert store.ship(order["id"], items, **texts).status_code == 400


def test_an_own_link_leaves_the_generated_one_empty(store: Store, order: dict[str, Any]) -> None:
    items = [{"order_product_id": order["lines"][0]["id"], "quantity": 1}]

    parcel = store.ship(
        order["id"],
        items,
        tracking_number="9",
        shipping_provider="",
        tracking_carrier="dhl",
        tracking_link="https://t/9",
    ).json()

    assert (parcel["tracking_link"], parcel["generated_tracking_link"]) == ("https://t/9", "")


def test_the_status_stays_when_the_switch_says_so(store: Store, order: dict[str, Any]) -> None:
    store.switch(status_follows_shipment=False)

    store.door("POST", f"/stores/{HASH}/orders/{order['id']}/ship", {"tracking": "1", "carrier": "Royal Mail"})

    read = store.get(f"/v2/orders/{order['id']}")
    assert (read["status_id"], read["items_shipped"]) == (11, 3)


def test_tracking_changes_and_items_do_not(store: Store, order: dict[str, Any]) -> None:
    store.door("POST", f"/stores/{HASH}/orders/{order['id']}/ship", {"tracking": "1", "carrier": "Royal Mail"})
    path = f"/v2/orders/{order['id']}/shipments"
    parcel = store.get(path)[0]

    changed = store.call("PUT", f"{path}/{parcel['id']}", {"tracking_number": "2"})

    assert changed.json()["tracking_number"] == "2"
    assert store.call("PUT", f"{path}/{parcel['id']}", {"items": []}).status_code == 400


def test_deleting_a_shipment_opens_its_lines_and_keeps_the_status(store: Store, order: dict[str, Any]) -> None:
    store.door("POST", f"/stores/{HASH}/orders/{order['id']}/ship", {"tracking": "1", "carrier": "UPS"})
    path = f"/v2/orders/{order['id']}/shipments"

    assert store.call("DELETE", f"{path}/{store.get(path)[0]['id']}").status_code == 204

    assert store.call("GET", path).status_code == 204
    read = store.get(f"/v2/orders/{order['id']}")
    assert (read["status_id"], read["items_shipped"], read["date_shipped"]) == (2, 0, "")


def test_the_door_ships_named_lines_and_refuses_too_many(store: Store, order: dict[str, Any]) -> None:
    lamp = order["lines"][0]["id"]
    path = f"/stores/{HASH}/orders/{order['id']}/ship"

    parcel = store.door("POST", path, {"tracking": "1", "carrier": "DPD", "lines": [{"line_id": lamp, "quantity": 1}]})
    refused = store.session.post(
        f"https://x/_sim{path}", json={"tracking": "2", "lines": [{"line_id": lamp, "quantity": 2}]}
    )

    assert parcel.json()["lines"] == [{"line_id": lamp, "quantity": 1}]
    assert refused.status_code == 400
    assert "has 1 left to ship" in refused.json()["error"]
