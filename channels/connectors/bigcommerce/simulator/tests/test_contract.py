"""Every request and answer of a whole trade holds the contract of the calls that we make.

The contract is a file outside the project: the folder is named by TRADELANE_SPECS.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from werkzeug.wrappers import Response

from channels.connectors.bigcommerce.simulator.tests.conftest import ADDRESS, HASH, Store

LANTERN: dict[str, Any] = {
    "name": "Lantern", "sku": "FL", "price": "39.90", "option": "Colour", "stock": 1,
    "image": "https://cdn.example.com/l.jpg",
    "variants": [{"sku": "FL-RED", "value": "Red", "stock": 15}, {"sku": "FL-BLU", "value": "Blue", "stock": 12}],
}  # fmt: skip


@pytest.fixture(scope="session")
def contract(contract_path: Path) -> OpenAPI:
    """The contract, read once."""
    return OpenAPI.from_file_path(str(contract_path))


class CheckedStore(Store):
    """A store whose every call is held against the contract; `asked_wrongly` leaves the request out of it."""

    contract: OpenAPI
    checked: int

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> requests.Response:
        """Call, and check both directions."""
        asked_wrongly = options.pop("asked_wrongly", False)
        response = super().call(method, path, json, **options)
        request = RequestsOpenAPIRequest(response.request)
        if not asked_wrongly:
            self.contract.validate_request(request)
        self.contract.validate_response(request, _as_response(response))
        self.checked += 1
        return response


def _as_response(response: requests.Response) -> Any:
    """An empty answer has no content type to check."""
    if response.content:
        return RequestsOpenAPIResponse(response)
    return WerkzeugOpenAPIResponse(Response(status=response.status_code, content_type="text/plain"))


@pytest.fixture
def checked(store: Store, contract: OpenAPI) -> CheckedStore:
    """The store with checks."""
    bench = CheckedStore(store.app, store.clock)
    bench.contract, bench.checked = contract, 0
    return bench


def test_the_catalogue_holds_the_contract(checked: CheckedStore) -> None:
    checked.stock(LANTERN, {"name": "Lamp", "sku": "LAMP", "price": "9.99", "cost": "4", "stock": 3})
    product = checked.product(sku="NEW", inventory_tracking="product", inventory_level=4)
    path = f"/v3/catalog/products/{product['id']}"
    checked.get("/v3/catalog/products", limit=250, include="variants,images", sort="date_modified", direction="asc")
    checked.get("/v3/catalog/products", **{"id:greater": 1, "date_modified:min": "2026-06-11T00:00:00+00:00"})
    checked.get("/v3/catalog/variants", limit=250)
    checked.get(path)
    checked.call("PUT", path, {"price": 12.5, "is_visible": True})
    checked.call("PUT", "/v3/catalog/products", [{"id": product["id"], "price": 13}])
    values = [{"label": "S", "sort_order": 0}, {"label": "M", "sort_order": 1}]
    option = {"display_name": "Size", "type": "dropdown", "option_values": values}
    made = checked.call("POST", f"{path}/options", option).json()["data"]
    chosen = [{"id": made["option_values"][0]["id"], "option_id": made["id"]}]
    variant = checked.call("POST", f"{path}/variants", {"sku": "NEW-S", "option_values": chosen}).json()["data"]
    checked.call("PUT", "/v3/catalog/variants", [{"id": variant["id"], "price": 11}])
    checked.call("PUT", f"{path}/variants/{variant['id']}", {"cost_price": 5})
    checked.get(f"{path}/variants")
    checked.get(f"{path}/options")
    checked.call("POST", f"{path}/images", {"image_url": "https://cdn.example.com/a.jpg"})
    checked.get(f"{path}/images")
    checked.call("DELETE", f"{path}/variants/{variant['id']}")
    checked.call("DELETE", path)

    assert checked.checked == 17


def test_inventory_and_store_hold_the_contract(checked: CheckedStore) -> None:
    checked.stock(LANTERN)
    for path in ("/v2/time", "/v2/store", "/v3/settings/inventory", "/v3/inventory/items"):
        checked.get(path)
    checked.get("/v3/inventory/locations", is_default="true")
    checked.get("/v3/inventory/locations/1/items", **{"variant_id:in": "7001,7002"})
    items = [{"location_id": 1, "sku": "FL-RED", "quantity": 4}]
    checked.call("PUT", "/v3/inventory/adjustments/absolute", {"reason": "r", "items": items})
    checked.call("POST", "/v3/inventory/adjustments/relative", {"items": items})

    assert checked.checked == 8


def test_orders_and_shipments_hold_the_contract(checked: CheckedStore) -> None:
    lantern = checked.stock(LANTERN)[0]
    checked.buy(lines=[{"sku": "FL-RED", "quantity": 2}, {"name": "Card", "quantity": 1, "price": "1"}])
    line = {"product_id": lantern["id"], "variant_id": lantern["variants"][0]["id"], "quantity": 2,
            "price_ex_tax": "20.5", "price_inc_tax": "20.5"}  # fmt: skip
    order = checked.order(
        [line], shipping_addresses=[ADDRESS], status_id=11, external_order_id="TL1-1", staff_notes="from us"
    ).json()
    path = f"/v2/orders/{order['id']}"
    checked.get("/v2/orders", limit=250, sort="date_modified:asc", min_date_modified="2026-06-01T00:00:00Z")
    checked.call("GET", "/v2/orders", params={"external_order_id": "nobody"})
    checked.get("/v2/orders/count", status_id=11)
    checked.get("/v2/order_statuses")
    checked.get(path)
    line_id = checked.get(f"{path}/products")[0]["id"]
    items = [{"order_product_id": line_id, "quantity": 1}]
    parcel = checked.ship(order["id"], items, tracking_number="1Z", shipping_provider="ups").json()
    checked.get(f"{path}/shipments")
    checked.get(f"{path}/shipments/{parcel['id']}")
    checked.call("PUT", f"{path}/shipments/{parcel['id']}", {"tracking_number": "2Z"})
    checked.call("PUT", path, {"status_id": 3})
    checked.call("DELETE", f"{path}/shipments/{parcel['id']}")
    checked.call("GET", f"{path}/shipments")
    checked.call("GET", f"/v3/orders/{order['id']}/transactions")
    checked.get("/v3/orders/101/transactions")
    checked.call("DELETE", path)

    assert checked.checked == 18


def test_price_lists_hold_the_contract(checked: CheckedStore) -> None:
    checked.stock(LANTERN)
    made = Store.call(checked, "POST", "/v3/pricelists", {"name": "Trade"}).json()["data"]
    path = f"/v3/pricelists/{made['id']}/records"
    checked.get("/v3/pricelists")
    checked.call("POST", path, [{"sku": "FL-RED", "currency": "gbp", "price": 7.5}])
    checked.call("PUT", path, [{"sku": "FL-BLU", "currency": "gbp", "price": 7.5}])
    checked.get(path, currency="gbp")

    assert checked.checked == 4


def test_hooks_hold_the_contract(checked: CheckedStore) -> None:
    body = {"scope": "store/order/*", "destination": "https://portal.example.com/h", "headers": {"X-A": "b"}}
    hook = checked.call("POST", "/v3/hooks", body).json()["data"]
    checked.get("/v3/hooks", limit=250)
    checked.get(f"/v3/hooks/{hook['id']}")
    checked.call("PUT", f"/v3/hooks/{hook['id']}", {"is_active": False})
    checked.call("DELETE", f"/v3/hooks/{hook['id']}")

    assert checked.checked == 5


def test_every_error_holds_the_contract(checked: CheckedStore) -> None:
    product = checked.product(sku="A")
    wrong: list[tuple[str, str, Any]] = [
        ("GET", "/v3/catalog/products/999", None),
        ("GET", "/v2/orders/999", None),
        ("POST", "/v3/catalog/products", {"name": "x"}),
        ("POST", "/v3/catalog/products", {"name": "B", "sku": "a", "type": "physical", "weight": 0, "price": 1}),
        ("PUT", "/v3/catalog/products", [{"id": product["id"], "price": 1}] * 11),
        ("POST", "/v2/orders", {"item_total": 1}),
        ("POST", "/v3/hooks", {"scope": "store/order/*", "destination": "http://x"}),
        ("PUT", "/v3/inventory/adjustments/absolute", {"items": [{"location_id": 1, "sku": "?", "quantity": 1}]}),
    ]
    answers = [checked.call(method, path, json, asked_wrongly=True) for method, path, json in wrong]
    checked.door("POST", f"/stores/{HASH}/down", {"mode": "html"})
    answers.append(checked.call("GET", "/v2/store"))
    checked.door("POST", f"/stores/{HASH}/revoke")
    answers.append(checked.call("GET", "/v2/store"))

    assert [answer.status_code for answer in answers] == [404, 404, 422, 409, 413, 400, 422, 422, 503, 401]


def test_events_hold_the_contract(checked: CheckedStore, contract_path: Path) -> None:
    import yaml
    from openapi_schema_validator import OAS30Validator

    checked.call("POST", "/v3/hooks", {"scope": "store/product/*", "destination": "https://portal.example.com/h"})
    checked.product(sku="A", inventory_tracking="product", inventory_level=2)
    schema = yaml.safe_load(contract_path.read_text())["components"]["schemas"]["Event"]

    events = [json.loads(delivery["body"]) for delivery in checked.door("GET", "/hooks").json()]

    assert len(events) == 2
    assert [list(OAS30Validator(schema).iter_errors(event)) for event in events] == [[], []]


def test_a_request_outside_the_contract_is_noticed(checked: CheckedStore) -> None:
    with pytest.raises(OpenAPIError):
        checked.call("POST", "/v2/orders", {"products": []})
