"""Whatever is written, the answer is an error of the vendor's and never a crash."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.bigcommerce.simulator.tests.conftest import ADDRESS, Store

JUNK: list[Any] = [None, "x", -1, 3.5, [], {}, True, 10**20, [None], {"a": 1}, "9" * 300]
LINE = {"name": "A", "quantity": 1, "price_ex_tax": 1, "price_inc_tax": 1}


@pytest.mark.parametrize("junk", JUNK, ids=repr)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v3/catalog/products", {"name": "N", "type": "physical", "weight": 1, "price": 1,
                                          "variants": [{"option_values": [{}]}], "images": [{"image_url": ""}]}),
        ("PUT", "/v3/catalog/products", [{"id": 111, "variants": [{"id": 1}]}]),
        ("PUT", "/v3/catalog/variants", [{"id": 7001, "price": 1, "option_values": [{"id": 1}]}]),
        ("POST", "/v3/catalog/products/111/options", {"display_name": "S", "type": "swatch",
                                                      "option_values": [{"label": "a", "sort_order": 1}]}),
        ("PUT", "/v3/inventory/adjustments/absolute", {"items": [{"location_id": 1, "sku": "A", "quantity": 1}]}),
        ("PUT", "/v3/inventory/locations/1/items", {"settings": [{"identity": {"sku": "A"}, "safety_stock": 1}]}),
        ("POST", "/v2/orders", {"billing_address": ADDRESS, "products": [LINE], "status_id": 1, "channel_id": 1}),
        ("PUT", "/v2/orders/101", {"status_id": 1, "products": [{"id": 6001, "quantity": 1}], "billing_address": {}}),
        ("POST", "/v2/orders/101/shipments", {"order_address_id": 5001, "merchant_shipping_cost": "1",
                                              "items": [{"order_product_id": 6001, "quantity": 1}]}),
        ("POST", "/v3/hooks", {"scope": "store/order/*", "destination": "https://x/y", "headers": {"a": "b"}}),
    ],
)  # fmt: skip
def test_junk_anywhere_in_a_body_is_refused_or_taken(
    store: Store, method: str, path: str, body: Any, junk: Any
) -> None:
    store.door("PATCH", "/stores/abc123", {"quota": 0})
    store.stock({"name": "A", "sku": "A", "price": "1", "stock": 5})
    store.buy(lines=[{"sku": "A", "quantity": 3}])

    answers = [store.call(method, path, changed).status_code for changed in _changed(body, junk)]

    assert set(answers) <= {200, 201, 400, 404, 409, 413, 422}


@pytest.mark.parametrize("query", ["page=x", "page=99999999999999999999", "limit=-1", "id=99999999999999999999",
                                   "date_modified:min=x", "min_date_created=2026-13-01", "sort=q"])  # fmt: skip
@pytest.mark.parametrize("path", ["/v3/catalog/products", "/v2/orders", "/v3/inventory/items", "/v3/hooks"])
def test_junk_in_a_query_is_refused_or_ignored(store: Store, path: str, query: str) -> None:
    assert store.call("GET", f"{path}?{query}").status_code in {200, 204, 400, 422}


def _changed(body: Any, junk: Any) -> list[Any]:
    """The body with the junk put at each place in turn."""
    if isinstance(body, dict):
        inner = [{**body, key: changed} for key, value in body.items() for changed in _changed(value, junk)]
    elif isinstance(body, list):
        inner = [
            [*body[:place], changed, *body[place + 1 :]]
            for place, value in enumerate(body)
            for changed in _changed(value, junk)
        ]
    else:
        inner = []
    return [junk, *inner]
