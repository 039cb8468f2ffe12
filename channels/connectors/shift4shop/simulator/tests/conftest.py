"""A simulated shop in process, with a clock that only tests move."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient

from channels.connectors.shift4shop.simulator import create_app
from channels.connectors.shift4shop.simulator.world import WORLD, World
from channels.simkit.adapter import WsgiAdapter

HOST = "http://127.0.0.1"
API = f"{HOST}/3dCartWebAPI"


@dataclass
class Clock:
    """The time of the simulator."""

    moment: datetime = datetime(2026, 6, 14, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@dataclass
class Sim:
    """A client of the vendor's API and of the state door."""

    app: Flask
    clock: Clock
    session: requests.Session
    store: str = ""
    credentials: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.app.extensions[WORLD]

    def open(self, **values: Any) -> dict[str, Any]:
        """Open a shop and become its app."""
        given = self.door("POST", "/stores", {"name": "Northwind Outdoor", **values})
        self.store, self.credentials = given["store"], given["credentials"]
        return given

    def door(self, method: str, path: str, body: Any = None) -> Any:
        response = self.session.request(method, f"{HOST}/_sim{path}", json=body)
        assert response.ok, response.text
        return response.json()

    def at_store(self, method: str, path: str, body: Any = None) -> Any:
        return self.door(method, f"/stores/{self.store}{path}", body)

    def switch(self, **values: Any) -> None:
        self.world.switches.update(values)

    @cached_property
    def browser(self) -> FlaskClient:
        """A browser with a cookie jar, for the pages."""
        return self.app.test_client()

    def submit(self, path: str, form: dict[str, str]) -> str:
        """Send a form and read the page that comes after it."""
        response = self.browser.post(path, data=form, follow_redirects=True)
        assert response.status_code == 200
        return unescape(response.get_data(as_text=True))

    def trio(self) -> dict[str, str]:
        names = {"SecureURL": "secure_url", "PrivateKey": "private_key", "Token": "token"}
        return {header: self.credentials[key] for header, key in names.items()} | {"Accept": "application/json"}

    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.credentials['access_token']}", "Accept": "application/json"}

    def call(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, version: str = "v2"
    ) -> requests.Response:
        headers = self.trio() if headers is None else headers
        return self.session.request(method, f"{API}/{version}{path}", json=body, headers=headers)

    def get(self, path: str, **values: Any) -> requests.Response:
        return self.call("GET", path, **values)

    def put(self, path: str, body: Any) -> requests.Response:
        return self.call("PUT", path, body)

    def post(self, path: str, body: Any) -> requests.Response:
        return self.call("POST", path, body)

    def stock_shelf(self) -> dict[str, Any]:
        """A product with two variants, and a plain one."""
        tent = {
            "name": "Alpine tent",
            "sku": "TENT",
            "price": "149.50",
            "cost": "61.50",
            "stock": 40,
            "option": "Colour",
        }
        variants = [{"sku": "TENT-RED", "value": "Red", "stock": 17}, {"sku": "TENT-BLUE", "value": "Blue", "stock": 5}]
        mug = {"name": "Enamel mug", "sku": "MUG", "price": "3.25", "stock": 10, "image": "pictures/mug.jpg"}
        rows = self.at_store("POST", "/products", [tent | {"variants": variants}, mug])["products"]
        return {row["sku"]: row for row in rows}

    def add_customer(self) -> int:
        return int(self.post("/Customers", {"Email": "buyer@trade.example"}).json()[0]["Value"])

    def order_body(self, **values: Any) -> dict[str, Any]:
        """A minimal order of an app: the tent in red, once."""
        line = {"CatalogID": 1, "ItemID": "TENT-RED", "ItemQuantity": 1, "ItemUnitPrice": 100}
        shipment = {"ShipmentFirstName": "Ada", "ShipmentLastName": "Moss", "ShipmentCost": 5}
        body = {"BillingPaymentMethodID": "52", "OrderDate": "06/14/2026 13:00", "OrderStatusID": 1, "OrderAmount": 105}
        return body | {"OrderItemList": [line], "ShipmentList": [shipment]} | values


Maker = Callable[..., Sim]


@pytest.fixture
def make_sim() -> Iterator[Maker]:
    made: list[Sim] = []

    def make(**options: Any) -> Sim:
        clock = Clock()
        app = create_app(now=clock, **options)
        session = requests.Session()
        session.mount("http://", WsgiAdapter(app))
        made.append(Sim(app, clock, session))
        return made[-1]

    yield make
    for sim in made:
        sim.world.documents.close()


@pytest.fixture
def sim(make_sim: Maker) -> Sim:
    """A shop in London with no goods."""
    sim = make_sim()
    sim.open()
    return sim


@pytest.fixture
def stocked(sim: Sim) -> Sim:
    """A shop with goods on the shelf."""
    sim.stock_shelf()
    return sim


@pytest.fixture
def specs() -> Path:
    """The folder of machine-readable contracts."""
    folder = os.environ.get("TRADELANE_SPECS")
    if not folder:
        pytest.skip("TRADELANE_SPECS is not set: the vendor's contract files are not here to compare with")
    return Path(folder) / "shift4shop"


@pytest.fixture
def recorded(specs: Path) -> dict[str, dict[str, list[str]]]:
    """Key order and JSON types of recorded responses."""
    return json.loads((specs / "recorded-shapes-2015.json").read_text())
