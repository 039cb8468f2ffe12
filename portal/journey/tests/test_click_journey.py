"""The whole trade journey by clicking in Chromium, on the real stack: web, workers and both simulators over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser

from portal.journey.own_stack import OwnStack, running
from portal.journey.tests import acts
from portal.journey.tests.person import Person, sit_down
from portal.ui.tests.browser import _chromium, browser_type_launch_args  # noqa: F401 (fixtures)

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(900)]

MOST_CLICKS_TO_CONNECT = 12
TRACKING = "RM123456789GB"
THEIR_NAME = "Kingsbridge Giftware"


@dataclass
class Cast:
    """Who clicks: both companies' people, and whoever stands behind the counters of the two shops."""

    supplier: Person
    retailer: Person
    keeper: Person

    @property
    def strange(self) -> list[str]:
        return [*self.supplier.strange, *self.retailer.strange, *self.keeper.strange]


@pytest.fixture
def stack(tmp_path: Path, _chromium: str) -> Iterator[OwnStack]:  # noqa: F811 (Chromium first: without it nothing is started)
    with running(tmp_path, "--empty", TIME_SCALE="20") as own:
        own.wait_until_up()
        yield own


@pytest.fixture
def cast(browser: Browser, stack: OwnStack) -> Cast:
    return Cast(*(sit_down(browser, home=stack.base, origins=stack.origins) for _ in range(3)))


def store_orders(stack: OwnStack, kind: str, shop: acts.Shop) -> list[dict[str, Any]]:
    """A shop's own book of orders, read at its state door."""
    return requests.get(f"{stack.simulator(kind)}/_sim/stores/{shop.id}/orders", timeout=10).json()


@pytest.mark.row("S1-01", "S1-02", "S1-11", "S1-14", "S1-15", "S1-17", "S1-19", "S1-24")
@pytest.mark.row("S4-02", "S4-14", "S4-17", "S4-19", "S4-22", "S4-28")
def test_two_strangers_sign_up_connect_trade_and_ship_by_clicking(stack, cast):
    supplier, retailer, keeper = cast.supplier, cast.retailer, cast.keeper
    their_shop = acts.open_shift4shop(keeper, stack, THEIR_NAME)
    payment = acts.offline_payment(keeper, their_shop)
    our_store = acts.open_bigcommerce(keeper, stack, "Acme Trail")

    # The supplier signs up, connects its store, watches its products arrive, sets prices and invites a retailer.
    supplier.goto("/accounts/signup/")
    acts.sign_up(
        supplier,
        company=THEIR_NAME,
        email="priya@kingsbridge.example",
        platform="Shift4Shop",
        field="Secure URL",
        address=their_shop.address,
    )
    acts.verify_mail(supplier, "priya@kingsbridge.example")
    before = len(supplier.clicks)
    acts.connect_shift4shop(supplier, payment=payment)
    assert len(supplier.clicks) - before <= MOST_CLICKS_TO_CONNECT, supplier.clicks[before:]
    supplier.see("Products have arrived")
    assert f"{len(acts.GOODS)} new" in supplier.words
    acts.make_price_list(supplier, name="Trade", percent_off="30")
    acts.invite_retailer(supplier, "hannah@acme.example")

    # The retailer comes by the invitation's link, and needs no second proof of the address.
    retailer.goto("/sandbox/mails/")
    acts.open_mail(retailer, "hannah@acme.example", link="partner-invitations")
    retailer.follow("Create your company")
    acts.sign_up(
        retailer,
        company="Acme Trail",
        email="",
        platform="BigCommerce",
        field="Store address",
        address=our_store.address,
    )
    retailer.see("Getting started")
    before = len(retailer.clicks)
    acts.connect_bigcommerce(retailer, pasted=our_store.pasted)
    assert len(retailer.clicks) - before <= MOST_CLICKS_TO_CONNECT, retailer.clicks[before:]
    acts.give_address(retailer)
    retailer.go("Catalogue")
    retailer.see("have not shared prices yet")
    acts.assign_list(supplier, "Acme Trail")
    acts.choose_goods(retailer, ("Brass lantern", "Enamel kettle"))
    retailer.go("Listings")
    retailer.await_after_reload("In your store")

    # A customer buys; the order is in both shops without anybody retyping it, at the price of the list.
    number = acts.buy(keeper, our_store, sku="KB-LANTERN", quantity=2)
    retailer.go("Orders")
    retailer.await_after_reload(number)
    retailer.follow(number, inside="main")
    retailer.await_after_reload(f"Passed on to {THEIR_NAME}")
    supplier.go("Orders")
    supplier.await_after_reload("In your store")
    (sent,) = store_orders(stack, "shift4shop", their_shop)
    (sold,) = store_orders(stack, "bigcommerce", our_store)
    assert [(line["sku"], line["quantity"]) for line in sent["lines"]] == [("KB-LANTERN", 2)]
    assert Decimal(str(sent["lines"][0]["price"])) == Decimal("17.15")
    assert Decimal(str(sold["lines"][0]["price"])) == Decimal("24.50")
    assert sent["ship_to"]["last_name"] == sold["ship_to"]["last_name"]

    # The warehouse ships in its own admin; the customer's shop shows it, and so does the portal to both.
    acts.ship(keeper, their_shop, tracking=TRACKING)
    keeper.goto(f"{our_store.admin}orders/{number}")
    keeper.await_after_reload(TRACKING)
    assert f"Order {number} Shipped" in keeper.words
    retailer.await_after_reload("Tracking written to")
    assert TRACKING in retailer.words
    supplier.page.reload()
    supplier.follow("Shipped", inside="main")
    supplier.see(TRACKING)
    assert len(store_orders(stack, "shift4shop", their_shop)) == 1

    print(f"clicks: supplier {len(supplier.clicks)}, retailer {len(retailer.clicks)}")
    assert cast.strange == []
