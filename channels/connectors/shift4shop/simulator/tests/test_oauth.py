"""The permission page and the exchange of the code."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from channels.connectors.shift4shop.simulator.tests.conftest import HOST, Maker, Sim

RETURN = "https://portal.sandbox.example/connect/return"


@pytest.fixture
def unconnected(make_sim: Maker) -> Sim:
    """A shop that no app may use yet, and an app with a return address."""
    sim = make_sim(public_key="a" * 32, private_key="b" * 32, redirect_uri=RETURN)
    sim.open(authorised=False)
    return sim


def _query(**values: str) -> dict[str, str]:
    query = {"client_id": "a" * 32, "redirect_uri": RETURN, "state": "s1", "response_type": "code"}
    return query | {"store_url": "https://northwind-outdoor.3dcartstores.com"} | values


def _ask(sim: Sim, **values: str) -> requests.Response:
    return sim.session.get(f"{HOST}/oauth/authorize", params=_query(**values))


def _decide(sim: Sim, decision: str) -> dict[str, list[str]]:
    form = _query() | {"decision": decision}
    response = sim.session.post(f"{HOST}/oauth/authorize", data=form, allow_redirects=False)
    assert response.status_code == 303
    assert response.headers["Location"].startswith(RETURN)
    return parse_qs(urlsplit(response.headers["Location"]).query)


def _exchange(sim: Sim, code: str, **values: Any) -> requests.Response:
    form = {"code": code, "client_id": "a" * 32, "client_secret": "b" * 32, "grant_type": "authorization_code"}
    return sim.session.post(f"{HOST}/oauth/token", data=form | values)


@pytest.mark.row("S1-11", "S1-12")
def test_the_page_lists_all_that_the_app_asks_for(unconnected: Sim) -> None:
    page = _ask(unconnected).text
    for words in ("Northwind Outdoor", "Tradelane", "<b>Orders</b> read and write", "<b>OrderStatus</b> read"):
        assert words in page
    assert "<b>Products</b> read" in page
    assert ">Cancel</button>" in page
    assert ">Authorize</button>" in page


def test_the_page_lets_its_form_end_at_the_app_only(unconnected: Sim) -> None:
    policy = _ask(unconnected).headers["Content-Security-Policy"]
    assert "form-action 'self' https://portal.sandbox.example" in policy
    assert "default-src 'none'" in policy


def test_without_a_shop_the_page_asks_for_it(unconnected: Sim) -> None:
    assert 'name="store_url"' in _ask(unconnected, store_url="").text
    assert "There is no store at" in _ask(unconnected, store_url="nobody.example").text


@pytest.mark.parametrize(
    "wrong", [{"client_id": "x"}, {"redirect_uri": "https://evil.example/"}, {"response_type": "token"}]
)
def test_a_wrong_request_is_never_sent_anywhere(unconnected: Sim, wrong: dict[str, str]) -> None:
    response = _ask(unconnected, **wrong)
    assert response.status_code == 400
    assert "Nothing was shared" in response.text


@pytest.mark.row("S1-14")
def test_approval_gives_a_code_and_the_code_a_token_that_works(unconnected: Sim) -> None:
    back = _decide(unconnected, "authorize")
    assert back["state"] == ["s1"]
    answer = _exchange(unconnected, back["code"][0]).json()
    assert list(answer) == ["access_token", "user_id", "token_type"]
    assert (type(answer["user_id"]), answer["token_type"]) == (int, "bearer")
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    assert unconnected.get("/StoreSettings", headers=headers).status_code == 200


@pytest.mark.row("S1-13")
def test_refusal_comes_back_as_access_denied(unconnected: Sim) -> None:
    assert _decide(unconnected, "cancel") == {"error": ["access_denied"], "state": ["s1"]}


def test_a_code_works_once_and_not_for_ever(unconnected: Sim) -> None:
    first = _decide(unconnected, "authorize")["code"][0]
    assert _exchange(unconnected, first).status_code == 200
    assert _exchange(unconnected, first).json() == {"error": "invalid_grant"}
    late = _decide(unconnected, "authorize")["code"][0]
    unconnected.clock.forward(minutes=11)
    assert _exchange(unconnected, late).json() == {"error": "invalid_grant"}


def test_a_wrong_secret_or_grant_is_refused(unconnected: Sim) -> None:
    code = _decide(unconnected, "authorize")["code"][0]
    assert _exchange(unconnected, code, client_secret="x").json() == {"error": "invalid_client"}
    assert _exchange(unconnected, code, grant_type="password").json() == {"error": "unsupported_grant_type"}
    assert _exchange(unconnected, code).status_code == 200


def test_the_code_may_be_spelled_with_a_capital_or_come_in_the_query(unconnected: Sim) -> None:
    fields = {"client_id": "a" * 32, "client_secret": "b" * 32, "grant_type": "authorization_code"}
    capital = fields | {"Code": _decide(unconnected, "authorize")["code"][0]}
    assert unconnected.session.post(f"{HOST}/oauth/token", data=capital).status_code == 200
    in_query = fields | {"code": _decide(unconnected, "authorize")["code"][0]}
    assert unconnected.session.post(f"{HOST}/oauth/token", params=in_query).status_code == 200


def test_the_state_can_get_lost_on_the_way_back(unconnected: Sim) -> None:
    unconnected.switch(oauth_loses_state=True)
    assert "state" not in _decide(unconnected, "authorize")


def test_a_form_of_another_site_is_not_taken(unconnected: Sim) -> None:
    form = _query() | {"decision": "authorize"}
    headers = {"Origin": "https://evil.example"}
    response = unconnected.session.post(f"{HOST}/oauth/authorize", data=form, headers=headers, allow_redirects=False)
    assert response.status_code == 403
