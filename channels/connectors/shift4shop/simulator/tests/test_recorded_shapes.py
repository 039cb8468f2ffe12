"""What the simulator emits has the keys, the order and the types of the recorded responses."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.shift4shop.simulator.tests.conftest import Sim

Recorded = dict[str, dict[str, list[str]]]

# Keys that the reference names but the recordings of 2015 did not have yet.
LATER = {
    "Order": {"AlternateOrderID", "OrderType", "PaymentTokenID", "PromotionList"}
    | {"OrderDiscountCoupon", "OrderDiscountPromotion"},
    "Product": {"ManufacturerName", "ExternalIdsList", "CategoryExternalIdsList", "InventoryControl"},
    "SKUInfo": {"Currency"},
    "Question": {"QuestionAnswerIndexID"},
}
_NAMES = {str: "string", bool: "boolean", int: "integer", float: "number", list: "array", dict: "object"}


def _type_of(value: Any) -> str:
    return "null" if value is None else _NAMES[type(value)]


def _fits(value: Any, types: list[str], *, key: str) -> bool:
    found = _type_of(value)
    is_number = found in {"integer", "number"} and bool({"integer", "number"} & set(types))
    return found in types or is_number


def _assert_shape(emitted: dict[str, Any], recorded: Recorded, name: str) -> None:
    expected = recorded[name]
    own = [key for key in emitted if key in expected]
    assert own == list(expected), name
    assert set(emitted) - set(expected) <= LATER.get(name, set()), name
    misfits = {key: emitted[key] for key in expected if not _fits(emitted[key], expected[key], key=key)}
    assert not misfits, name


@pytest.fixture
def traded(stocked: Sim) -> Sim:
    customer = {"first_name": "Ada", "last_name": "Moss", "country": "GB"}
    order = {"lines": [{"sku": "TENT-RED", "quantity": 2}], "customer": customer, "shipping_cost": "4.95"}
    stocked.at_store("POST", "/orders", order)
    stocked.post("/Orders/1001/Questions", {"QuestionTitle": "How did you hear of us?", "QuestionAnswer": "A friend"})
    return stocked


def test_an_order_looks_as_recorded(traded: Sim, recorded: Recorded) -> None:
    order = traded.get("/Orders/1001").json()[0]
    _assert_shape(order, recorded, "Order")
    parts = {
        "ShipmentList": "Shipment",
        "OrderItemList": "OrderItem",
        "TransactionList": "Transaction",
        "QuestionList": "Question",
    }
    for key, name in parts.items():
        assert order[key], key
        _assert_shape(order[key][0], recorded, name)


def test_a_product_looks_as_recorded(traded: Sim, recorded: Recorded) -> None:
    product = traded.get("/Products/1").json()[0]
    _assert_shape(product, recorded, "Product")
    _assert_shape(product["SKUInfo"], recorded, "SKUInfo")
    _assert_shape(product["OptionSetList"][0], recorded, "OptionSet")
    _assert_shape(product["OptionSetList"][0]["OptionList"][0], recorded, "Option")
    _assert_shape(product["AdvancedOptionList"][0], recorded, "AdvancedOption")


def test_light_rows_counts_and_write_results_look_as_recorded(traded: Sim, recorded: Recorded) -> None:
    _assert_shape(traded.get("/Products/skuinfo").json()[0], recorded, "SKUInfo")
    _assert_shape(traded.get("/Orders?countonly=1").json(), recorded, "CountOnly")
    _assert_shape(traded.put("/Orders/1001", {"OrderStatusID": 2}).json()[0], recorded, "WriteResult")


def test_responses_carry_the_recorded_headers(traded: Sim) -> None:
    headers = traded.get("/Orders").headers
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["X-AspNet-Version"] == "4.0.30319"
    assert not [name for name in headers if "rate" in name.lower()]
