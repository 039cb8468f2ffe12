"""Webhooks: registration, events, signature, retries, deactivation, blocklist."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from channels.connectors.bigcommerce.simulator.tests.conftest import HASH, Store

LAMP: dict[str, Any] = {"name": "Lamp", "sku": "LAMP", "price": "10", "stock": 9}
DESTINATION = "https://portal.example.com/hooks/bigcommerce/9f2c"


class Portal(BaseAdapter):
    """The receiving end: keeps what arrives and answers `status`."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.requests: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **options: Any) -> requests.Response:
        """Note one delivery."""
        self.requests.append(request)
        response = requests.Response()
        response.status_code = self.status
        return response

    def close(self) -> None:
        """Nothing is held."""

    @property
    def events(self) -> list[dict[str, Any]]:
        """The payloads that arrived."""
        return [json.loads(request.body or "{}") for request in self.requests]

    @property
    def scopes(self) -> list[str]:
        """Their scopes."""
        return [event["scope"] for event in self.events]


@pytest.fixture
def portal(store: Store) -> Portal:
    """The portal behind the mapped host name."""
    portal = Portal()
    store.app.parts.hooks.session.mount("http://portal.internal:8000", portal)
    return portal


def register(store: Store, scope: str, **values: Any) -> requests.Response:
    """Register a hook."""
    return store.call("POST", "/v3/hooks", {"scope": scope, "destination": DESTINATION, **values})


def deliver(store: Store) -> int:
    """Make all attempts that are due."""
    return store.app.parts.hooks.deliver_due()


def test_a_hook_is_made_listed_changed_and_removed(store: Store) -> None:
    hook = register(store, "store/order/*", headers={"X-Portal-Hook": "secret"}).json()["data"]

    assert (hook["client_id"], hook["store_hash"], hook["is_active"]) == (store.credentials["client_id"], HASH, True)
    assert store.get("/v3/hooks", scope="store/order/*")["data"] == [hook]
    path = f"/v3/hooks/{hook['id']}"
    assert store.call("PUT", path, {"is_active": False}).json()["data"]["is_active"] is False
    assert store.call("PUT", path, {}).status_code == 422
    removed = store.call("DELETE", path)
    assert (removed.status_code, removed.json()["data"]["id"]) == (200, hook["id"])
    assert store.call("GET", path).json()["title"] == f"Webhook with id [{hook['id']}] not found"


@pytest.mark.parametrize(
    "destination", ["http://portal.example.com/h", "https://portal.example.com:8443/h", "portal.example.com", ""]
)
def test_a_destination_is_https_on_port_443(store: Store, destination: str) -> None:
    response = store.call("POST", "/v3/hooks", {"scope": "store/order/*", "destination": destination})

    assert response.status_code == 422
    assert (response.json()["title"], list(response.json()["errors"])) == (
        "JSON data is missing or invalid",
        ["destination"],
    )


def test_a_scope_takes_ten_hooks_and_each_destination_once(store: Store) -> None:
    register(store, "store/order/*")
    assert register(store, "store/order/*").status_code == 409

    answers = [
        store.call("POST", "/v3/hooks", {"scope": "store/order/*", "destination": f"{DESTINATION}{number}"}).status_code
        for number in range(10)
    ]

    assert answers == [200] * 9 + [422]


def test_hooks_are_seen_by_the_account_that_made_them_only(store: Store) -> None:
    register(store, "store/order/*")
    app = {"client_id": "app1", "client_secret": "s", "name": "App", "auth_callback": "https://x/auth", "scopes": []}
    store.door("POST", "/apps", app)
    where = store.door("POST", f"/stores/{HASH}/apps/app1/install").json()["redirect"]
    code = where.split("code=")[1].split("&")[0]
    body = {"client_id": "app1", "client_secret": "s", "code": code, "scope": " ", "context": f"stores/{HASH}",
            "grant_type": "authorization_code", "redirect_uri": "https://x/auth"}  # fmt: skip
    token = store.session.post("https://login.bigcommerce.com/oauth2/token", json=body).json()["access_token"]

    assert store.call("GET", "/v3/hooks", headers={"X-Auth-Token": token}).json()["data"] == []


def test_an_order_fires_its_events_with_ids_only(store: Store, portal: Portal) -> None:
    register(store, "store/order/*", headers={"X-Portal-Hook": "secret"})
    register(store, "store/shipment/*")
    register(store, "store/product/*")
    store.stock(LAMP)
    order = store.buy(lines=[{"sku": "LAMP", "quantity": 2}])
    store.door("POST", f"/stores/{HASH}/orders/{order['id']}/ship", {"tracking": "1", "carrier": "UPS"})

    deliver(store)

    assert set(portal.scopes) == {
        "store/product/created", "store/product/inventory/updated", "store/product/inventory/order/updated",
        "store/order/created", "store/order/statusUpdated", "store/shipment/created", "store/order/updated",
    }  # fmt: skip
    shipped = next(event for event in portal.events if event["scope"] == "store/shipment/created")
    assert shipped["data"] == {"type": "shipment", "id": 51, "orderId": order["id"]}
    assert (shipped["producer"], shipped["store_id"]) == (f"stores/{HASH}", "1002003")
    status = [event["data"]["status"] for event in portal.events if event["scope"] == "store/order/statusUpdated"]
    assert status[-1] == {"previous_status_id": 11, "new_status_id": 2}
    assert portal.requests[0].headers["Content-Type"] == "application/json"
    secrets = {request.headers.get("X-Portal-Hook") for request in portal.requests}
    assert secrets == {"secret", None}


