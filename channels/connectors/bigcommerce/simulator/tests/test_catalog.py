"""Products, variants, options, images, categories: writes, limits, lists."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.bigcommerce.simulator.tests.conftest import Store

LANTERN: dict[str, Any] = {
    "name": "Lantern",
    "sku": "FL",
    "price": "39.90",
    "option": "Colour",
    "variants": [{"sku": "FL-RED", "value": "Red", "stock": 15}, {"sku": "FL-BLU", "value": "Blue", "stock": 12}],
}


def test_a_simple_product_has_a_base_variant(store: Store) -> None:
    product = store.product(sku="FL-100", inventory_tracking="product", inventory_level=27)

    read = store.get(f"/v3/catalog/products/{product['id']}", include="variants")["data"]

    assert read["inventory_level"] == 27
    assert read["calculated_price"] == 39.9
    assert read["date_modified"] == "2026-06-11T14:02:31+00:00"
    assert [(v["id"], v["sku"], v["sku_id"], v["option_values"]) for v in read["variants"]] == [
        (read["base_variant_id"], "FL-100", None, [])
    ]


def test_missing_fields_are_named(store: Store) -> None:
    response = store.call("POST", "/v3/catalog/products", {"type": "physical", "price": 1})

    assert response.status_code == 422
    assert response.json()["title"] == "Missing Required Fields"
    assert set(response.json()["errors"]) == {"name", "weight"}


@pytest.mark.parametrize(
    ("field", "value"), [("name", ""), ("name", "x" * 251), ("price", -1), ("type", "virtual"), ("upc", "9" * 15)]
)
def test_a_wrong_value_is_a_422_that_names_its_field(store: Store, field: str, value: Any) -> None:
    body = {"name": "Lamp", "type": "physical", "weight": 1, "price": 1, field: value}

    response = store.call("POST", "/v3/catalog/products", body)

    assert response.status_code == 422
    assert field in response.json()["errors"]


@pytest.mark.parametrize(("field", "value"), [("name", "FIELD LANTERN"), ("sku", "fl-100")])
def test_a_taken_name_or_sku_is_a_409_whatever_its_case(store: Store, field: str, value: str) -> None:
    store.product(sku="FL-100")
    body = {"name": "Other", "sku": "OTHER", "type": "physical", "weight": 1, "price": 1, field: value}

    response = store.call("POST", "/v3/catalog/products", body)

    assert response.status_code == 409
    assert response.json()["errors"] == {field: f"The product {field} is a duplicate"}


def test_the_sku_of_a_variant_is_taken_too(store: Store) -> None:
    store.stock(LANTERN)

    response = store.call(
        "POST", "/v3/catalog/products", {"name": "X", "sku": "fl-red", "type": "physical", "weight": 0, "price": 1}
    )

    assert response.status_code == 409


def test_a_category_that_does_not_exist_is_a_409(store: Store) -> None:
    response = store.call(
        "POST", "/v3/catalog/products", {"name": "X", "type": "physical", "weight": 0, "price": 1, "categories": [999]}
    )

    assert response.status_code == 409


def test_a_batch_takes_ten_products_and_changes_all_or_nothing(store: Store) -> None:
    first, second = store.product(), store.product(name="Second")

    too_many = store.call("PUT", "/v3/catalog/products", [{"id": first["id"], "price": 1}] * 11)
    clash = store.call(
        "PUT", "/v3/catalog/products", [{"id": first["id"], "price": 5}, {"id": second["id"], "name": "Field Lantern"}]
    )

    assert too_many.status_code == 413
    assert "maximum items allowed in the array is 10" in too_many.json()["title"]
    assert clash.status_code == 409
    assert store.get(f"/v3/catalog/products/{first['id']}")["data"]["price"] == 39.9


def test_publishing_with_options_replaces_the_base_variant(store: Store) -> None:
    product = store.product(is_visible=False, inventory_tracking="variant")
    path = f"/v3/catalog/products/{product['id']}"
    values = [{"label": label, "sort_order": place} for place, label in enumerate(["Red", "Blue"])]
    option = store.call(
        "POST", f"{path}/options", {"display_name": "Colour", "type": "dropdown", "option_values": values}
    ).json()["data"]

    for value in option["option_values"]:
        variant = {"sku": f"FL-{value['label']}", "option_values": [{"id": value["id"], "option_id": option["id"]}],
                   "inventory_level": 7, "price": 41.5}  # fmt: skip
        assert store.call("POST", f"{path}/variants", variant).status_code == 200

    read = store.get(path, include="variants")["data"]
    assert read["base_variant_id"] is None
    assert [(v["sku"], v["inventory_level"], v["calculated_price"]) for v in read["variants"]] == [
        ("FL-Red", 7, 41.5),
        ("FL-Blue", 7, 41.5),
    ]
    assert read["inventory_level"] == 14


def test_two_variants_with_the_same_values_are_refused(store: Store) -> None:
    product = store.stock(LANTERN)[0]
    option = store.get(f"/v3/catalog/products/{product['id']}/options")["data"][0]
    values = [{"id": option["option_values"][0]["id"], "option_id": option["id"]}]

    response = store.call(
        "POST", f"/v3/catalog/products/{product['id']}/variants", {"sku": "NEW", "option_values": values}
    )

    assert response.status_code == 409


def test_a_product_takes_600_variants(store: Store) -> None:
    product = store.stock(
        {**LANTERN, "variants": [{"sku": f"V{number}", "value": str(number), "stock": 1} for number in range(600)]}
    )[0]
    option = {"option_display_name": "Colour", "label": "one more"}

    response = store.call(
        "POST", f"/v3/catalog/products/{product['id']}/variants", {"sku": "V600", "option_values": [option]}
    )

    assert response.status_code == 422
    assert "600" in response.json()["errors"]["variants"]


def test_a_variant_batch_takes_fifty_and_ignores_option_values(store: Store) -> None:
    variant = store.stock(LANTERN)[0]["variants"][0]

    too_many = store.call("PUT", "/v3/catalog/variants", [{"id": variant["id"], "price": 1}] * 51)
    saved = store.call("PUT", "/v3/catalog/variants", [{"id": variant["id"], "price": 1, "option_values": []}])

    assert too_many.status_code == 413
    assert "50" in too_many.json()["title"]
    assert saved.json()["data"][0]["price"] == 1
    assert saved.json()["data"][0]["option_values"][0]["label"] == "Red"


def test_a_variant_without_a_price_inherits_the_products(store: Store) -> None:
    product = store.stock(LANTERN)[0]

    variants = store.get(f"/v3/catalog/products/{product['id']}/variants")["data"]

    assert [(v["price"], v["calculated_price"]) for v in variants] == [(None, 39.9), (None, 39.9)]


def test_a_variant_sku_is_found_through_variants_only(store: Store) -> None:
    store.stock(LANTERN)

    assert store.get("/v3/catalog/products", sku="FL-RED")["data"] == []
    assert store.get("/v3/catalog/variants", sku="fl-red")["data"][0]["sku"] == "FL-RED"


def test_pages_tell_where_they_are_and_an_empty_one_follows_the_last(store: Store) -> None:
    store.stock(*[{"name": f"P{number}", "sku": f"S{number}", "price": "1", "stock": 1} for number in range(5)])

    page = store.get("/v3/catalog/products", limit=2, page=3)
    past = store.get("/v3/catalog/products", limit=2, page=4)

    assert [product["sku"] for product in page["data"]] == ["S4"]
    assert page["meta"]["pagination"] == {
        "total": 5, "count": 1, "per_page": 2, "current_page": 3, "total_pages": 3,
        "links": {"current": "?page=3&limit=2", "previous": "?page=2&limit=2"},
    }  # fmt: skip
    assert past["data"] == []


def test_including_options_cuts_the_page_to_ten(store: Store) -> None:
    store.stock(*[{"name": f"P{number}", "sku": f"S{number}", "price": "1"} for number in range(12)])

    page = store.get("/v3/catalog/products", limit=250, include="options")

    assert len(page["data"]) == page["meta"]["pagination"]["per_page"] == 10


def test_a_limit_above_250_is_refused_or_capped_as_the_switch_says(store: Store) -> None:
    assert store.call("GET", "/v3/catalog/products", params={"limit": 251}).status_code == 413

    store.switch(limit_above_max="cap")

    assert store.get("/v3/catalog/products", limit=251)["meta"]["pagination"]["per_page"] == 250


def test_only_asked_fields_come_with_the_id(store: Store) -> None:
    store.product(sku="FL-100")

    assert store.get("/v3/catalog/products", include_fields="sku")["data"][0].keys() == {"id", "sku"}
    assert "sku" not in store.get("/v3/catalog/products", exclude_fields="sku,id")["data"][0]


def test_every_change_moves_the_date_and_the_date_filter_finds_it(store: Store) -> None:
    first, _ = store.product(), store.product(name="Second")
    store.clock.move(hours=1)
    store.call("PUT", f"/v3/catalog/products/{first['id']}", {"price": 1})

    found = store.get("/v3/catalog/products", **{"date_modified:min": "2026-06-11T15:00:00+00:00"})["data"]

    assert [product["id"] for product in found] == [first["id"]]


def test_a_date_without_a_time_means_the_present_time_of_that_day(store: Store) -> None:
    store.product()
    store.clock.move(hours=2)

    assert store.get("/v3/catalog/products", **{"date_modified:min": "2026-06-11"})["data"] == []


def test_products_sort_and_filter(store: Store) -> None:
    store.stock(
        {"name": "Bolt", "sku": "B", "price": "3"},
        {"name": "Anchor", "sku": "A", "price": "9", "visible": False},
        {"name": "Cord", "sku": "C", "price": "1"},
    )

    def skus(**params: Any) -> list[str]:
        return [product["sku"] for product in store.get("/v3/catalog/products", **params)["data"]]

    assert skus(sort="name", direction="desc") == ["C", "B", "A"]
    assert skus(sort="price") == ["C", "B", "A"]
    assert skus(is_visible="true") == ["B", "C"]
    assert skus(**{"sku:in": "a,c"}) == ["A", "C"]
    assert skus(**{"id:greater": 111}) == ["A", "C"]


def test_a_part_that_was_not_saved_is_a_207(store: Store) -> None:
    store.switch(products_207=True)
    body = {"name": "X", "type": "physical", "weight": 0, "price": 1, "inventory_tracking": "product",
            "inventory_level": 5}  # fmt: skip

    response = store.call("POST", "/v3/catalog/products", body)

    assert response.status_code == 207
    assert response.json()["data"]["inventory_level"] == 0
    assert response.json()["errors"]


def test_an_image_is_added_by_address(store: Store) -> None:
    product = store.product()
    path = f"/v3/catalog/products/{product['id']}/images"

    added = store.call("POST", path, {"image_url": "https://cdn.example.com/a.jpg", "is_thumbnail": True}).json()

    assert added["data"]["url_standard"] == "https://cdn.example.com/a.jpg"
    assert len(store.get(path)["data"]) == 1
    assert store.call("POST", path, {"image_url": "https://cdn.example.com/" + "a" * 250}).status_code == 422


def test_deleting_a_product_takes_its_variants_along(store: Store) -> None:
    product = store.stock(LANTERN)[0]

    assert store.call("DELETE", f"/v3/catalog/products/{product['id']}").status_code == 204
    assert store.get("/v3/catalog/variants")["data"] == []
    assert store.call("DELETE", "/v3/catalog/products").status_code == 422


def test_categories_are_listed_and_made_once(store: Store) -> None:
    made = store.call("POST", "/v3/catalog/categories", {"name": "Lamps", "parent_id": 0})
    again = store.call("POST", "/v3/catalog/categories", {"name": "lamps", "parent_id": 0})

    assert (made.status_code, again.status_code) == (200, 409)
    assert [c["name"] for c in store.get("/v3/catalog/categories")["data"]] == ["Shop all", "Lamps"]


def test_the_summary_counts_the_catalogue(store: Store) -> None:
    store.stock(LANTERN)

    summary = store.get("/v3/catalog/summary")["data"]

    assert (summary["inventory_count"], summary["variant_count"]) == (27, 2)


def test_the_door_takes_what_the_vendor_would_refuse(store: Store) -> None:
    products = store.stock(
        {"name": "No SKU", "sku": "", "price": "0", "stock": 1},
        {"name": "A", "sku": "dup", "price": "1"},
        {"name": "B", "sku": "DUP", "price": "1"},
        {**LANTERN, "variants": [{"sku": "S", "value": "1", "stock": 1}, {"sku": "S", "value": "2", "stock": 2}]},
    )

    assert [product["sku"] for product in products] == ["", "dup", "DUP", "FL"]
    assert [variant["stock"] for variant in products[3]["variants"]] == [1, 2]
