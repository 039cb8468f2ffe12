"""Locations, items and adjustments."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from channels.connectors.bigcommerce.simulator.tests.conftest import HASH, Store

ABSOLUTE, RELATIVE = ("PUT", "/v3/inventory/adjustments/absolute"), ("POST", "/v3/inventory/adjustments/relative")
LANTERN: dict[str, Any] = {
    "name": "Lantern", "sku": "FL", "price": "39.90", "option": "Colour",
    "variants": [{"sku": "FL-RED", "value": "Red", "stock": 15}, {"sku": "FL-BLU", "value": "Blue", "stock": 12}],
}  # fmt: skip


def adjust(store: Store, how: tuple[str, str], *items: dict[str, Any]) -> requests.Response:
    """Adjust items at the default location."""
    return store.call(*how, {"reason": "test", "items": [{"location_id": 1, **item} for item in items]})


def onhand(store: Store, **params: Any) -> dict[str, int]:
    """Stock on hand by SKU."""
    items = store.get("/v3/inventory/items", **params)["data"]
    return {item["identity"]["sku"]: item["locations"][0]["total_inventory_onhand"] for item in items}


def test_the_default_location_is_found_by_filter(store: Store) -> None:
    location = store.get("/v3/inventory/locations", is_default="true")["data"][0]

    assert (location["id"], location["code"], location["enabled"]) == (1, "BC-LOCATION-1", True)


def test_items_are_variants_or_products_as_they_are_tracked(store: Store) -> None:
    store.stock(LANTERN, {"name": "Lamp", "sku": "LAMP", "price": "1", "stock": 4}, {"name": "Free", "sku": "F"})

    assert onhand(store) == {"FL-RED": 15, "FL-BLU": 12, "LAMP": 4}
    assert onhand(store, **{"sku:in": "fl-red,LAMP"}) == {"FL-RED": 15, "LAMP": 4}


def test_an_absolute_adjustment_shows_in_the_catalogue_too(store: Store) -> None:
    product = store.stock(LANTERN)[0]

    response = adjust(store, ABSOLUTE, {"sku": "FL-RED", "quantity": 3})

    assert response.json().keys() == {"transaction_id"}
    read = store.get(f"/v3/catalog/products/{product['id']}", include="variants")["data"]
    assert [variant["inventory_level"] for variant in read["variants"]] == [3, 12]
    assert read["inventory_level"] == 15


def test_a_relative_adjustment_adds_and_never_falls_below_the_safety_stock(store: Store) -> None:
    store.stock({"name": "Lamp", "sku": "LAMP", "price": "1", "stock": 4})
    settings = {"settings": [{"identity": {"sku": "LAMP"}, "safety_stock": 2}]}
    store.call("PUT", "/v3/inventory/locations/1/items", settings)

    assert adjust(store, RELATIVE, {"sku": "LAMP", "quantity": 1}).status_code == 200
    assert adjust(store, RELATIVE, {"sku": "LAMP", "quantity": -4}).status_code == 422

    item = store.get("/v3/inventory/items")["data"][0]["locations"][0]
    assert (item["total_inventory_onhand"], item["available_to_sell"]) == (5, 3)


def test_a_new_item_needs_an_absolute_figure_first(store: Store) -> None:
    product = store.product(inventory_tracking="product")

    response = adjust(store, RELATIVE, {"product_id": product["id"], "quantity": 1})

    assert response.status_code == 422
    title = f"Items with identity: [product_id {product['id']}] requires absolute adjustment before relative"
    assert response.json()["title"] == title


def test_a_product_tracked_by_product_takes_no_variant(store: Store) -> None:
    product = store.product(inventory_tracking="product")

    response = adjust(store, ABSOLUTE, {"variant_id": product["base_variant_id"], "quantity": 1})

    assert response.status_code == 422
    assert response.json()["title"].endswith("is tracked by product, please update stock by product id]")


@pytest.mark.parametrize("item", [{}, {"sku": "FL-RED", "variant_id": 7001}, {"sku": "unknown"}])
def test_an_item_needs_exactly_one_known_identity(store: Store, item: dict[str, Any]) -> None:
    store.stock(LANTERN)

    assert adjust(store, ABSOLUTE, {**item, "quantity": 1}).status_code == 422


def test_one_bad_item_rejects_the_batch_or_only_itself_as_the_switch_says(store: Store) -> None:
    store.stock(LANTERN)
    batch = ({"sku": "FL-RED", "quantity": 1}, {"sku": "unknown", "quantity": 1})

    adjust(store, ABSOLUTE, *batch)
    assert onhand(store)["FL-RED"] == 15

    store.switch(inventory_batch_atomic=False)
    assert adjust(store, ABSOLUTE, *batch).status_code == 422
    assert onhand(store)["FL-RED"] == 1


def test_more_than_2000_items_are_too_many(store: Store) -> None:
    assert adjust(store, ABSOLUTE, *[{"sku": "X", "quantity": 1}] * 2001).status_code == 413


def test_a_change_becomes_visible_late_when_the_switch_says_so(store: Store) -> None:
    store.stock(LANTERN)
    store.switch(inventory_delay_seconds=10.0)

    adjust(store, ABSOLUTE, {"sku": "FL-RED", "quantity": 3})

    assert onhand(store)["FL-RED"] == 15
    assert store.get("/v3/catalog/variants", sku="FL-RED")["data"][0]["inventory_level"] == 15
    store.clock.move(seconds=11)
    assert onhand(store)["FL-RED"] == 3
    assert store.get("/v3/catalog/variants", sku="FL-RED")["data"][0]["inventory_level"] == 3


def test_a_variants_stock_moves_the_products_date_only_by_switch(store: Store) -> None:
    product = store.stock(LANTERN)[0]
    path = f"/v3/catalog/products/{product['id']}"
    before = store.get(path)["data"]["date_modified"]
    store.clock.move(minutes=5)
    adjust(store, ABSOLUTE, {"sku": "FL-RED", "quantity": 3})
    assert store.get(path)["data"]["date_modified"] == before

    store.switch(variant_stock_moves_product=True)
    adjust(store, ABSOLUTE, {"sku": "FL-RED", "quantity": 4})

    assert store.get(path)["data"]["date_modified"] > before


def test_catalogue_stock_above_the_maximum_is_cut(store: Store) -> None:
    product = store.product(inventory_tracking="product", inventory_level=3_000_000_000)

    assert product["inventory_level"] == 2_147_483_647


def test_the_level_of_a_product_tracked_by_variant_cannot_be_pushed(store: Store) -> None:
    product = store.stock(LANTERN)[0]

    store.call("PUT", f"/v3/catalog/products/{product['id']}", {"inventory_level": 500})

    assert store.get(f"/v3/catalog/products/{product['id']}")["data"]["inventory_level"] == 27


def test_the_door_changes_stock_and_prices_by_sku(store: Store) -> None:
    store.stock(LANTERN)

    said = store.door("PUT", f"/stores/{HASH}/stock", {"FL-RED": 1, "nope": 2}).json()
    store.door("PUT", f"/stores/{HASH}/prices", {"FL-RED": "12.50"})

    assert said == {"changed": 1, "unknown": ["nope"]}
    assert onhand(store)["FL-RED"] == 1
    assert store.get("/v3/catalog/variants", sku="FL-RED")["data"][0]["calculated_price"] == 12.5
