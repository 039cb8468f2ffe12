"""The connection check says which field, which permission and where to grant it."""

from __future__ import annotations

import inspect
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from channels.connectors.bigcommerce.connector import BigCommerce
from channels.connectors.bigcommerce.part import Part
from channels.connectors.bigcommerce.tests.conftest import HOST, Opener, Shop
from channels.contract import Check
from channels.errors import NeedsReauthorisation
from channels.http import Http

ALL = {
    *("store_v2_products", "store_v2_orders", "store_v2_transactions", "store_v2_information"),
    *("store_inventory", "store_locations"),
}


def failed(shop: Shop, **session: Any) -> list[Check]:
    return [check for check in shop.connect(**session).check() if check.passed is False]


@pytest.mark.row("S4-10")
@pytest.mark.parametrize(
    ("missing", "instead", "names", "is_optional"),
    [
        ("store_v2_orders", "", ["Orders: modify"], False),
        ("store_v2_orders", "store_v2_orders_read_only", ["Orders: modify"], False),
        ("store_v2_transactions", "", ["Order Transactions: read-only"], False),
        ("store_v2_information", "", ["Information & Settings: read-only"], False),
        ("store_v2_products", "store_v2_products_read_only", ["Products: modify"], True),
        ("store_inventory", "store_inventory_read_only", ["Store Inventory: modify"], True),
        ("store_locations", "", ["Store Locations: read-only"], True),
    ],
)
def test_a_missing_permission_is_named_with_its_menu(
    shop: Shop, missing: str, instead: str, names: list[str], is_optional: bool
) -> None:
    shop.at("POST", "/scopes", {"granted": sorted((ALL - {missing}) | ({instead} - {""}))})
    checks = failed(shop)
    assert [check.name for check in checks] == names
    assert [check.is_optional for check in checks] == [is_optional]
    assert checks[0].menu.startswith("Settings › API › Store-level API accounts")
    assert checks[0].field == "access_token"
    assert f"“{names[0]}”" in checks[0].sentence


def test_all_that_an_account_lacks_is_told_at_once(shop: Shop) -> None:
    shop.at("POST", "/scopes", {"granted": sorted(ALL - {"store_v2_information", "store_v2_orders"})})
    assert [check.name for check in failed(shop)] == ["Information & Settings: read-only", "Orders: modify"]


def test_a_token_of_another_store_is_told_from_a_missing_permission(shop: Shop, open_shop: Opener) -> None:
    other = open_shop(name="Southwind")
    mixed = {**shop.credentials, "access_token": other.credentials["access_token"]}
    (check,) = failed(shop, credentials=mixed)
    assert (check.field, check.code) == ("store_hash", "another_store")


@pytest.mark.parametrize("hash", ["", "../v2", "ab/cd", "https://x"])
def test_a_store_hash_that_cannot_be_one_is_never_called(shop: Shop, hash: str) -> None:
    shop.forget_calls()
    (check,) = failed(shop, credentials={**shop.credentials, "store_hash": hash})
    assert (check.field, check.code) == ("store_hash", "wrong_address")
    assert shop.calls() == []


@pytest.mark.parametrize("mode", ["503", "html"])
def test_a_store_that_is_down_is_not_bad_credentials(shop: Shop, mode: str) -> None:
    shop.at("POST", "/down", {"mode": mode})
    (check,) = failed(shop)
    assert (check.name, check.code) == ("Store reached", "store_unavailable")


def test_the_check_changes_nothing_in_the_store(shop: Shop) -> None:
    before = (shop.at("GET", "/products"), shop.books())
    list(shop.connect().check())
    assert (shop.at("GET", "/products"), shop.books()) == before


@pytest.mark.row("S4-14")
def test_the_store_is_read_back_with_name_currency_and_zone(shop: Shop) -> None:
    sentences = [check.sentence for check in shop.connect().check()]
    assert "This is Northwind Outdoor (GBP, Europe/London)." in sentences


def test_a_clock_that_is_far_off_is_told(shop: Shop) -> None:
    shop.door("POST", "/clock", {"advance_seconds": 600})
    (check,) = failed(shop)
    assert (check.name, check.is_optional) == ("Clock", True)


def test_the_code_of_an_app_installation_becomes_a_token_once(shop: Shop) -> None:
    query = approve(shop)
    assert shop.connect(credentials=redeem(shop, query)).store_info().store_id == shop.id
    with pytest.raises(NeedsReauthorisation):
        redeem(shop, query)


CALLBACK = "https://portal.example.com/auth"
APP = {"client_id": "tradelaneapp", "client_secret": "tradelaneappsecret"}


def approve(shop: Shop) -> dict[str, str]:
    """The merchant consents; the query of the browser's return trip."""
    shop.door("POST", "/apps", {**APP, "name": "Tradelane", "auth_callback": CALLBACK, "scopes": sorted(ALL)})
    address = shop.at("POST", f"/apps/{APP['client_id']}/install")["redirect"]
    return dict(parse_qsl(urlsplit(address).query))


def redeem(shop: Shop, query: dict[str, str]) -> dict[str, str]:
    http = Http(adapter=shop.adapter)
    return BigCommerce.redeem_consent(http=http, hosts={"login": HOST}, app=APP, query=query, return_url=CALLBACK)


def test_no_two_parts_have_a_private_method_of_the_same_name() -> None:
    parts = [kind for kind in BigCommerce.__mro__ if issubclass(kind, Part) and kind not in {Part, BigCommerce}]
    names = [name for part in parts for name, _ in inspect.getmembers(part, inspect.isfunction) if name in vars(part)]
    private = [name for name in names if name.startswith("_")]
    assert len(private) == len(set(private))
