"""A simulated store to call: in process, with a clock that tests move, and the contract at hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from channels.connectors.bigcommerce.simulator import create_app
from channels.simkit.adapter import WsgiAdapter
from channels.simkit.app import SimFlask

HASH = "abc123"
BASE = "https://api.bigcommerce.com"
ADDRESS = {
    "first_name": "Ada",
    "last_name": "Moss",
    "company": "",
    "street_1": "12 Cedar Lane",
    "city": "Denver",
    "state": "Colorado",
    "zip": "80202",
    "country_iso2": "US",
    "email": "ada.moss@example.com",
}


class TestClock:
    """Time that stands until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        self.now = datetime(2026, 6, 11, 14, 2, 31, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        """Move on."""
        self.now += timedelta(**span)


class Store:
    """One simulated store: `call` is the vendor's API, `door` the state door."""

    def __init__(self, app: SimFlask, clock: TestClock) -> None:
        self.app, self.clock = app, clock
        self.session = requests.Session()
        self.session.mount("https://", WsgiAdapter(app))
        self.credentials = self.door("POST", "/stores", {"id": HASH, "name": "Kingsway"}).json()["credentials"]
        self.token = self.credentials["access_token"]

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> requests.Response:
        """A call of the API with the store's token."""
        headers = {"X-Auth-Token": self.token, "Accept": "application/json", **options.pop("headers", {})}
        return self.session.request(method, f"{BASE}/stores/{HASH}{path}", json=json, headers=headers, **options)

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a GET that must succeed."""
        response = self.call("GET", path, params=params)
        assert response.status_code == 200, response.text
        return response.json()

    def door(self, method: str, path: str, json: Any = None) -> requests.Response:
        """A call of the state door that must succeed."""
        response = self.session.request(method, f"{BASE}/_sim{path}", json=json)
        assert response.status_code == 200, response.text
        return response

    def switch(self, **values: Any) -> None:
        """Turn switches."""
        self.door("PUT", "/switches", values)

    def stock(self, *products: dict[str, Any]) -> list[dict[str, Any]]:
        """Stock products through the door."""
        return self.door("POST", f"/stores/{HASH}/products", list(products)).json()["products"]

    def product(self, **values: Any) -> dict[str, Any]:
        """Create a product through the API."""
        body = {"name": "Field Lantern", "type": "physical", "weight": 1.2, "price": 39.9, **values}
        response = self.call("POST", "/v3/catalog/products", body)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    def buy(self, **values: Any) -> dict[str, Any]:
        """A customer's order through the door."""
        customer = {"first_name": "Ada", "last_name": "Moss", "address1": "12 Cedar Lane", "city": "Denver",
                    "postcode": "80202", "country": "US", "email": "ada@example.com"}  # fmt: skip
        return self.door("POST", f"/stores/{HASH}/orders", {"customer": customer, **values}).json()

    def order(self, lines: list[dict[str, Any]], **values: Any) -> requests.Response:
        """Create an order through the API."""
        return self.call("POST", "/v2/orders", {"billing_address": ADDRESS, "products": lines, **values})

    def book(self, order_id: int) -> dict[str, Any]:
        """An order as the door shows it."""
        return self.door("GET", f"/stores/{HASH}/orders/{order_id}").json()

    def ship(self, order_id: int, items: list[dict[str, int]], **values: Any) -> requests.Response:
        """Create a shipment through the API."""
        address = self.get(f"/v2/orders/{order_id}/shipping_addresses")[0]["id"]
        return self.call(
            "POST", f"/v2/orders/{order_id}/shipments", {"order_address_id": address, "items": items, **values}
        )


@pytest.fixture
def clock() -> TestClock:
    """A clock that tests move."""
    return TestClock()


@pytest.fixture
def store(clock: TestClock) -> Iterator[Store]:
    """A store of its own for each test."""
    app = create_app(now=clock, hook_hosts={"portal.example.com": "http://portal.internal:8000"})
    yield Store(app, clock)
    app.parts.documents.close()


@pytest.fixture(scope="session")
def contract_path() -> Path:
    """The contract's file; skips loudly where it is not given."""
    folder = os.environ.get("TRADELANE_SPECS")
    if not folder:
        pytest.skip("TRADELANE_SPECS is not set: the BigCommerce contract is not checked")
    return Path(folder) / "bigcommerce" / "connector-contract.openapi.yaml"
