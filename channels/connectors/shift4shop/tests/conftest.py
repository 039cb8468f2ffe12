"""A simulated shop in process with goods on the shelf, and our connector talking to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
import time_machine
from flask import Flask

from channels.connectors.shift4shop.connector import Shift4Shop
from channels.connectors.shift4shop.simulator import create_app
from channels.contract import OrderRequest, OrderRequestLine, Session
from channels.http import Http
from channels.simkit.adapter import WsgiAdapter
from portal.lib.address import Address

FIXTURES = Path(__file__).parent / "fixtures"
HOST = "http://127.0.0.1"
APP = {"public_key": "0f1e2d3c4b5a69788796a5b4c3d2e1f0", "private_key": "a1b2c3d4e5f60718293a4b5c6d7e8f90"}

RETAILER = Address(
    first_name="Rita", last_name="Field", company="Fieldhouse", address1="1 Mill Lane", city="Leeds",
    postcode="LS1 1AA", country="GB", phone="0113 496 0000", email="orders@fieldhouse.example",
)  # fmt: skip
CONSUMER = Address(
    first_name="Ada", last_name="Moss", address1="12 Elm St", city="Dover",
    postcode="CT16 1AA", country="GB", phone="01304 960000", email="ada@example.com",
)  # fmt: skip


@dataclass
class Shop:
    """One simulated shop: the state door for arranging and looking, ``connect`` for our client."""

    app: Flask
    adapter: WsgiAdapter
    door_session: requests.Session
    id: str = ""
    host: str = ""
    credentials: dict[str, str] = field(default_factory=dict)
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

    def place(self, **order: Any) -> str:
        lines = order.pop("lines", [{"sku": "MUG", "quantity": 2}])
        return str(self.at("POST", "/orders", {"lines": lines, **order})["id"])

    def connect(self, *, bearer: bool = False, http: Http | None = None, **session: Any) -> Shift4Shop:
        keys = ("access_token",) if bearer else ("secure_url", "token")
        values = {
            "credentials": {key: self.credentials[key] for key in keys},
            "settings": {"payment_method": "52 Purchase Order"},
            "currency": "GBP",
            "time_zone": "Europe/London",
            "store_address": self.host,
            **session,
        }
        http = http or Http(adapter=self.adapter)
        return Shift4Shop(Session(http=http, hosts={"api": HOST}, app=APP, **values))

    def request(self, number: int = 17, **values: Any) -> OrderRequest:
        """An order of our portal for two mugs and a red tent."""
        lines = (
            OrderRequestLine("71", "MUG", "Enamel mug", 2, Decimal("2.10"), *self.goods["MUG"]),
            OrderRequestLine("72", "TENT-RED", "Alpine tent - Red", 1, Decimal("61.50"), *self.goods["TENT-RED"]),
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


@dataclass
class SimClock:
    """The simulator's own time, moved by tests."""

    moment: datetime = datetime(2026, 6, 14, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def sim_clock() -> SimClock:
    return SimClock()


@pytest.fixture
def same_clocks(sim_clock: SimClock) -> Iterator[None]:
    """Our clock shows the simulator's time, as in real life, where both are set by the same."""
    with time_machine.travel(sim_clock()):
        yield


@pytest.fixture
def open_shop(sim_clock: SimClock) -> Iterator[Opener]:
    app = create_app(now=sim_clock)
    app_adapter = WsgiAdapter(app)
    door = requests.Session()
    door.mount("http://", app_adapter)

    def make(**values: Any) -> Shop:
        shop = Shop(app, app_adapter, door)
        shop.door("PUT", "/app", APP)
        made = shop.door("POST", "/stores", {"name": "Northwind Outdoor", **values})
        shop.id, shop.credentials = made["store"], made["credentials"]
        shop.host = made["address"].removeprefix("https://")
        shop.door("PUT", "/switches", {"bucket_size": 100000})
        return shop

    yield make
    app.parts.documents.close()


@pytest.fixture
def empty_shop(open_shop: Opener) -> Shop:
    return open_shop()


@pytest.fixture
def shop(empty_shop: Shop) -> Shop:
    """A shop with a tent in two colours and a mug."""
    tent = {"name": "Alpine tent", "sku": "TENT", "price": "149.50", "cost": "61.50", "stock": 40, "option": "Colour"}
    variants = [{"sku": "TENT-RED", "value": "Red", "stock": 17}, {"sku": "TENT-BLUE", "value": "Blue", "stock": 5}]
    mug = {"name": "Enamel mug", "sku": "MUG", "price": "3.25", "stock": 10, "image": "pictures/mug.jpg"}
    rows = empty_shop.at("POST", "/products", [tent | {"variants": variants}, mug])["products"]
    for page in empty_shop.connect().products():
        for product in page:
            for variant in product.variants:
                empty_shop.goods[variant.sku] = (product.remote_id, variant.remote_id)
    assert len(rows) == 2
    return empty_shop


@pytest.fixture
def fixture() -> Callable[[str], Any]:
    """A whole payload by the name of its situation."""
    return lambda name: json.loads((FIXTURES / f"{name}.json").read_text())
