"""Webhooks: registering, what is delivered, and what is not repeated."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask, request

from channels.connectors.shift4shop.simulator.tests.conftest import Maker, Sim
from channels.simkit.adapter import WsgiAdapter

ADDRESS = "https://portal.sandbox.example/hooks/long-secret"


class Portal:
    """A receiver that remembers what it got."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200
        self.app = Flask("portal")
        self.app.add_url_rule("/hooks/<secret>", "hook", self._take, methods=["POST"])

    def _take(self, secret: str) -> tuple[str, int]:
        self.got.append((secret, dict(request.headers), request.get_data()))
        return "", self.status

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, _, body in self.got]


@pytest.fixture
def portal() -> Portal:
    return Portal()


@pytest.fixture
def wired(make_sim: Maker, portal: Portal) -> Sim:
    """A shop with goods whose webhooks reach the portal."""
    sim = make_sim(hook_hosts={"portal.sandbox.example": "http://portal.local"})
    sim.world.parts.hooks.session.mount("http://portal.local", WsgiAdapter(portal.app))
    sim.open()
    sim.stock_shelf()
    return sim


def _register(sim: Sim, event: str, **values: Any) -> int:
    numbers = {row["EventName"]: row["EventType"] for row in sim.get("/Webhooks/Events?limit=500").json()}
    body = {"Name": f"Portal {event}", "Url": ADDRESS, "EventType": numbers[event], "Format": "JSON", "Enabled": True}
    return int(sim.post("/Webhooks", body | values).json()[0]["Value"])


def _order(sim: Sim) -> None:
    sim.at_store("POST", "/orders", {"lines": [{"sku": "MUG", "quantity": 2}]})


def _deliver(sim: Sim) -> None:
    sim.world.parts.hooks.deliver_due()


def test_a_new_order_is_delivered_as_an_array_with_the_whole_order(wired: Sim, portal: Portal) -> None:
    _register(wired, "Order New")
    _order(wired)
    _deliver(wired)
    assert portal.bodies() == [wired.get("/Orders/1001").json()]
    assert not [name for name in portal.got[0][1] if "signature" in name.lower() or "hmac" in name.lower()]


def test_a_change_of_status_is_told_and_other_changes_are_not(wired: Sim, portal: Portal) -> None:
    _order(wired)
    _register(wired, "Order Status Change")
    wired.put("/Orders/1001", {"InternalComments": "packed"})
    wired.put("/Orders/1001", {"OrderStatusID": 4})
    _deliver(wired)
    assert [body[0]["OrderStatusID"] for body in portal.bodies()] == [4]


def test_changes_of_stock_and_of_products_are_two_events(wired: Sim, portal: Portal) -> None:
    _register(wired, "Product Stock Changed")
    wired.at_store("PUT", "/prices", {"MUG": "4.00"})
    wired.at_store("PUT", "/stock", {"TENT-BLUE": 1})
    _deliver(wired)
    assert [body[0]["SKUInfo"]["SKU"] for body in portal.bodies()] == ["TENT"]


def test_numbers_beyond_the_first_two_events_are_not_to_be_relied_on(wired: Sim) -> None:
    wired.switch(webhook_numbers="shuffled")
    numbers = {row["EventName"]: row["EventType"] for row in wired.get("/Webhooks/Events?limit=500").json()}
    assert (numbers["Order New"], numbers["Order Status Change"]) == (1, 2)
    assert numbers["Product Stock Changed"] != 7


def test_a_failed_delivery_is_not_repeated(wired: Sim, portal: Portal) -> None:
    _register(wired, "Order New")
    portal.status = 500
    _order(wired)
    _deliver(wired)
    wired.clock.forward(days=1)
    _deliver(wired)
    assert len(portal.got) == 1
    assert wired.door("GET", "/hooks")[0]["state"] == "gave up"


def test_deliveries_are_repeated_when_the_switch_says_so(wired: Sim, portal: Portal) -> None:
    wired.switch(webhook_retries=1)
    _register(wired, "Order New")
    portal.status = 500
    _order(wired)
    _deliver(wired)
    wired.clock.forward(minutes=2)
    _deliver(wired)
    assert len(portal.got) == 2


def test_a_webhook_that_is_off_or_gone_is_silent(wired: Sim, portal: Portal) -> None:
    hook = _register(wired, "Order New")
    wired.put(f"/Webhooks/{hook}", {"Id": hook, "Enabled": False, "EventType": 2})
    assert wired.get(f"/Webhooks/{hook}").json()[0] | {"DateUpdated": ""} == {
        "Id": hook,
        "Name": "Portal Order New",
        "Url": ADDRESS,
        "EventType": 1,
        "DateCreated": "2026-06-14T13:00:00",
        "DateUpdated": "",
        "Format": "JSON",
        "Enabled": False,
    }
    _order(wired)
    assert wired.call("DELETE", f"/Webhooks/{hook}").status_code == 200
    _order(wired)
    _deliver(wired)
    assert portal.got == []
    assert wired.get("/Webhooks").status_code == 404


def test_a_refused_order_announces_nothing(wired: Sim, portal: Portal) -> None:
    _register(wired, "Order New")
    wired.post("/Orders", {})
    _deliver(wired)
    assert portal.got == []


def test_a_webhook_can_be_xml(wired: Sim, portal: Portal) -> None:
    _register(wired, "Order New", Format="XML")
    _order(wired)
    _deliver(wired)
    _, headers, body = portal.got[0]
    assert headers["Content-Type"] == "application/xml"
    assert b"<OrderID>1001</OrderID>" in body


@pytest.mark.parametrize("wrong", [{"Url": "ftp://x"}, {"EventType": 99}, {"Format": "CSV"}, {"Name": ""}])
def test_a_webhook_with_a_wrong_part_is_refused(wired: Sim, wrong: dict[str, Any]) -> None:
    body = {"Name": "Portal", "Url": ADDRESS, "EventType": 1, "Format": "JSON", "Enabled": True}
    assert wired.post("/Webhooks", body | wrong).status_code == 400
