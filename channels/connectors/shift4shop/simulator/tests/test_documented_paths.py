"""Every path and query parameter that the portal may need exists, as the vendor's description of 2018 has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from werkzeug.exceptions import MethodNotAllowed, NotFound

from channels.connectors.shift4shop.simulator import customers_api, orders_api, products_api
from channels.connectors.shift4shop.simulator.tests.conftest import Sim

AREAS = ("Products", "Orders", "OrderStatus", "Customers", "StoreSettings")
LIST_WORDS = {"limit", "offset", "countonly"}
KNOWN = {
    "/Products": products_api.FILTERS,
    "/Products/skuinfo": products_api.SKU_FILTERS,
    "/Products/{catalogid}/skuinfo": products_api.SKU_FILTERS,
    "/Orders": {**orders_api.FILTERS, "bypassorderprocessing": None, "bypassorderemail": None},
    "/Customers": customers_api.FILTERS,
}


@pytest.fixture
def operations(specs: Path) -> list[tuple[str, str, set[str]]]:
    """(verb, path, query parameters) of the areas above."""
    text = (specs / "3dcart-rest-v1-swagger2-2018.yaml").read_text()
    found = []
    for path, verbs in yaml.safe_load(text)["paths"].items():
        short = path.removeprefix("/3dCartWebAPI/v1")
        if short.split("/")[1] in AREAS:
            found += [(verb, short, _query(operation)) for verb, operation in verbs.items()]
    return found


def _query(operation: dict[str, Any]) -> set[str]:
    return {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "query"}


def _exists(sim: Sim, verb: str, path: str, version: str) -> bool:
    concrete = re.sub(r"{\w+}", "1", path).lower()
    try:
        sim.app.url_map.bind("localhost").match(f"/3dcartwebapi/{version}{concrete}", method=verb.upper())
    except (NotFound, MethodNotAllowed):
        return False
    return True


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_documented_operation_exists(sim: Sim, operations: list[tuple[str, str, set[str]]], version: str) -> None:
    missing = [(verb, path) for verb, path, _ in operations if not _exists(sim, verb, path, version)]
    assert len(operations) > 50
    assert not missing


def test_every_documented_query_parameter_is_known(operations: list[tuple[str, str, set[str]]]) -> None:
    unknown = {
        (path, name) for _, path, names in operations for name in names - LIST_WORDS if name not in KNOWN.get(path, {})
    }
    assert not unknown


def test_advanced_options_cannot_be_created(sim: Sim) -> None:
    assert not _exists(sim, "post", "/Products/{id}/AdvancedOptions", "v2")
    assert not _exists(sim, "delete", "/Products/{id}/AdvancedOptions/1", "v2")


def test_orders_cannot_be_deleted(sim: Sim) -> None:
    response = sim.call("DELETE", "/Orders/1001")
    assert response.status_code == 405
    assert "does not support http method 'DELETE'" in response.json()["Message"]


def test_paths_are_compared_without_case(sim: Sim) -> None:
    assert sim.get("/orderSTATUS/?limit=1").json()[0]["StatusDefinition"] == "New"


def test_a_call_that_is_not_simulated_says_so(sim: Sim) -> None:
    sim.at_store("POST", "/scopes", {"granted": ["Categories:read"]})
    assert sim.get("/Categories").status_code == 501
