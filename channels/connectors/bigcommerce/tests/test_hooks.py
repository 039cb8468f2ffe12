"""Webhooks: only our own store's are believed, and each is a hint about what to read again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from channels.connectors.bigcommerce import areas
from channels.connectors.bigcommerce.connector import BigCommerce
from channels.connectors.bigcommerce.hooks import SCOPES, SECRET_HEADER, secret_value, signature
from channels.connectors.bigcommerce.tests.conftest import Shop
from channels.connectors.conformance import HOOK_ADDRESS
from channels.contract import Hook, Topic

CREDENTIALS = {"store_hash": "abc123", "access_token": "token-of-the-store", "client_secret": "s3cret"}
NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def verify(body: bytes, headers: dict[str, str], **credentials: str) -> bool:
    return BigCommerce.verify_hook(body=body, headers=headers, credentials={**CREDENTIALS, **credentials}, app={})


def body(fixture: Any, **values: Any) -> bytes:
    return json.dumps({**fixture("hook_status_updated"), **values}).encode()


def own(**headers: str) -> dict[str, str]:
    return {SECRET_HEADER: secret_value(CREDENTIALS), **headers}


def signed(content: bytes, *, at: datetime = NOW, secret: str = "s3cret") -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    given = "v1,AAAA v1," + signature(secret, hook_id="msg_1", timestamp=stamp, body=content)
    return own(**{"webhook-id": "msg_1", "webhook-timestamp": stamp, "Webhook-Signature": given})


def test_a_hook_with_our_secret_header_is_believed(fixture: Any) -> None:
    assert verify(body(fixture), own())
    assert verify(body(fixture), {key.lower(): value for key, value in own().items()})


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "guess"}, {SECRET_HEADER: "é"}])
def test_a_hook_without_it_is_not(fixture: Any, headers: dict[str, str]) -> None:
    assert not verify(body(fixture), headers)


def test_a_hook_of_another_store_is_not_believed(fixture: Any) -> None:
    assert not verify(body(fixture, producer="stores/zzz999"), own())
    assert not verify(b"[]", own())
    assert not verify(b"<html>", own())


@time_machine.travel(NOW, tick=False)
def test_a_signature_must_fit_where_there_is_one(fixture: Any) -> None:
    content = body(fixture)
    assert verify(content, signed(content))
    assert not verify(content + b" ", signed(content))
    assert not verify(content, signed(content, secret="another"))
    assert not verify(content, signed(content, at=datetime(2026, 11, 21, 9, 54, tzinfo=UTC)))
    assert verify(content, signed(content, secret="another"), client_secret="")


@pytest.mark.parametrize(
    ("scope", "data", "topic", "remote_id"),
    [
        ("store/order/statusUpdated", {"type": "order", "id": 100482}, Topic.ORDER, "100482"),
        ("store/order/transaction/created", {"type": "transaction", "order_id": "250"}, Topic.ORDER, "250"),
        ("store/shipment/created", {"type": "shipment", "id": 7, "orderId": 251}, Topic.SHIPMENT, "251"),
        ("store/product/updated", {"type": "product", "id": 12}, Topic.PRODUCT, "12"),
        ("store/product/deleted", {"type": "product", "id": 12}, Topic.PRODUCT, "12"),
        ("store/sku/updated", {"type": "sku", "id": 5, "sku": {"product_id": 12, "variant_id": 3}}, Topic.PRODUCT, "12"),
        ("store/sku/inventory/order/updated", {"type": "sku", "id": 5, "inventory": {"product_id": 12, "variant_id": 3,
         "method": "relative", "value": -1}}, Topic.STOCK, "12"),
        ("store/product/inventory/updated", {"type": "product", "id": 12, "inventory": {"product_id": 12}}, Topic.STOCK, "12"),
        ("store/app/uninstalled", {"type": "app"}, Topic.REMOVED, ""),
        ("store/cart/created", {"type": "cart", "id": "x"}, Topic.OTHER, ""),
    ],
)  # fmt: skip
def test_a_hook_tells_what_to_read_again(scope: str, data: dict[str, Any], topic: Topic, remote_id: str) -> None:
    payload = {"scope": scope, "data": data, "hash": "ab", "producer": "stores/abc123"}
    (hook,) = BigCommerce.parse_hook(body=json.dumps(payload).encode(), headers={})
    assert hook == Hook(event_id=hook.event_id, topic=topic, remote_id=remote_id, scope=scope)


def test_a_repeated_delivery_has_the_same_event_and_another_scope_has_not(fixture: Any) -> None:
    def event(**values: Any) -> str:
        return BigCommerce.parse_hook(body=body(fixture, **values), headers={})[0].event_id

    assert event() == event(created_at=1)
    assert event() != event(scope="store/order/updated")
    assert event() != event(hash="00")


def test_hooks_that_were_switched_off_or_lost_are_repaired(shop: Shop) -> None:
    connector = shop.connect()
    connector.register_hooks(HOOK_ADDRESS)
    first, second, *_ = connector.hooks()
    connector.client.delete(f"/v3/hooks/{first.remote_id}", areas.HOOKS)
    connector.client.put(f"/v3/hooks/{second.remote_id}", areas.HOOKS, {"is_active": False})
    connector.register_hooks(HOOK_ADDRESS)
    assert sorted(hook.topic for hook in connector.hooks()) == sorted(SCOPES)
    assert all(hook.is_active for hook in connector.hooks())


def test_hooks_of_another_address_are_left_alone(shop: Shop) -> None:
    connector = shop.connect()
    connector.register_hooks("https://portal.example.com/hooks/other")
    connector.register_hooks(HOOK_ADDRESS)
    connector.unregister_hooks(HOOK_ADDRESS)
    assert {hook.address for hook in connector.hooks()} == {"https://portal.example.com/hooks/other"}
