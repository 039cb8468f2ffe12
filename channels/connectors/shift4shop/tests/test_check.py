"""The connection check, line by line."""

from __future__ import annotations

import pytest

from channels.connectors.shift4shop.tests.conftest import Shop
from channels.contract import Check

pytestmark = pytest.mark.usefixtures("same_clocks")
ALL = ["Orders:read", "Orders:write", "OrderStatus:read", "Products:read", "Customers:read", "Customers:write"]


def lines(shop: Shop, **session: object) -> dict[str, Check]:
    return {check.name: check for check in shop.connect(**session).check()}


def test_a_good_connection_has_only_ticks_and_reads_the_stores_name_back(shop: Shop) -> None:
    found = lines(shop)

    assert all(check.passed for check in found.values())
    assert found["The right store"].sentence == "This is Northwind Outdoor, northwind-outdoor.3dcartstores.com."
    assert {"Orders (read)", "Orders (write)", "OrderStatus (read)", "Products (read)"} <= found.keys()
    assert "Products (write)" not in found


def test_the_check_changes_nothing_in_the_store(shop: Shop) -> None:
    before = (shop.books(), shop.shelf(), shop.at("GET", "/customers"))

    lines(shop, settings={"sells": "yes"})

    assert (shop.books(), shop.shelf(), shop.at("GET", "/customers")) == before


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.row("S2-25")
def test_a_rejected_token_names_the_field_at_fault(shop: Shop, status: int) -> None:
    shop.switch(revoked_status=status)
    shop.at("POST", "/revoke")

    found = list(shop.connect().check())

    assert [(check.passed, check.field, check.code) for check in found] == [(False, "token", "credentials_rejected")]
    assert [check.field for check in shop.connect(bearer=True).check()] == ["access_token"]


@pytest.mark.row("S2-25")
def test_a_token_of_another_store_names_both_stores(open_shop) -> None:
    ours, other = open_shop(id="ours"), open_shop(id="other")

    found = list(other.connect(store_id="ours.3dcartstores.com", store_address="ours.3dcartstores.com").check())[1]

    assert (found.passed, found.field, found.code) == (False, "secure_url", "another_store")
    assert "other.3dcartstores.com" in found.sentence
    assert "ours.3dcartstores.com" in found.sentence
    assert ours.id != other.id


def test_a_consent_that_was_given_by_another_store_than_the_typed_one_is_refused(open_shop) -> None:
    other = open_shop(id="other")

    found = list(other.connect(bearer=True, store_address="ours.3dcartstores.com").check())[1]

    assert (found.passed, found.code) == (False, "another_store")


@pytest.mark.parametrize("typed", ["other.s4shops.com", "https://www.OTHER.3dcart.net/"])
def test_a_store_is_the_same_under_each_of_the_vendors_domains(open_shop, typed: str) -> None:
    other = open_shop(id="other")

    assert all(check.passed for check in other.connect(bearer=True, store_address=typed).check())


@pytest.mark.parametrize("missing", ALL)
@pytest.mark.parametrize("shape", ["403_array", "403_message", "401_message"])
def test_each_missing_permission_is_named_with_its_menu(shop: Shop, missing: str, shape: str) -> None:
    shop.switch(scope_refusal=shape)
    granted = [word for word in [*ALL, "StoreSettings:read", "Webhooks:read", "Webhooks:write"] if word != missing]
    shop.at("POST", "/scopes", {"granted": granted})

    bad = [check for check in lines(shop).values() if not check.passed]

    area, access = missing.split(":")
    assert [(check.name, check.code) for check in bad] == [(f"{area} ({access})", "permission_missing")]
    assert bad[0].menu.startswith("Modules > REST API")


def test_a_missing_read_shows_even_when_the_vendor_pretends_that_nothing_is_there(shop: Shop) -> None:
    shop.switch(scope_refusal="404_empty")
    shop.at("POST", "/scopes", {"granted": ["StoreSettings:read", "Products:read"]})

    found = lines(shop)

    assert found["Products (read)"].passed
    assert found["Orders (read)"].passed is False


def test_webhooks_are_optional_and_say_so(shop: Shop) -> None:
    shop.at("POST", "/scopes", {"granted": [*ALL, "StoreSettings:read"]})

    bad = [check for check in lines(shop).values() if not check.passed]

    assert {check.name for check in bad} == {"Webhooks (read)", "Webhooks (write)"}
    assert all(check.is_optional for check in bad)


def test_writing_products_is_tried_only_where_listings_go(shop: Shop) -> None:
    shop.at("POST", "/scopes", {"granted": [*ALL, "StoreSettings:read"]})

    assert lines(shop, settings={"sells": "yes"})["Products (write)"].passed is False


@pytest.mark.parametrize(("mode", "code"), [("503", "store_unavailable"), ("html", "store_unavailable")])
def test_a_store_that_is_down_is_not_taken_for_a_bad_token(shop: Shop, mode: str, code: str) -> None:
    shop.at("POST", "/down", {"mode": mode})

    found = list(shop.connect().check())

    assert [(check.name, check.passed, check.code) for check in found] == [("Store reached", False, code)]
    assert "Try again in a few minutes" in found[0].sentence


def test_an_unusable_zone_is_asked_for_and_does_not_fail_the_check(shop: Shop) -> None:
    shop.switch(store_timezone_form="offset")

    zone = lines(shop, time_zone="")["Store's time zone"]

    assert (zone.passed, zone.field, zone.is_optional) == (None, "time_zone", True)


def test_a_rate_limit_in_the_middle_leaves_a_permission_open(shop: Shop) -> None:
    shop.fault("rate_limited", path="/Customers$", times=1)

    assert lines(shop)["Customers (read)"].passed is None
