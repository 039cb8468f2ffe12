"""The simulators' state door: where the journey plays customer and warehouse. Our own tool, not a vendor's API."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import requests
from django.conf import settings

BATCH = 100


class DoorError(Exception):
    """The simulator said no, in its own words."""


class Door:
    """The state door of one channel's simulator."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.base = f"{settings.CHANNEL_HOSTS[kind]['sandbox']['api']}/_sim"
        self.session = requests.Session()

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """One request; its JSON. Raises DoorError."""
        response = self.session.request(method, f"{self.base}{path}", json=body, timeout=120)
        if response.status_code >= 400:
            raise DoorError(f"{method} {path}: {response.status_code} {response.text[:300]}")
        return response.json() if response.text.strip() else None

    def wait_until_up(self, *, seconds: float = 30.0) -> None:
        """Raises DoorError when the simulator does not answer in time."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                self.call("GET", "/health")
            except (requests.ConnectionError, DoorError):
                if time.monotonic() > deadline:
                    raise DoorError(f"The {self.kind} simulator does not answer at {self.base}.") from None
                time.sleep(0.2)
            else:
                return

    def make_store(self, store: str, *, name: str, email: str, **more: Any) -> StoreDoor:
        """The store, made if it is not there yet."""
        made = self.call(
            "POST",
            "/stores",
            {"id": store, "name": name, "currency": "GBP", "timezone": "Europe/London", "email": email, **more},
        )
        return StoreDoor(self, made["store"], made["address"], made["credentials"])


class StoreDoor:
    """One store behind the door. ``address`` is what a merchant types, ``credentials`` what a merchant pastes."""

    def __init__(self, door: Door, store: str, address: str, credentials: Mapping[str, str]) -> None:
        self.door = door
        self.store = store
        self.address = address
        self.credentials = dict(credentials)

    @property
    def kind(self) -> str:
        return self.door.kind

    def stock(self, products: Sequence[Mapping[str, Any]]) -> None:
        """Put products on the shelf."""
        for chunk in _chunks(products):
            self.door.call("POST", f"/stores/{self.store}/products", chunk)

    def place(self, orders: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Customers buy; (id, number, total) of each."""
        return [
            receipt
            for chunk in _chunks(orders, size=20)
            for receipt in self.door.call("POST", f"/stores/{self.store}/orders", chunk)
        ]

    def ship(self, order_id: Any, *, tracking: str, carrier: str, lines: Sequence[Mapping[str, Any]] = ()) -> None:
        """A parcel leaves; without ``lines`` with everything that is open."""
        body: dict[str, Any] = {"tracking": tracking, "carrier": carrier}
        if lines:
            body["lines"] = list(lines)
        self.door.call("POST", f"/stores/{self.store}/orders/{order_id}/ship", body)

    def orders(self) -> list[dict[str, Any]]:
        """The store's own book of orders."""
        return self.door.call("GET", f"/stores/{self.store}/orders")

    def products(self) -> list[dict[str, Any]]:
        """The store's own shelf."""
        return self.door.call("GET", f"/stores/{self.store}/products")

    def calls(self) -> int:
        """How many requests this store answered."""
        return len(self.door.call("GET", f"/calls?store={self.store}"))


def _chunks(items: Sequence[Any], size: int = BATCH) -> Iterator[list[Any]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
