"""The consent page, pasted credentials, and the call of our app's address."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from channels.connectors.shift4shop.connector import Shift4Shop
from channels.connectors.shift4shop.consent import Callback, read_callback
from channels.connectors.shift4shop.tests.conftest import APP, HOST, Shop
from channels.contract import AppCall, AppEvent
from channels.errors import Misconfigured, NeedsReauthorisation, Rejected, UnexpectedPayload
from channels.http import Http

RETURN = "https://portal.example.com/connect/shift4shop/return"
TOKEN = "5a6b7c8d9e0f1a2b3c4d5e6f70819203"
CALL = {
    "PublicKey": APP["public_key"],
    "TimeStamp": "06-14-2024 09:30:05",
    "TokenKey": TOKEN,
    "Action": "AUTHORIZE",
    "SecureURL": "https://Northwind-Outdoor.3dcartstores.com/",
}


def redeem(shop: Shop, query: dict[str, str], app: dict[str, str] = APP) -> dict[str, str]:
    http = Http(adapter=shop.adapter)
    return Shift4Shop.redeem_consent(http=http, hosts={"api": HOST}, app=app, query=query, return_url=RETURN)


def approve(shop: Shop) -> dict[str, str]:
    """Follow our consent address as the owner's browser would, press Authorize, and return with the query."""
    shop.door("PUT", "/app", {"redirect_uri": RETURN})
    url = Shift4Shop.consent_url(hosts={"api": HOST}, app=APP, address=shop.host, state="s-1", return_url=RETURN)
    page = shop.door_session.get(url)
    assert "asks for access to Northwind Outdoor" in page.text
    form = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()} | {"decision": "authorize"}
    answer = shop.door_session.post(f"{HOST}/oauth/authorize", data=form, allow_redirects=False)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


@pytest.mark.row("S1-11")
def test_the_consent_page_is_the_stores_own_and_carries_state_and_return() -> None:
    url = Shift4Shop.consent_url(
        hosts={"api": "https://apirest.3dcart.com"},
        app=APP,
        address="https://WWW.north.3dcart.net/x",
        state="a b",
        return_url=RETURN,
    )

    parts = urlsplit(url)
    assert (parts.netloc, parts.path) == ("apirest.3dcart.com", "/oauth/authorize")
    assert {name: values[0] for name, values in parse_qs(parts.query).items()} == {
        "client_id": APP["public_key"],
        "redirect_uri": RETURN,
        "state": "a b",
        "response_type": "code",
        "store_url": "https://north.3dcart.net",
    }


@pytest.mark.row("S1-14")
def test_approving_gives_a_token_that_works_as_a_bearer(shop: Shop) -> None:
    query = approve(shop)

    credentials = redeem(shop, query)

    assert query["state"] == "s-1"
    assert set(credentials) == {"access_token"}
    assert shop.connect(credentials=credentials).store_info().name == "Northwind Outdoor"


@pytest.mark.row("S1-16")
def test_a_code_works_once(shop: Shop) -> None:
    query = approve(shop)
    redeem(shop, query)

    with pytest.raises(NeedsReauthorisation):
        redeem(shop, query)


@pytest.mark.row("S1-13")
@pytest.mark.parametrize("query", [{"error": "access_denied", "state": "s-1"}, {}, {"code": "made-up"}])
def test_a_refusal_gives_no_credentials_and_says_that_nothing_was_saved(shop: Shop, query: dict[str, str]) -> None:
    with pytest.raises(NeedsReauthorisation) as caught:
        redeem(shop, query)

    assert "nothing was saved" in caught.value.message


def test_a_wrong_app_key_is_ours_to_mend_and_not_the_owners(shop: Shop) -> None:
    with pytest.raises(Misconfigured):
        redeem(shop, approve(shop), app=APP | {"private_key": "0" * 32})


@pytest.mark.row("S2-21")
@pytest.mark.parametrize(
    "text",
    [
        f"https://north.3dcartstores.com\n{TOKEN}",
        f"Secure URL: https://north.3dcartstores.com/\nToken: {TOKEN}",
        f"north.3dcartstores.com\t{TOKEN.upper()}",
        f"Public Key: {APP['public_key']}\nToken: {TOKEN}\nSecureURL: north.3dcartstores.com",
        json.dumps(CALL | {"SecureURL": "https://north.3dcartstores.com"}),
        json.dumps(CALL | {"SecureURL": "https://north.3dcartstores.com"}, indent=2),
    ],
)
def test_token_and_address_are_found_in_whatever_was_pasted(text: str) -> None:
    found = Shift4Shop.parse_paste(text)

    assert {key: value.lower() for key, value in found.items()} == {
        "secure_url": "north.3dcartstores.com",
        "token": TOKEN,
    }


@pytest.mark.parametrize(
    "text", ["", "hello", "see https://example.com", f"{TOKEN} {APP['private_key']}", f"Public key: {TOKEN}"]
)
def test_nothing_is_guessed_from_other_text(text: str) -> None:
    assert Shift4Shop.parse_paste(text) == {}


def test_a_private_key_of_the_merchants_own_app_is_kept_apart() -> None:
    found = Shift4Shop.parse_paste(f"Private Key = {APP['private_key']}\nToken = {TOKEN}")

    assert found == {"private_key": APP["private_key"], "token": TOKEN}


def test_the_call_of_our_apps_address_brings_the_token() -> None:
    found = read_callback(json.dumps(CALL).encode(), app=APP)

    assert found == Callback(False, "northwind-outdoor.3dcartstores.com", TOKEN)
    assert read_callback(json.dumps(CALL | {"Action": "REMOVE"}).encode(), app=APP).is_removal


@pytest.mark.row("S2-21")
def test_the_wizard_gets_the_token_for_its_address_as_a_hint_that_is_not_proved() -> None:
    told = Shift4Shop.read_app_message(json.dumps(CALL).encode(), app=APP)
    removed = Shift4Shop.read_app_message(json.dumps(CALL | {"Action": "REMOVE"}).encode(), app=APP)

    host = "northwind-outdoor.3dcartstores.com"
    assert told == AppCall(AppEvent.AUTHORISED, address=host, credentials={"secure_url": host, "token": TOKEN})
    assert removed == AppCall(AppEvent.REMOVED, address=host)


@pytest.mark.parametrize("change", [{"PublicKey": "0" * 32}, {"PublicKey": "\u00e9"}])
def test_a_call_for_another_app_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        read_callback(json.dumps(CALL | change).encode(), app=APP)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'"x"', json.dumps(CALL | {"Action": "DANCE"}).encode()])
def test_a_call_of_another_shape_is_an_unexpected_payload(body: bytes) -> None:
    with pytest.raises(UnexpectedPayload):
        read_callback(body, app=APP)
