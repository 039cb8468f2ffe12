"""The pages for people: every action answers with a sentence and does what it says."""

from __future__ import annotations

from html import unescape

import pytest
import requests

from channels.connectors.bigcommerce.simulator.tests.conftest import HASH, Store

ADMIN = f"https://x/admin/{HASH}"


@pytest.fixture
def stocked(store: Store) -> Store:
    """A store with a lamp and a lantern in two colours."""
    store.stock(
        {"name": "Lamp", "sku": "LAMP", "price": "10", "stock": 9},
        {"name": "Lantern", "sku": "FL", "price": "39.90", "option": "Colour",
         "variants": [{"sku": "FL-RED", "value": "Red", "stock": 15}]},
    )  # fmt: skip
    return store


def post(store: Store, path: str, **form: str) -> str:
    """Send a form; the text of the page that follows."""
    page = store.session.post(f"{ADMIN}{path}", data=form)
    assert page.status_code == 200
    return unescape(page.text)


BUYER = {"customer": "Hannah Whitlock", "address": "14 Mill Lane", "city": "Stockport", "postcode": "SK1 3AA",
         "country": "gb", "shipping": "Standard|4.95", "sku": "LAMP", "quantity": "2"}  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/products", "/products?q=red", "/api-accounts", "/webhooks", "/settings"])
def test_every_page_shows_under_a_strict_policy(stocked: Store, path: str) -> None:
    page = stocked.session.get(f"{ADMIN}{path}")

    assert page.status_code == 200
    assert "SANDBOX" in page.text
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self'; script-src 'self'")


def test_a_person_places_an_order_and_ships_it_in_two_parcels(stocked: Store) -> None:
    assert "Order 101 was placed. It is now Awaiting Fulfillment." in post(stocked, "/orders", **BUYER)
    line = stocked.book(101)["lines"][0]["id"]

    first = post(stocked, "/orders/101/ship", carrier="Royal Mail", tracking="RM1", **{f"line_{line}": "1"})
    second = post(stocked, "/orders/101/ship", carrier="DPD", tracking="D2", **{f"line_{line}": "1"})

    assert "A parcel with 1 unit left. The order is now Partially Shipped." in first
    assert "A parcel with 1 unit left. The order is now Shipped." in second
    assert [parcel["carrier"] for parcel in stocked.book(101)["shipments"]] == ["royalmail", "dpd"]
    assert stocked.book(101)["total"] == "24.9500"


def test_an_order_that_cannot_be_placed_says_why(stocked: Store) -> None:
    text = post(stocked, "/orders", **{**BUYER, "country": "Atlantis"})

    assert "No order was placed: the country is not a code of two letters." in text


def test_an_empty_parcel_says_why_it_did_not_leave(stocked: Store) -> None:
    stocked.buy(lines=[{"sku": "LAMP", "quantity": 1}])

    assert "choose at least one unit" in post(stocked, "/orders/101/ship", carrier="UPS", tracking="1")


def test_unpaid_and_many_orders(stocked: Store) -> None:
    assert "It is now Awaiting Payment." in post(stocked, "/orders", **BUYER, how="unpaid")
    assert "20 paid orders were placed." in post(stocked, "/orders", **BUYER, how="many")


def test_stock_and_price_are_changed_and_goods_hidden_and_deleted(stocked: Store) -> None:
    red = stocked.get("/v3/catalog/variants", sku="FL-RED")["data"][0]
    path, own = f"/products/{red['product_id']}", {"variant_id": str(red["id"])}

    assert "FL-RED now has stock 3 and price 12.50." in post(stocked, path, **own, do="save", stock="3", price="12.50")
    assert "Lantern is now hidden." in post(stocked, path, **own, do="hide")
    after = stocked.get("/v3/catalog/variants", sku="FL-RED")["data"][0]
    assert (after["inventory_level"], after["price"]) == (3, 12.5)
    assert "FL-RED was deleted." in post(stocked, path, **own, do="delete")


def test_a_product_is_added(stocked: Store) -> None:
    text = post(stocked, "/products", name="Hook", sku="HOOK", price="1.20", stock="4")

    assert "Hook was added with a stock of 4." in text


@pytest.mark.parametrize(
    ("action", "sentence", "status"),
    [
        ("down", "The store is down: every call is answered with 503.", 503),
        ("revoke", "All tokens of the store are revoked, and their webhooks are gone.", 401),
        ("unscope", "The Orders permission was taken from all tokens", 403),
        ("limit", "The next five calls are answered with 429.", 429),
    ],
)
def test_trouble_is_made(stocked: Store, action: str, sentence: str, status: int) -> None:
    assert sentence in post(stocked, "/trouble", action=action)
    assert stocked.call("GET", "/v2/orders").status_code == status


def test_the_catalogue_is_zeroed(stocked: Store) -> None:
    assert "The stock of 2 SKUs is now 0." in post(stocked, "/trouble", action="zero")
    assert stocked.get("/v3/catalog/variants", sku="LAMP")["data"][0]["inventory_level"] == 0


def test_an_api_account_with_chosen_scopes_shows_its_pop_up(stocked: Store) -> None:
    text = post(stocked, "/api-accounts", name="Tradelane", store_v2_orders="read", store_v2_information="modify")

    assert "The API account Tradelane was created. Copy its values now." in text
    token = text.rsplit("ACCESS TOKEN: ", 1)[1].split("\n")[0]
    assert stocked.call("GET", "/v2/orders", headers={"X-Auth-Token": token}).status_code == 204
    assert stocked.call("GET", "/v3/catalog/products", headers={"X-Auth-Token": token}).status_code == 403


def test_habits_and_settings_are_saved(stocked: Store) -> None:
    switches = stocked.door("GET", "/switches").json()
    form = {name: str(switch["value"]) for name, switch in switches.items() if switch["value"] is not False}

    text = post(stocked, "/switches", **{**form, "hooks_duplicate": "on"})

    assert "The odd habits were saved." in text
    changed = {name for name, switch in stocked.door("GET", "/switches").json().items()
               if switch["value"] != switch["default"]}  # fmt: skip
    assert changed == {"hooks_duplicate"}
    assert "The store now answers HTML." in post(stocked, "/down", mode="html")


def test_a_form_sent_from_another_site_is_refused(stocked: Store) -> None:
    page = stocked.session.post(f"{ADMIN}/trouble", data={"action": "down"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert page.status_code == 403


def test_the_door_is_closed_to_other_machines(stocked: Store) -> None:
    answer = stocked.app.test_client().get("/_sim/stores", environ_base={"REMOTE_ADDR": "10.0.0.7"})

    assert answer.status_code == 403


def test_a_store_that_does_not_exist_is_a_404(store: Store) -> None:
    page: requests.Response = store.session.get("https://x/admin/nobody/")

    assert page.status_code == 404
