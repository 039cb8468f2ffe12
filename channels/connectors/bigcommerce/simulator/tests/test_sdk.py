"""BigCommerce's own Python SDK as a black box against the real HTTP server.

The SDK always speaks https; only that is patched, here.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from channels.connectors.bigcommerce.simulator import create_app
from channels.connectors.bigcommerce.simulator.tests.conftest import ADDRESS
from channels.simkit.server import build_server

bigcommerce_api = pytest.importorskip("bigcommerce.api")
connection = pytest.importorskip("bigcommerce.connection")
exception = pytest.importorskip("bigcommerce.exception")


@pytest.fixture
def server() -> Iterator[str]:
    """The simulator over HTTP; its host and port."""
    http = build_server(create_app())
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield f"127.0.0.1:{http.server_port}"
    http.shutdown()
    http.server_close()


@pytest.fixture
def credentials(server: str) -> dict[str, str]:
    """A store with two products, and its API account."""
    store = requests.post(f"http://{server}/_sim/stores", json={"id": "sdk"}, timeout=5).json()
    goods = [{"name": "Lamp", "sku": "LAMP", "price": "10", "stock": 9}, {"name": "Shade", "sku": "S", "price": "3"}]
    requests.post(f"http://{server}/_sim/stores/sdk/products", json=goods, timeout=5)
    return store["credentials"]


@pytest.fixture
def api(server: str, credentials: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The SDK, pointed at the simulator."""

    def full_path(self: Any, url: str) -> str:
        return f"http://{server}{self.api_path.format(self.store_hash, url)}"

    monkeypatch.setattr(connection.OAuthConnection, "full_path", full_path)
    return bigcommerce_api.BigcommerceApi(
        client_id=credentials["client_id"], store_hash="sdk", access_token=credentials["access_token"]
    )


def test_the_sdk_reads_the_store_and_the_rate_headers(api: Any) -> None:
    assert api.Store.all()["id"] == "sdk"
    assert api.Time.all()["time"] > 1_700_000_000
    assert api.connection.rate_limit["requests_quota"] == 150
    assert api.connection.rate_limit["window_size_ms"] == 30_000


def test_the_sdk_trades_an_order(api: Any) -> None:
    line = {"product_id": 111, "quantity": 2, "price_ex_tax": 7.5, "price_inc_tax": 7.5}
    created = api.Orders.create(billing_address=ADDRESS, products=[line], status_id=11, external_order_id="TL1-1")

    order = api.Orders.all(external_order_id="TL1-1")[0]
    products, addresses = order.products(), order.shipping_addresses()
    parcel = api.OrderShipments.create(
        order.id,
        order_address_id=addresses[0].id,
        tracking_number="1Z",
        shipping_provider="ups",
        items=[{"order_product_id": products[0].id, "quantity": 2}],
    )

    assert (created.id, created.total_inc_tax) == (order.id, "15.0000")
    assert parcel.tracking_number == "1Z"
    assert api.Orders.get(order.id).status == "Shipped"
    assert order.shipments()[0].id == parcel.id
    assert api.Orders.count() == 1
    assert len(api.OrderStatuses.all()) == 15


def test_the_sdk_walks_pages_until_the_204(api: Any) -> None:
    line = {"name": "A", "quantity": 1, "price_ex_tax": 1, "price_inc_tax": 1}
    ids = [api.Orders.create(billing_address=ADDRESS, products=[line]).id for _ in range(3)]

    assert [order.id for order in api.Orders.iterall()] == ids


def test_the_sdk_reads_the_v3_catalogue(api: Any) -> None:
    api.connection.api_path = "/stores/{}/v3/{}"

    page = api.connection.get("catalog/products", limit=1, page=2)

    assert [product["sku"] for product in page["data"]] == ["S"]
    assert page["meta"]["pagination"]["total_pages"] == 2


def test_the_sdk_raises_its_own_errors(api: Any, server: str) -> None:
    with pytest.raises(exception.ClientRequestException):
        api.Orders.get(999)
    requests.post(f"http://{server}/_sim/faults", json={"name": "rate_limited"}, timeout=5)
    with pytest.raises(exception.RateLimitingException):
        api.Orders.all()
    requests.post(f"http://{server}/_sim/stores/sdk/down", json={"mode": "suspended"}, timeout=5)
    with pytest.raises(exception.ServerException):
        api.Orders.all()


def test_the_sdk_exchanges_a_code_and_reads_the_signed_payload(
    api: Any, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = {"client_id": "app1", "client_secret": "a-secret-of-more-than-32-characters", "name": "App",
           "auth_callback": "https://portal.example/auth", "load_callback": "https://portal.example/load",
           "scopes": ["store_v2_orders"]}  # fmt: skip
    requests.post(f"http://{server}/_sim/apps", json=app, timeout=5)
    where = requests.post(f"http://{server}/_sim/stores/sdk/apps/app1/install", timeout=5).json()["redirect"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
    own = bigcommerce_api.BigcommerceApi(client_id="app1", store_hash="sdk")

    token = own.connection.fetch_token(
        app["client_secret"], query["code"], query["context"], query["scope"], app["auth_callback"],
        token_url=f"http://{server}/oauth2/token",
    )  # fmt: skip
    load = requests.post(f"http://{server}/_sim/stores/sdk/apps/app1/load", timeout=5).json()["redirect"]
    payload = parse_qs(urlsplit(load).query)["signed_payload_jwt"][0]
    claims = bigcommerce_api.BigcommerceApi.oauth_verify_payload_jwt(payload, app["client_secret"], "app1")

    assert token["context"] == "stores/sdk"
    assert own.connection.get("orders") == {}
    assert claims["sub"] == "stores/sdk"


def test_a_cut_connection_is_really_closed(server: str, credentials: dict[str, str]) -> None:
    requests.post(f"http://{server}/_sim/faults", json={"name": "cut_after", "method": "POST"}, timeout=5)
    line = {"name": "A", "quantity": 1, "price_ex_tax": 1, "price_inc_tax": 1}

    with pytest.raises(requests.ConnectionError):
        requests.post(
            f"http://{server}/stores/sdk/v2/orders",
            json={"billing_address": ADDRESS, "products": [line]},
            headers={"X-Auth-Token": credentials["access_token"]},
            timeout=5,
        )

    assert len(requests.get(f"http://{server}/_sim/stores/sdk/orders", timeout=5).json()) == 1
