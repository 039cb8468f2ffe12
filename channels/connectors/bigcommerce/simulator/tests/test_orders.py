"""Orders: create rules, lists, updates, stock."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.bigcommerce.simulator.tests.conftest import ADDRESS, HASH, Store

LAMP: dict[str, Any] = {"name": "Lamp", "sku": "LAMP", "price": "10.00", "stock": 9}
LANTERN: dict[str, Any] = {
    "name": "Lantern", "sku": "FL", "price": "39.90", "option": "Colour",
    "variants": [{"sku": "FL-RED", "value": "Red", "stock": 15}, {"sku": "FL-BLU", "value": "Blue", "stock": 12}],
}  # fmt: skip


def stock_of(store: Store, sku: str) -> int:
    """Catalogue stock of a SKU."""
    return store.get("/v3/catalog/variants", sku=sku)["data"][0]["inventory_level"]


def test_a_supplier_order_is_created_with_our_reference_and_found_by_it(store: Store) -> None:
    lamp, lantern = store.stock(LAMP, LANTERN)
    lines = [
        {"product_id": lamp["id"], "quantity": 2, "price_ex_tax": "7.50", "price_inc_tax": "7.50"},
        {"product_id": lantern["id"], "variant_id": lantern["variants"][0]["id"], "quantity": 1},
    ]

    created = store.order(lines, status_id=11, external_order_id="TL1-7", shipping_addresses=[ADDRESS])

    assert created.status_code == 201
    order = created.json()
    assert (order["status_id"], order["status"], order["total_inc_tax"]) == (11, "Awaiting Fulfillment", "54.9000")
    assert (order["items_total"], order["customer_id"], order["date_shipped"]) == (3, 0, "")
    assert order["date_created"] == "Thu, 11 Jun 2026 14:02:31 +0000"
    assert [found["id"] for found in store.get("/v2/orders", external_order_id="TL1-7")] == [order["id"]]
    assert store.call("GET", "/v2/orders", params={"external_order_id": "TL1-8"}).status_code == 204
    assert [(stock_of(store, "LAMP"), stock_of(store, "FL-RED"))] == [(7, 14)]


def test_lines_and_addresses_are_sub_resources(store: Store) -> None:
    lantern = store.stock(LANTERN)[0]
    option = store.get(f"/v3/catalog/products/{lantern['id']}/options")["data"][0]
    chosen = [{"id": option["id"], "value": str(option["option_values"][1]["id"])}]
    order = store.order([{"product_id": lantern["id"], "quantity": 1, "product_options": chosen}]).json()

    line = store.get(f"/v2/orders/{order['id']}/products")[0]
    address = store.get(f"/v2/orders/{order['id']}/shipping_addresses")[0]

    assert (line["sku"], line["variant_id"], line["price_inc_tax"]) == (
        "FL-BLU",
        lantern["variants"][1]["id"],
        "39.9000",
    )
    assert line["product_options"][0]["display_value"] == "Blue"
    assert line["order_address_id"] == address["id"]
    assert (address["country"], address["country_iso2"], address["items_total"]) == ("United States", "US", 1)
    assert order["products"]["resource"] == f"/orders/{order['id']}/products"


def test_a_custom_line_has_no_product_and_no_sku(store: Store) -> None:
    order = store.order([{"name": "Postage", "quantity": 1, "price_ex_tax": 2, "price_inc_tax": 2, "sku": "X"}]).json()

    line = store.get(f"/v2/orders/{order['id']}/products")[0]

    assert (line["product_id"], line["variant_id"], line["sku"]) == (0, 0, "")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"item_total": 3}, "cannot be written to"),
        ({"external_id": "1"}, "cannot be written to"),
        ({"billing_address": {**ADDRESS, "zip": ""}}, "zip"),
        ({"billing_address": {**ADDRESS, "country_iso2": "XX"}}, "country"),
        ({"products": []}, "products"),
        ({"products": [{"product_id": 999, "quantity": 1}]}, "does not exist"),
        ({"products": [{"name": "A", "quantity": 1, "price_ex_tax": 1}]}, "price_inc_tax"),
        ({"products": [{"name": "A", "quantity": 0, "price_ex_tax": 1, "price_inc_tax": 1}]}, "quantity"),
        ({"shipping_cost_ex_tax": 1}, "shipping_cost_inc_tax"),
        ({"status_id": 15}, "status_id"),
        ({"channel_id": 7}, "channel_id"),
        ({"consignments": []}, "consignments"),
    ],
)
def test_what_is_wrong_in_a_new_order_is_a_400_array(store: Store, change: dict[str, Any], word: str) -> None:
    line = {"name": "A", "quantity": 1, "price_ex_tax": 1, "price_inc_tax": 1}

    response = store.call("POST", "/v2/orders", {"billing_address": ADDRESS, "products": [line], **change})

    assert response.status_code == 400
    assert word.lower() in response.json()[0]["message"].lower()


def test_a_product_with_variants_needs_one_of_its_own(store: Store) -> None:
    lamp, lantern = store.stock(LAMP, LANTERN)

    none = store.order([{"product_id": lantern["id"], "quantity": 1}])
    foreign = store.order([{"product_id": lamp["id"], "variant_id": lantern["variants"][0]["id"], "quantity": 1}])

    assert (none.status_code, foreign.status_code) == (400, 400)


def test_short_stock_is_no_reason_to_refuse_unless_the_switch_says_so(store: Store) -> None:
    lamp = store.stock(LAMP)[0]
    assert store.order([{"product_id": lamp["id"], "quantity": 20}]).status_code == 201
    assert stock_of(store, "LAMP") == 0

    store.switch(order_checks_stock=True)

    assert store.order([{"product_id": lamp["id"], "quantity": 1}]).status_code == 409


def test_stores_that_deduct_on_completion_keep_stock_until_shipped(store: Store) -> None:
    store.stock(LAMP)
    store.door("PATCH", f"/stores/{HASH}", {"update_stock_behavior": "order_completed_or_shipped"})
    order = store.buy(lines=[{"sku": "LAMP", "quantity": 2}])
    assert stock_of(store, "LAMP") == 9

    store.call("PUT", f"/v2/orders/{order['id']}", {"status_id": 2})
    store.call("PUT", f"/v2/orders/{order['id']}", {"status_id": 10})

    assert stock_of(store, "LAMP") == 7
    assert store.get("/v3/settings/inventory")["data"]["update_stock_behavior"] == "order_completed_or_shipped"


def test_a_customers_order_is_paid_and_has_a_transaction(store: Store) -> None:
    store.stock(LAMP)
    order = store.buy(lines=[{"sku": "LAMP", "quantity": 2}], shipping_cost="4.95")

    read = store.get(f"/v2/orders/{order['id']}")
    transaction = store.get(f"/v3/orders/{order['id']}/transactions")["data"][0]

    assert (read["status_id"], read["payment_status"], read["total_inc_tax"]) == (11, "captured", "24.9500")
    assert (transaction["order_id"], transaction["amount"]) == (str(order["id"]), 24.95)


def test_tax_follows_how_the_store_enters_prices(store: Store) -> None:
    store.stock(LAMP)
    store.door("PATCH", f"/stores/{HASH}", {"tax_rate": "0.25"})
    above = store.get(f"/v2/orders/{store.buy(lines=[{'sku': 'LAMP', 'quantity': 1}])['id']}")
    store.door("PATCH", f"/stores/{HASH}", {"prices_include_tax": True})
    inside = store.get(f"/v2/orders/{store.buy(lines=[{'sku': 'LAMP', 'quantity': 1}])['id']}")

    assert (above["total_ex_tax"], above["total_inc_tax"], above["is_tax_inclusive_pricing"]) == (
        "10.0000", "12.5000", False)  # fmt: skip
    assert (inside["total_ex_tax"], inside["total_inc_tax"], inside["is_tax_inclusive_pricing"]) == (
        "8.0000", "10.0000", True)  # fmt: skip


def test_the_door_takes_orders_as_dirty_as_real_ones(store: Store) -> None:
    store.stock(LAMP)
    order = store.buy(
        number="536365",
        lines=[{"sku": "LAMP", "quantity": -3}, {"name": "Samples", "quantity": 1, "price": "0"},
               {"sku": "GONE", "quantity": 1, "price": "2.10"}],
        customer={"first_name": "x" * 200, "city": "🏠", "country": "GB"},
    )  # fmt: skip

    book = store.book(order["id"])

    assert (book["number"], book["customer_email"], book["ship_to"]["city"]) == ("536365", "", "🏠")
    assert [(line["sku"], line["quantity"], line["price"]) for line in book["lines"]] == [
        ("LAMP", -3, "10.0000"),
        ("", 1, "0.0000"),
        ("GONE", 1, "2.1000"),
    ]
    assert stock_of(store, "LAMP") == 9


def test_a_page_past_the_end_is_a_204_with_nothing_in_it(store: Store) -> None:
    store.stock(LAMP)
    store.buy(lines=[{"sku": "LAMP", "quantity": 1}])

    response = store.call("GET", "/v2/orders", params={"page": 2})

    assert (response.status_code, response.content) == (204, b"")


def test_lines_come_fifty_to_a_page(store: Store) -> None:
    order = store.buy(lines=[{"name": f"Line {number}", "quantity": 1, "price": "1"} for number in range(60)])
    path = f"/v2/orders/{order['id']}/products"

    assert len(store.get(path)) == 50
    assert len(store.get(path, limit=250)) == 60
    embedded = store.get(f"/v2/orders/{order['id']}", include="consignments.line_items")["consignments"]
    assert len(embedded["shipping"][0]["line_items"]) == 50
    assert "__warning__" in embedded


def test_orders_filter_and_sort(store: Store) -> None:
    store.stock(LAMP)
    first, second = (store.buy(lines=[{"sku": "LAMP", "quantity": 1}])["id"] for _ in range(2))
    store.clock.move(hours=1)
    store.call("PUT", f"/v2/orders/{first}", {"status_id": 9})

    def ids(**params: Any) -> list[int]:
        response = store.call("GET", "/v2/orders", params=params)
        return [order["id"] for order in response.json()] if response.content else []

    assert ids(sort="date_modified:asc") == [second, first]
    assert ids(min_date_modified="Thu, 11 Jun 2026 15:00:00 +0000") == [first]
    assert ids(min_date_modified="2026-06-11T15:00:00Z") == [first]
    assert ids(min_id=second) == [second]
    assert ids(status_id=11) == [second]
    assert ids(email="ADA@example.com", limit=1, page=2) == [second]
    assert store.call("GET", "/v2/orders", params={"min_date_modified": "yesterday"}).status_code == 400


def test_orders_are_counted_by_status(store: Store) -> None:
    store.stock(LAMP)
    store.buy(lines=[{"sku": "LAMP", "quantity": 1}])

    counted = store.get("/v2/orders/count")

    assert counted["count"] == 1
    assert [status["name"] for status in counted["statuses"] if status["count"]] == ["Awaiting Fulfillment"]
    assert len(store.get("/v2/order_statuses")) == 15


def test_an_order_as_read_cannot_be_put_back(store: Store) -> None:
    store.stock(LAMP)
    order = store.buy(lines=[{"sku": "LAMP", "quantity": 1}])

    response = store.call("PUT", f"/v2/orders/{order['id']}", store.get(f"/v2/orders/{order['id']}"))

    assert response.status_code == 400


def test_a_merchant_id_is_set_at_creation_only(store: Store) -> None:
    order = store.order(
        [{"name": "A", "quantity": 1, "price_ex_tax": 1, "price_inc_tax": 1}], external_merchant_id="M"
    ).json()

    assert store.call("PUT", f"/v2/orders/{order['id']}", {"external_merchant_id": "N"}).status_code == 400
    changed = store.call("PUT", f"/v2/orders/{order['id']}", {"external_order_id": "later"}).json()
    assert (changed["external_merchant_id"], changed["external_order_id"]) == ("M", "later")


def test_a_line_set_to_nought_stays_and_gives_its_stock_back(store: Store) -> None:
    store.stock(LAMP)
    order = store.buy(lines=[{"sku": "LAMP", "quantity": 2}, {"name": "Card", "quantity": 1, "price": "1"}])
    line = store.book(order["id"])["lines"][0]

    changed = store.call("PUT", f"/v2/orders/{order['id']}", {"products": [{"id": line["id"], "quantity": 0}]}).json()

    assert changed["total_inc_tax"] == "1.0000"
    assert [line["quantity"] for line in store.get(f"/v2/orders/{order['id']}/products")] == [0, 1]
    assert stock_of(store, "LAMP") == 9


def test_an_archived_order_leaves_the_lists_unless_the_switch_says_so(store: Store) -> None:
    store.stock(LAMP)
    order = store.buy(lines=[{"sku": "LAMP", "quantity": 1}])

    assert store.call("DELETE", f"/v2/orders/{order['id']}").status_code == 204

    assert store.get(f"/v2/orders/{order['id']}")["is_deleted"] is True
    assert store.call("GET", "/v2/orders").status_code == 204
    store.switch(archived_in_lists=True)
    assert len(store.get("/v2/orders")) == 1


def test_all_orders_cannot_be_deleted_at_once(store: Store) -> None:
    assert store.call("DELETE", "/v2/orders").status_code == 404
