"""The merchant pastes the public key and authorises; the app hears of it and may look at once."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, jsonify, request
from werkzeug.wrappers import Response

from channels.connectors.shift4shop.simulator.tests.conftest import HOST, Maker, Sim
from channels.simkit.adapter import WsgiAdapter

CALLBACK = "https://portal.sandbox.example/callback"


class Portal:
    """A careful app: it tries the token by a call before it answers."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.tried: list[int] = []
        self.status = 200
        self.sim: Sim | None = None
        self.app = Flask("portal")
        self.app.add_url_rule("/callback", "callback", self._hear, methods=["POST"])

    def _hear(self) -> tuple[Response, int]:
        said = request.get_json()
        self.heard.append(said)
        if self.sim is not None:
            headers = {"SecureURL": said["SecureURL"], "Token": said["TokenKey"], "PrivateKey": "b" * 32}
            self.tried.append(self.sim.get("/OrderStatus", headers=headers).status_code)
        return jsonify(PostBackURL="https://portal.sandbox.example/go-on"), self.status


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def merchant(make_sim: Maker, portal: Portal) -> Sim:
    """A shop without apps; the developer's app has a CallBackURL."""
    sim = make_sim(
        public_key="a" * 32,
        private_key="b" * 32,
        callback_url=CALLBACK,
        hook_hosts={"portal.sandbox.example": "http://portal.local"},
    )
    sim.world.parts.hooks.session.mount("http://portal.local", WsgiAdapter(portal.app))
    sim.open(authorised=False)
    portal.sim = sim
    return sim


def test_the_app_is_told_and_its_token_works_at_once(merchant: Sim, portal: Portal) -> None:
    outcome = merchant.at_store("POST", "/authorise", {"public_key": "a" * 32})
    assert outcome["ok"] is True
    assert outcome["post_back"] == "https://portal.sandbox.example/go-on"
    assert portal.heard == [
        {
            "PublicKey": "a" * 32,
            "TimeStamp": "06-14-2026 08:00:00",
            "TokenKey": outcome["token"],
            "Action": "AUTHORIZE",
            "SecureURL": "https://northwind-outdoor.3dcartstores.com",
        }
    ]
    assert portal.tried == [200]


def test_an_app_whose_server_does_not_answer_200_gets_nothing(merchant: Sim, portal: Portal) -> None:
    portal.status = 500
    outcome = merchant.at_store("POST", "/authorise", {})
    assert outcome["ok"] is False
    assert "does not respond" in outcome["sentence"]
    headers = {"SecureURL": "northwind-outdoor.3dcartstores.com", "Token": portal.heard[0]["TokenKey"]}
    assert merchant.get("/OrderStatus", headers=headers | {"PrivateKey": "b" * 32}).status_code == 401


def test_an_unknown_public_key_is_refused(merchant: Sim, portal: Portal) -> None:
    assert merchant.at_store("POST", "/authorise", {"public_key": "c" * 32})["ok"] is False
    assert portal.heard == []


def test_removing_the_app_ends_its_token_and_tells_it(merchant: Sim, portal: Portal) -> None:
    token = merchant.at_store("POST", "/authorise", {})["token"]
    portal.sim = None
    merchant.at_store("POST", "/remove")
    assert (portal.heard[-1]["Action"], portal.heard[-1]["TokenKey"]) == ("REMOVE", token)
    headers = {"SecureURL": "northwind-outdoor.3dcartstores.com", "Token": token, "PrivateKey": "b" * 32}
    assert merchant.get("/OrderStatus", headers=headers).status_code == 401


def test_the_merchant_does_it_on_the_page(merchant: Sim, portal: Portal) -> None:
    admin = "/admin/northwind-outdoor"
    merchant.submit(f"{admin}/do/save-key", {"public_key": "a" * 32})
    page = merchant.submit(f"{admin}/rest-api/authorise", {})
    assert "Tradelane may use this store now, and it was told so." in page
    assert 'href="https://portal.sandbox.example/go-on"' in page
    assert portal.heard[0]["TokenKey"] in page
    assert portal.heard[0]["TokenKey"] in merchant.session.get(f"{HOST}/devportal/").text
