"""A world for tests: both simulators in process, companies of the cast, and stores connected through the real services."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from channels import session
from channels.connectors.bigcommerce.simulator import create_app as create_bigcommerce
from channels.connectors.shift4shop.simulator import create_app as create_shift4shop
from channels.models import Integration
from channels.services import Connection, connect
from channels.simkit.adapter import WsgiAdapter
from channels.sync.runner import run_step
from portal.companies.models import Company

CREATE = {"bigcommerce": create_bigcommerce, "shift4shop": create_shift4shop}
# Time passes fast in tests, so that no rate limit is waited for.
TIME_SCALE = 1000.0


@dataclass
class SimStore:
    """A simulated store in process, through its state door."""

    kind: str
    store: str
    address: str
    credentials: dict[str, str]
    door: requests.Session

    def call(self, method: str, path: str, body: Any = None) -> Any:
        response = self.door.request(method, f"http://sim.test/_sim{path}", json=body)
        assert response.status_code < 400, response.text
        return response.json() if response.text.strip() else None

    def on_shelf(self, *products: dict[str, Any]) -> list[dict[str, Any]]:
        """Put products on the shelf."""
        return self.call("POST", f"/stores/{self.store}/products", list(products))["products"]

    def place_order(self, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A customer buys."""
        customer = {
            "first_name": "Hannah", "last_name": "Whitlock", "email": "hannah@example.com", "phone": "0161 496 0000",
            "address1": "14 Mill Lane", "city": "Stockport", "postcode": "SK6 6AP", "country": "GB",
        }  # fmt: skip
        return self.call("POST", f"/stores/{self.store}/orders", {"lines": list(lines), "customer": customer, **more})

    def ship(self, order_id: Any, **body: Any) -> Any:
        return self.call(
            "POST",
            f"/stores/{self.store}/orders/{order_id}/ship",
            {"tracking": "TRK1", "carrier": "Royal Mail", **body},
        )

    def orders(self) -> list[dict[str, Any]]:
        return self.call("GET", f"/stores/{self.store}/orders")

    def products(self) -> list[dict[str, Any]]:
        return self.call("GET", f"/stores/{self.store}/products")

    def set_stock(self, **figures: int) -> None:
        self.call("PUT", f"/stores/{self.store}/stock", figures)

    def revoke(self) -> None:
        self.call("POST", f"/stores/{self.store}/revoke")

    def restore(self) -> None:
        self.call("POST", f"/stores/{self.store}/restore")

    def down(self, mode: str) -> None:
        self.call("POST", f"/stores/{self.store}/down", {"mode": mode})

    def fault(self, name: str, **more: Any) -> None:
        self.call("POST", "/faults", {"name": name, "times": 1, **more})


class World:
    """Both simulators, in process."""

    def __init__(self) -> None:
        self.apps = {kind: make(state=":memory:", time_scale=TIME_SCALE) for kind, make in CREATE.items()}
        self.adapters = {kind: WsgiAdapter(app) for kind, app in self.apps.items()}

    def store(self, kind: str, name: str = "Kingsway", **more: Any) -> SimStore:
        """A new store of a channel."""
        door = requests.Session()
        door.mount("http://", self.adapters[kind])
        made = SimStore(kind, "", "", {}, door).call(
            "POST", "/stores", {"name": name, "currency": "GBP", "timezone": "Europe/London", **more}
        )
        return SimStore(kind, made["store"], made["address"], made["credentials"], door)

    def connect(self, company: Company, store: SimStore, *, name: str = "", **more: Any) -> Integration:
        """Connect a store through the same service as the wizard."""
        return connect(
            company,
            Connection(
                kind=store.kind,
                name=name or f"{company.name} store",
                credentials=store.credentials,
                store_address=store.address,
                **more,
            ),
            by=None,
        )


@contextmanager
def running_world() -> Iterator[World]:
    """A world whose transports every connector uses until the block ends."""
    world = World()
    session.TRANSPORTS.update(world.adapters)
    try:
        yield world
    finally:
        session.TRANSPORTS.clear()


def run(integration: Integration, *steps: str) -> list[str]:
    """Run steps now, in this process; their results."""
    return [run_step(integration.pk, step, trigger="test") for step in steps]