def test_stock_tracked_by_variant_speaks_of_skus(store: Store, portal: Portal) -> None:
    register(store, "store/sku/*")
    product = store.stock(
        {"name": "L", "sku": "L", "option": "C", "variants": [{"sku": "L1", "value": "1", "stock": 5}]}
    )
    variant = product[0]["variants"][0]
    store.door("PUT", f"/stores/{HASH}/stock", {"L1": 8})

    deliver(store)

    assert portal.scopes[-1] == "store/sku/inventory/updated"
    assert portal.events[-1]["data"]["inventory"] == {
        "product_id": product[0]["id"], "method": "absolute", "value": 8, "variant_id": variant["id"]}  # fmt: skip


def test_our_own_writes_fire_events_too_and_refused_ones_do_not(store: Store, portal: Portal) -> None:
    register(store, "store/product/*")
    store.product()
    store.call("POST", "/v3/catalog/products", {"name": "Field Lantern", "type": "physical", "weight": 0, "price": 1})

    deliver(store)

    assert portal.scopes == ["store/product/created"]


def test_a_delivery_is_signed_with_the_client_secret(store: Store, portal: Portal) -> None:
    register(store, "store/product/created")
    store.product()
    deliver(store)

    request = portal.requests[0]
    headers, body = request.headers, request.body or b""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + (
        body if isinstance(body, bytes) else body.encode()
    )
    digest = hmac.new(store.credentials["client_secret"].encode(), signed, hashlib.sha256).digest()

    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert headers["webhook-timestamp"] == str(int(store.clock.now.timestamp()))


def test_a_failed_delivery_comes_again_with_the_same_hash_by_the_schedule(store: Store, portal: Portal) -> None:
    register(store, "store/product/created")
    portal.status = 500
    store.product()
    assert deliver(store) == 1
    store.clock.move(seconds=59)
    assert deliver(store) == 0
    store.clock.move(seconds=1)
    assert deliver(store) == 1
    portal.status = 204
    store.clock.move(seconds=180)

    assert deliver(store) == 1

    assert len({event["hash"] for event in portal.events}) == 1
    assert store.door("GET", "/hooks").json()[0]["state"] == "delivered"


def test_after_eleven_retries_the_hook_is_switched_off_and_can_be_switched_on(store: Store, portal: Portal) -> None:
    hook = register(store, "store/product/created").json()["data"]
    portal.status = 500
    store.product()
    for wait in (0, 60, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 50400, 86400):
        store.clock.move(seconds=wait)
        deliver(store)

    assert len(portal.requests) == 12
    assert store.get(f"/v3/hooks/{hook['id']}")["data"]["is_active"] is False
    assert store.get("/v3/hooks/admin")["hooks_list"][0]["status"] == "deactivated"
    store.product(name="Missed")
    store.call("PUT", f"/v3/hooks/{hook['id']}", {"is_active": True})
    assert deliver(store) == 0


def test_a_hook_without_events_for_ninety_days_is_switched_off(store: Store) -> None:
    register(store, "store/product/created")
    store.clock.move(days=91)

    assert store.get("/v3/hooks")["data"][0]["is_active"] is False


def test_a_domain_that_fails_too_often_rests_for_three_minutes(store: Store, portal: Portal) -> None:
    register(store, "store/product/created")
    portal.status = 500
    store.stock(*[{"name": f"P{number}", "sku": f"S{number}"} for number in range(101)])

    deliver(store)

    assert len(portal.requests) == 100
    store.clock.move(seconds=30)
    deliver(store)
    assert len(portal.requests) == 100


def test_a_host_that_is_not_in_the_table_is_never_called(store: Store, portal: Portal) -> None:
    store.call("POST", "/v3/hooks", {"scope": "store/product/*", "destination": "https://elsewhere.example/h"})
    store.product()

    deliver(store)

    assert portal.requests == []
    assert store.door("GET", "/hooks").json()[0]["answers"] == ["host unknown: elsewhere.example"]


def test_webhooks_get_lost_doubled_and_late_by_switch(store: Store, portal: Portal) -> None:
    register(store, "store/product/created")
    store.switch(hooks_drop_next=1)
    store.product(name="Lost")
    store.switch(hooks_duplicate=True)
    store.product(name="Twice")
    store.switch(hooks_duplicate=False, hooks_late_seconds=30.0)
    store.product(name="Late")

    deliver(store)

    ids = [event["data"]["id"] for event in portal.events]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    store.clock.move(seconds=30)
    assert deliver(store) == 1


def test_reordered_webhooks_all_arrive(store: Store, portal: Portal) -> None:
    register(store, "store/product/created")
    store.switch(hooks_reorder=True)
    store.stock(*[{"name": f"P{number}", "sku": f"S{number}"} for number in range(10)])
    store.clock.move(seconds=20)

    deliver(store)

    ids = [event["data"]["id"] for event in portal.events]
    assert ids != sorted(ids)
    assert len(set(ids)) == 10
