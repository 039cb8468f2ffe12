"""Installing an app: consent, one-time codes, the token, the signed callbacks."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from channels.connectors.bigcommerce.simulator.tests.conftest import HASH, Store

APP = {
    "client_id": "tradelane",
    "client_secret": "s3cret",
    "name": "Tradelane",
    "auth_callback": "https://portal.example.com/auth",
    "load_callback": "https://portal.example.com/load",
    "uninstall_callback": "https://portal.example.com/uninstall",
    "scopes": ["store_v2_orders", "store_v2_information_read_only"],
}
TOKEN = "https://login.bigcommerce.com/oauth2/token"


@pytest.fixture
def callback(store: Store) -> dict[str, str]:
    """The query of the browser's call of our auth callback after consent."""
    store.door("POST", "/apps", APP)
    page = store.session.post("https://x/install/tradelane", data={"store": HASH}, allow_redirects=False)
    where = urlsplit(page.headers["Location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == "http://portal.internal:8000/auth"
    return {name: values[0] for name, values in parse_qs(where.query).items()}


def grant(callback: dict[str, str], **changes: str) -> dict[str, str]:
    """The body of a token exchange."""
    own = {name: callback[name] for name in ("code", "scope", "context")}
    return {"client_id": "tradelane", "client_secret": "s3cret", "grant_type": "authorization_code",
            "redirect_uri": APP["auth_callback"], **own, **changes}  # type: ignore[dict-item]  # fmt: skip


def read_jwt(token: str, secret: str) -> dict[str, Any]:
    """The claims of a JWT whose signature must be right."""
    head, claims, signature = token.split(".")
    digest = hmac.new(secret.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    assert signature == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return json.loads(base64.urlsafe_b64decode(claims + "=="))


@pytest.mark.parametrize("form", [True, False])
def test_a_code_becomes_a_token_once(store: Store, callback: dict[str, str], form: bool) -> None:
    body = {"data" if form else "json": grant(callback)}

    first, second = store.session.post(TOKEN, **body), store.session.post(TOKEN, **body)

    answer = first.json()
    assert answer["context"] == callback["context"] == f"stores/{HASH}"
    assert answer["scope"].split() == APP["scopes"]
    assert answer["user"].keys() == {"id", "username", "email"}
    assert answer["account_uuid"] == callback["account_uuid"]
    assert store.call("GET", "/v2/orders", headers={"X-Auth-Token": answer["access_token"]}).status_code == 204
    assert second.status_code == 400


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"client_secret": "wrong"}, 401),
        ({"redirect_uri": "https://evil.example/auth"}, 400),
        ({"context": "stores/other"}, 400),
        ({"code": "made-up"}, 400),
        ({"grant_type": "password"}, 400),
    ],
)
def test_a_wrong_exchange_is_refused(
    store: Store, callback: dict[str, str], changes: dict[str, str], status: int
) -> None:
    assert store.session.post(TOKEN, json=grant(callback, **changes)).status_code == status


def test_a_code_does_not_live_long(store: Store, callback: dict[str, str]) -> None:
    store.clock.move(minutes=11)

    assert store.session.post(TOKEN, json=grant(callback)).status_code == 400


def test_consenting_again_ends_the_old_token(store: Store, callback: dict[str, str]) -> None:
    old = store.session.post(TOKEN, json=grant(callback)).json()["access_token"]
    again = store.door("POST", f"/stores/{HASH}/apps/tradelane/install").json()["redirect"]
    code = parse_qs(urlsplit(again).query)["code"][0]

    new = store.session.post(TOKEN, json=grant({**callback, "code": code})).json()["access_token"]

    assert store.call("GET", "/v2/time", headers={"X-Auth-Token": old}).status_code == 401
    assert store.call("GET", "/v2/time", headers={"X-Auth-Token": new}).status_code == 200


def test_opening_the_app_sends_a_signed_payload(store: Store, callback: dict[str, str]) -> None:
    where = store.door("POST", f"/stores/{HASH}/apps/tradelane/load").json()["redirect"]

    claims = read_jwt(parse_qs(urlsplit(where).query)["signed_payload_jwt"][0], "s3cret")

    assert (claims["aud"], claims["iss"], claims["sub"]) == ("tradelane", "bc", f"stores/{HASH}")
    assert claims["exp"] - claims["iat"] == 86_400
    assert claims["user"].keys() == {"id", "email", "locale"}


def test_uninstalling_ends_the_token_and_calls_back(store: Store, callback: dict[str, str]) -> None:
    token = store.session.post(TOKEN, json=grant(callback)).json()["access_token"]

    store.door("POST", f"/stores/{HASH}/apps/tradelane/uninstall")

    delivery = store.door("GET", "/hooks").json()[-1]
    assert delivery["url"].startswith("https://portal.example.com/uninstall?signed_payload_jwt=")
    assert store.call("GET", "/v2/time", headers={"X-Auth-Token": token}).status_code == 401


def test_the_consent_page_names_every_scope(store: Store, callback: dict[str, str]) -> None:
    page: requests.Response = store.session.get("https://x/install/tradelane", params={"store": HASH})

    assert all(scope in page.text for scope in APP["scopes"])
    assert "form-action 'self' http://portal.internal:8000" in page.headers["Content-Security-Policy"]
