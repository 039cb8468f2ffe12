"""Signing in, lists and their ends, and what errors stand for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from channels.connectors.shift4shop import paging
from channels.connectors.shift4shop.tests.conftest import APP, Shop
from channels.errors import (
    Misconfigured,
    NeedsReauthorisation,
    NotFound,
    RateLimited,
    Unavailable,
    UnclearOutcome,
    UnexpectedPayload,
)
from channels.http import Http, NoBudget

SINCE = datetime(2026, 6, 14, 0, 0, tzinfo=UTC)
NAMES = [f"P{n:03d}" for n in range(1, 24)]


def fill(shop: Shop) -> None:
    shop.at("POST", "/products", [{"name": sku, "sku": sku, "price": "1", "stock": 1} for sku in NAMES])


def skus(shop: Shop, **session: object) -> list[str]:
    pages = shop.connect(**session).products()
    return [product.variants[0].sku for page in pages for product in page]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of five, so that a test need not fill thousands of rows."""
    monkeypatch.setitem(__import__("channels.connectors.shift4shop.client", fromlist=["LIMITS"]).LIMITS, "Products", 5)


def test_a_pasted_token_travels_in_the_three_headers_and_a_bearer_alone(shop: Shop) -> None:
    assert set(shop.connect().client.headers()) == {"SecureURL", "PrivateKey", "Token"}
    assert set(shop.connect(bearer=True).client.headers()) == {"Authorization"}
    assert shop.connect().store_info() == shop.connect(bearer=True).store_info()


def test_an_app_of_the_merchants_own_brings_its_private_key(shop: Shop) -> None:
    values = {key: shop.credentials[key] for key in ("secure_url", "token")} | {"private_key": APP["private_key"]}

    connector = shop.connect(credentials=values)
    connector.client.session = replace(connector.client.session, app={})

    assert connector.store_info().name == "Northwind Outdoor"


@pytest.mark.parametrize(
    ("credentials", "app", "error"),
    [
        ({}, APP, NeedsReauthorisation),
        ({"token": "tok\u00e9n"}, APP, NeedsReauthorisation),
        ({"token": "0" * 32, "secure_url": "x.3dcart.net"}, {}, Misconfigured),
    ],
)
def test_credentials_that_cannot_work_are_refused_before_any_call(shop: Shop, credentials, app, error) -> None:
    connector = shop.connect(credentials=credentials)
    connector.client.session = replace(connector.client.session, app=app)
    shop.forget_calls()

    with pytest.raises(error):
        connector.store_info()

    assert shop.calls() == []


@pytest.mark.usefixtures("small_pages")
def test_a_walk_brings_every_row_once_and_in_order(empty_shop: Shop) -> None:
    fill(empty_shop)

    assert skus(empty_shop) == NAMES


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 9, 10, 13, 14])
def test_a_walk_ends_well_wherever_the_last_page_ends(empty_shop: Shop, count: int) -> None:
    if count:
        empty_shop.at("POST", "/products", [{"name": sku, "sku": sku, "price": "1"} for sku in NAMES[:count]])

    assert skus(empty_shop) == NAMES[:count]


@pytest.mark.parametrize("shape", ["404_empty", "404_json", "200_array"])
def test_an_empty_list_is_no_error_in_any_shape(empty_shop: Shop, shape: str) -> None:
    empty_shop.switch(empty_list=shape)

    assert list(empty_shop.connect().products()) == []
    assert list(empty_shop.connect().orders(modified_since=SINCE)) == []
    assert empty_shop.connect().product_count() == 0


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("gone", [["P001"], ["P001", "P002", "P003"], ["P005"], ["P004", "P005", "P006"]])
def test_products_that_are_deleted_during_a_walk_hide_no_other(empty_shop: Shop, gone: list[str]) -> None:
    fill(empty_shop)
    ids = {sku: row["id"] for sku, row in empty_shop.shelf().items()}

    seen = []
    for number, page in enumerate(empty_shop.connect().products()):
        seen += [product.variants[0].sku for product in page]
        if number == 0:
            for sku in gone:
                empty_shop.at("DELETE", f"/products/{ids[sku]}")

    assert set(NAMES) - set(gone) <= set(seen)


@pytest.mark.usefixtures("small_pages")
def test_every_request_of_a_walk_takes_its_place_in_the_budget_on_the_walks_own_thread(empty_shop: Shop) -> None:
    import threading

    fill(empty_shop)
    threads = []

    class Counting(NoBudget):
        def acquire(self) -> None:
            threads.append(threading.get_ident())

    empty_shop.forget_calls()
    skus(empty_shop, http=Http(adapter=empty_shop.adapter, budget=Counting()))

    assert len(threads) == len(empty_shop.calls())
    assert set(threads) == {threading.get_ident()}


