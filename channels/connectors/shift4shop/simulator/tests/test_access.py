"""Who is let in, and what others are told."""

from __future__ import annotations

import pytest
import requests

from channels.connectors.shift4shop.simulator.tests.conftest import HOST, Sim

DENIED = {"Message": "Authorization has been denied for this request."}


@pytest.mark.parametrize(
    "written",
    [
        "https://northwind-outdoor.3dcartstores.com",
        "northwind-outdoor.3dcartstores.com",
        "https://WWW.Northwind-Outdoor.3dcartstores.com/",
        "http://northwind-outdoor.3dcartstores.com//",
    ],
)
def test_the_secure_url_may_be_written_in_many_ways(sim: Sim, written: str) -> None:
    assert sim.get("/OrderStatus", headers=sim.trio() | {"SecureURL": written}).status_code == 200


def test_a_bearer_alone_names_shop_and_app(sim: Sim) -> None:
    settings = sim.get("/StoreSettings", headers=sim.bearer()).json()
    assert settings["StoreInformation"]["StoreName"] == "Northwind Outdoor"


def test_the_two_kinds_of_token_cannot_be_exchanged(sim: Sim) -> None:
    access, token = sim.credentials["access_token"], sim.credentials["token"]
    wrong_place = sim.get("/OrderStatus", headers=sim.trio() | {"Token": access})
    wrong_kind = sim.get("/OrderStatus", headers={"Authorization": f"Bearer {token}"})
    assert (wrong_place.status_code, wrong_place.json()) == (401, DENIED)
    assert (wrong_kind.status_code, wrong_kind.json()) == (401, DENIED)


@pytest.mark.parametrize("header", ["SecureURL", "PrivateKey", "Token"])
def test_each_of_the_three_headers_is_needed(sim: Sim, header: str) -> None:
    others = {name: value for name, value in sim.trio().items() if name != header}
    assert sim.get("/OrderStatus", headers=others).status_code == 401


def test_a_token_opens_its_own_shop_only(sim: Sim) -> None:
    first = sim.trio()
    other = sim.open(name="Other shop")
    assert sim.get("/OrderStatus", headers=first | {"SecureURL": other["address"]}).status_code == 401


@pytest.mark.parametrize("kind", ["trio", "bearer"])
def test_a_revoked_token_is_refused_until_it_is_restored(sim: Sim, kind: str) -> None:
    headers = getattr(sim, kind)()
    sim.at_store("POST", "/revoke")
    refused = sim.get("/OrderStatus", headers=headers)
    assert (refused.status_code, refused.json()) == (403, {"Message": "Invalid API credentials"})
    sim.at_store("POST", "/restore")
    assert sim.get("/OrderStatus", headers=headers).status_code == 200


@pytest.mark.row("S1-18")
def test_what_was_not_permitted_is_refused_in_the_shape_of_the_switch(sim: Sim) -> None:
    sim.at_store("POST", "/scopes", {"granted": ["Orders:read"]})
    assert sim.get("/Orders?countonly=1").status_code == 200
    refusals = {"403_array": 403, "403_message": 403, "401_message": 401, "404_empty": 404}
    for form, status in refusals.items():
        sim.switch(scope_refusal=form)
        assert sim.post("/Orders", {}).status_code == status
        assert sim.get("/Products").status_code == status


@pytest.mark.parametrize(("mode", "status"), [("503", 503), ("html", 502), ("suspended", 403)])
def test_a_shop_that_is_down_answers_in_its_manner(sim: Sim, mode: str, status: int) -> None:
    sim.at_store("POST", "/down", {"mode": mode})
    assert sim.get("/Orders").status_code == status
    sim.at_store("POST", "/down", {"mode": "up"})
    assert sim.get("/Orders?countonly=1").status_code == 200


def test_a_shop_that_is_down_can_keep_callers_waiting(sim: Sim) -> None:
    sim.at_store("POST", "/down", {"mode": "timeout"})
    with pytest.raises(requests.ReadTimeout):
        sim.get("/Orders")


def test_the_page_of_a_gateway_is_no_json(sim: Sim) -> None:
    sim.door("POST", "/faults", {"name": "html"})
    response = sim.get("/Orders")
    assert response.status_code == 502
    assert response.headers["Content-Type"].startswith("text/html")


def test_the_shops_own_host_sends_api_callers_in_circles(sim: Sim) -> None:
    host = {"Host": "northwind-outdoor.3dcartstores.com"}
    first = sim.session.get(f"{HOST}/3dCartWebAPI/v1/Orders", headers=sim.trio() | host, allow_redirects=False)
    assert (first.status_code, first.headers["Location"]) == (302, "/myaccount.asp?404")
    second = sim.session.get(f"{HOST}/myaccount.asp?404", headers=host, allow_redirects=False)
    assert second.status_code == 302


def test_xml_comes_to_who_does_not_ask_for_json(sim: Sim) -> None:
    response = sim.get("/OrderStatus?limit=1", headers=sim.trio() | {"Accept": "application/xml"})
    assert response.headers["Content-Type"].startswith("application/xml")
    assert "<StatusDefinition>New</StatusDefinition>" in response.text


def test_both_versions_show_the_same_state(stocked: Sim) -> None:
    assert stocked.get("/Products/1", version="v1").json() == stocked.get("/Products/1", version="v2").json()
