"""Webhooks: registered by name, repaired, removed, and read as hints."""

from __future__ import annotations

import json

import pytest

from channels.connectors.shift4shop.connector import Shift4Shop
from channels.connectors.shift4shop.hooks import TOPICS
from channels.connectors.shift4shop.tests.conftest import Shop
from channels.contract import Topic
from channels.errors import UnexpectedPayload

ADDRESS = "https://portal.example.com/hooks/shift4shop/9f2c"


@pytest.mark.parametrize("numbers", ["proposed", "shuffled"])
def test_every_event_we_want_is_registered_by_its_name_whatever_its_number(shop: Shop, numbers: str) -> None:
    shop.switch(webhook_numbers=numbers)

    shop.connect().register_hooks(ADDRESS)

    found = shop.connect().hooks()
    assert {hook.topic for hook in found} == {
        "Order New", "Order Status Change", "Product New", "Product Changed", "Product Deleted", "Product Stock Changed",
    }  # fmt: skip
    assert all(hook.is_active and hook.address == ADDRESS for hook in found)


def test_registering_again_repairs_and_never_doubles(shop: Shop) -> None:
    shop.connect().register_hooks(ADDRESS)
    first = shop.connect().hooks()
    shop.connect().client.put(f"Webhooks/{first[0].remote_id}", {"Enabled": False})
    shop.connect().client.delete(f"Webhooks/{first[1].remote_id}")

    shop.connect().register_hooks(ADDRESS)

    repaired = shop.connect().hooks()
    assert sorted(hook.topic for hook in repaired) == sorted(hook.topic for hook in first)
    assert all(hook.is_active for hook in repaired)


@pytest.mark.row("S2-24")
def test_unregistering_leaves_other_peoples_webhooks_alone(shop: Shop) -> None:
    shop.connect().register_hooks("https://other.example.com/x")
    shop.connect().register_hooks(ADDRESS)

    shop.connect().unregister_hooks(ADDRESS)
    shop.connect().unregister_hooks(ADDRESS)

    assert {hook.address for hook in shop.connect().hooks()} == {"https://other.example.com/x"}


def test_both_spellings_of_an_event_are_known() -> None:
    from channels.connectors.shift4shop.hooks import _plain_name

    assert {_plain_name(name) for name in ("OrderNew", "Order_New", "Order New", "order new")} == {"ordernew"}
    assert TOPICS["ordernew"] is Topic.ORDER


def test_a_body_names_its_record_and_a_redelivery_is_the_same_event(fixture) -> None:
    order = json.dumps(fixture("order_new")).encode()
    product = json.dumps(fixture("product_with_variants")).encode()

    first = Shift4Shop.parse_hook(body=order, headers={})
    again = Shift4Shop.parse_hook(body=order, headers={"X-Attempt": "2"})

    assert first == again
    assert [(hook.topic, hook.remote_id) for hook in first] == [(Topic.ORDER, "4711")]
    assert [(hook.topic, hook.remote_id) for hook in Shift4Shop.parse_hook(body=product, headers={})] == [
        (Topic.PRODUCT, "311")
    ]


def test_a_later_change_of_the_same_order_is_another_event(fixture) -> None:
    order = fixture("order_new")
    first = Shift4Shop.parse_hook(body=json.dumps(order).encode(), headers={})[0]
    order[0]["OrderStatusID"] = 2

    assert Shift4Shop.parse_hook(body=json.dumps(order).encode(), headers={})[0].event_id != first.event_id


@pytest.mark.parametrize("body", [b'{"CatalogID": 7}', b'[{"SKUInfo": {"CatalogID": 7}}]'])
def test_a_deleted_product_is_known_by_either_shape(body: bytes) -> None:
    assert [(hook.topic, hook.remote_id) for hook in Shift4Shop.parse_hook(body=body, headers={})] == [
        (Topic.PRODUCT, "7")
    ]


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"[]", b"[1]", b'"x"', b"\xff"])
def test_any_other_body_is_an_unexpected_payload(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload):
        Shift4Shop.parse_hook(body=body, headers={})


def test_the_address_is_the_secret_so_every_body_is_let_in() -> None:
    assert Shift4Shop.verify_hook(body=b"[]", headers={}, credentials={}, app={})