@pytest.mark.usefixtures("small_pages")
def test_a_budget_that_runs_dry_while_looking_ahead_does_not_lose_the_pages_in_flight(empty_shop: Shop) -> None:
    fill(empty_shop)

    class Drying(NoBudget):
        left = 4

        def acquire(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise RateLimited("dry")

    seen: list[str] = []
    pages = empty_shop.connect(http=Http(adapter=empty_shop.adapter, budget=Drying())).products()
    with pytest.raises(RateLimited):
        seen.extend(product.variants[0].sku for page in pages for product in page)

    assert seen == NAMES[: 5 + 4 + 4]


@pytest.mark.usefixtures("small_pages")
def test_a_page_that_was_asked_to_slow_down_is_read_again_in_its_turn(empty_shop: Shop) -> None:
    fill(empty_shop)
    empty_shop.fault("rate_limited", method="GET", path="/Products", skip=3, times=1)

    class Open:
        def acquire(self) -> None: ...

        def observe(self, status: int, headers: object) -> None: ...

    assert skus(empty_shop, http=Http(adapter=empty_shop.adapter, budget=Open())) == NAMES


def test_the_number_of_pages_in_flight_is_bounded() -> None:
    assert 1 < paging.IN_FLIGHT <= 8


@pytest.mark.parametrize("status", [401, 403])
def test_a_revoked_token_needs_the_owner(shop: Shop, status: int) -> None:
    shop.switch(revoked_status=status)
    shop.at("POST", "/revoke")

    with pytest.raises(NeedsReauthorisation):
        list(shop.connect().products())


@pytest.mark.parametrize("shape", ["403_array", "403_message", "401_message"])
def test_a_missing_permission_is_named_and_not_taken_for_a_dead_token(shop: Shop, shape: str) -> None:
    shop.switch(scope_refusal=shape)
    shop.at("POST", "/scopes", {"granted": ["Products:read", "StoreSettings:read"]})

    with pytest.raises(Misconfigured) as caught:
        list(shop.connect().orders(modified_since=SINCE))

    assert caught.value.area == "Orders"
    assert "Allow Orders for our app" in caught.value.message
    assert list(shop.connect().products())


def test_a_rate_limit_tells_when_to_come_back_if_the_vendor_does(shop: Shop) -> None:
    shop.fault("rate_limited")
    with pytest.raises(RateLimited) as told:
        shop.connect().product_count()
    shop.fault("rate_limited_bare")
    with pytest.raises(RateLimited) as untold:
        shop.connect().product_count()

    assert told.value.retry_at is not None
    assert untold.value.retry_at is None


def test_a_gateway_page_means_waiting(shop: Shop) -> None:
    shop.fault("html", times=2)

    with pytest.raises(Unavailable):
        shop.connect().product_count()


def test_one_hiccup_of_a_read_is_not_even_noticed(shop: Shop) -> None:
    shop.fault("unavailable", times=1)

    assert shop.connect().product_count() == 2


def test_half_an_answer_to_a_write_is_unclear(shop: Shop) -> None:
    shop.fault("truncated", method="POST", path="/Orders$")

    with pytest.raises(UnclearOutcome):
        shop.connect().create_order(shop.request())


def test_a_redirect_is_a_wrong_address_and_is_not_followed(shop: Shop) -> None:
    connector = shop.connect(http=Http(adapter=shop.adapter, headers={"Host": shop.host}))

    with pytest.raises(Misconfigured) as caught:
        connector.store_info()

    assert caught.value.code == "wrong_address"


def test_an_unknown_product_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFound):
        shop.connect().product("987")


@pytest.mark.parametrize(
    ("form", "zone"), [("windows", "America/New_York"), ("iana", "America/New_York"), ("offset", "")]
)
def test_the_store_tells_who_it_is(open_shop, form: str, zone: str) -> None:
    shop = open_shop(id="north", timezone="America/New_York", currency="USD", email="owner@north.example")
    shop.switch(store_timezone_form=form, store_settings_form="array" if form == "iana" else "object")

    info = shop.connect(currency="", time_zone="").store_info()

    assert (info.store_id, info.name, info.currency) == ("north.3dcartstores.com", "Northwind Outdoor", "USD")
    assert (info.time_zone, info.email) == (zone, "owner@north.example")


def test_a_record_that_is_no_store_is_an_unexpected_answer(shop: Shop) -> None:
    from channels.connectors.shift4shop.mapping_store import store_info

    with pytest.raises(UnexpectedPayload):
        store_info({"Message": "hello"})


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/London", "Australia/Sydney"])
def test_changed_orders_are_found_by_the_stores_own_clock(open_shop, sim_clock, zone: str) -> None:
    shop = open_shop(timezone=zone)
    shop.at("POST", "/products", {"name": "Mug", "sku": "MUG", "price": "3"})
    old = shop.place()
    sim_clock.forward(hours=3)
    since = sim_clock.moment
    new = shop.place()

    pages = list(shop.connect(time_zone=zone).orders(modified_since=since))

    assert [order.remote_id for page in pages for order in page] == [new]
    assert old != new
    assert abs(pages[0][0].modified_at - since) < timedelta(seconds=2)
