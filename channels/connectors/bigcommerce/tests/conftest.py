"""A simulated BigCommerce store in process, with goods on its shelf, and our connector talking to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from channels.connectors.bigcommerce.connector import BigCommerce
from channels.connectors.bigcommerce.simulator import create_app
from channels.contract import OrderRequest, OrderRequestLine, Session
from channels.http import Http
from channels.simkit.adapter import WsgiAdapter
from portal.lib.address import Address

FIXTURES = Path(__file__).parent / "fixtures"
HOST = "http://127.0.0.1"
RETAILER = Address(
    first_name="Rita", last_name="Field", company="Fieldhouse", address1="1 Mill Lane", city="Leeds",
    postcode="LS1 1AA", country="GB", phone="0113 496 0000", email="orders@fieldhouse.example",
)  # fmt: skip
CONSUMER = Address(
    first_name="Ada", last_name="Moss", address1="12 Elm Street", city="Dover",
    postcode="CT16 1AA", country="GB", phone="01304 960000", email="ada@example.com",
)  # fmt: skip
TENT = {
    "name": "Alpine tent", "sku": "TENT", "price": "149.50", "cost": "61.50", "stock": 40, "option": "Colour",
    "variants": [{"sku": "TENT-RED", "value": "Red", "stock": 17}, {"sku": "TENT-BLUE", "value": "Blue", "stock": 5}],
}  # fmt: skip
MUG = {"name": "Enamel mug", "sku": "MUG", "price": "3.25", "cost": "1.10", "stock": 10}


@dataclass
class Shop:
    """One simulated store: the state door for arranging and looking, ``connect`` for our client."""

    app: Flask
    adapter: WsgiAdapter
    door_session: requests.Session
    id: str = ""
    address: str = ""
    credentials: dict[str, str] = field(default_factory=dict)
    # SKU → (product id, variant id) as our connector tells them.
    goods: dict[str, tuple[str, str]] = field(default_factory=dict)

    def door(self, method: str, path: str, body: Any = None) -> Any:
        response = self.door_session.request(method, f"{HOST}/_sim{path}", json=body)
        assert response.ok, response.text
        return response.json()

    def at(self, method: str, path: str, body: Any = None) -> Any:
        return self.door(method, f"/stores/{self.id}{path}", body)

    def switch(self, **values: Any) -> None:
        self.door("PUT", "/switches", values)

    def fault(self, name: str, **values: Any) -> None:
        self.door("POST", "/faults", {"name": name, **values})

    def calls(self) -> list[dict[str, Any]]:
        return self.door("GET", f"/calls?store={self.id}")

    def forget_calls(self) -> None:
        self.door("DELETE", "/calls")

    def books(self) -> list[dict[str, Any]]:
        return self.at("GET", "/orders")

    def shelf(self) -> dict[str, dict[str, Any]]:
        return {row["sku"]: row for row in self.at("GET", "/products")}

    def stock(self) -> dict[str, int]:
        """Units by SKU of everything that is stocked."""
        rows = self.at("GET", "/products")
        return {each["sku"]: each["stock"] for row in rows for each in (row["variants"] or [row])}

    def stock_up(self, *products: dict[str, Any]) -> None:
        self.at("POST", "/products", list(products))
        for page in self.connect().products():
            for product in page:
                for variant in product.variants:
                    self.goods[variant.sku] = (product.remote_id, variant.remote_id)

    def place(self, **order: Any) -> str:
        lines = order.pop("lines", [{"sku": "MUG", "quantity": 2}])
        return str(self.at("POST", "/orders", {"lines": lines, **order})["id"])

    def connect(self, *, http: Http | None = None, **session: Any) -> BigCommerce:
        values = {"credentials": dict(self.credentials), "currency": "GBP", "store_address": self.address, **session}
        return BigCommerce(
            Session(http=http or Http(adapter=self.adapter), hosts={"api": HOST, "login": HOST}, **values)
        )

    def request(self, number: int = 17, **values: Any) -> OrderRequest:
        """An order of the portal for two mugs and a red tent."""
        lines = (
            OrderRequestLine("71", "MUG", "Enamel mug", 2, Decimal("2.10"), *self.goods["MUG"]),
            OrderRequestLine("72", "TENT-RED", "Alpine tent", 1, Decimal("61.50"), *self.goods["TENT-RED"]),
        )
        base = {
            "reference": f"TLX7-{number}",
            "reference_prefix": "TLX7",
            "number": number,
            "currency": "GBP",
            "placed_at": datetime(2026, 6, 14, 9, 30, tzinfo=UTC),
            "lines": lines,
            "bill_to": RETAILER,
            "ship_to": CONSUMER,
            "shipping_cost": Decimal("4.50"),
            "shipping_method": "Standard",
        }
        return OrderRequest(**(base | values))


Opener = Callable[..., Shop]


@pytest.fixture
def open_shop() -> Iterator[Opener]:
    app = create_app()
    adapter = WsgiAdapter(app)
    door = requests.Session()
    door.mount("http://", adapter)

    def make(**values: Any) -> Shop:
        shop = Shop(app, adapter, door)
        made = shop.door("POST", "/stores", {"name": "Northwind Outdoor", "quota": 100_000, **values})
        wanted = ("store_hash", "client_id", "access_token", "client_secret")
        shop.id, shop.address = made["store"], made["address"]
        shop.credentials = {key: made["credentials"][key] for key in wanted}
        return shop

    yield make
    app.parts.documents.close()


@pytest.fixture
def empty_shop(open_shop: Opener) -> Shop:
    return open_shop()


@pytest.fixture
def shop(empty_shop: Shop) -> Shop:
    """A store with a tent in two colours and a mug."""
    empty_shop.stock_up(TENT, MUG)
    return empty_shop


@pytest.fixture
def fixture() -> Callable[[str], Any]:
    """A whole payload by the name of its situation."""
    return lambda name: json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
