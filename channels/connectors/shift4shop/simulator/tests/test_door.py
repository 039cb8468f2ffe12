"""The state door: the shop's books and what people of a shop would do by hand."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.shift4shop.simulator.tests.conftest import HOST, Maker, Sim


def _books(sim: Sim) -> dict[str, Any]:
    return sim.at_store("GET", "/orders")[0]


def _ship(sim: Sim, **values: Any) -> dict[str, Any]:
    return sim.at_store("POST", "/orders/1001/ship", {"tracking": "RM1", "carrier": "Royal Mail"} | values)


@pytest.fixture
def ordered(stocked: Sim) -> Sim:
    """Order 1001: four red tents and one mug."""
    lines = [{"sku": "TENT-RED", "quantity": 4}, {"sku": "MUG", "quantity": 1}]
    customer = {"first_name": "Ada", "last_name": "Moss", "city": "Leeds", "country": "GB", "email": "ada@example.com"}
    stocked.at_store("POST", "/orders", {"lines": lines, "customer": customer, "comment": "Ring twice"})
    return stocked


def test_a_shop_with_an_id_is_opened_once(sim: Sim) -> None:
    first = sim.open(id="corner", name="Corner shop")
    assert sim.open(id="corner", name="Other name") == first
    assert [row["store"] for row in sim.door("GET", "/stores")] == ["corner", "northwind-outdoor"]


def test_a_shop_without_apps_has_no_token(sim: Sim) -> None:
    given = sim.open(name="Fresh", authorised=False)
    assert (given["credentials"]["token"], given["credentials"]["access_token"]) == ("", "")
    assert given["address"] == "https://fresh.3dcartstores.com"


def test_the_books_tell_the_order_in_neutral_words(ordered: Sim) -> None:
    books = _books(ordered)
    assert (books["number"], books["reference"], books["status_name"], books["total"]) == ("1001", "", "New", "601.25")
    assert [(row["sku"], row["quantity"], row["price"]) for row in books["lines"]] == [
        ("TENT-RED", 4, "149.50"),
        ("MUG", 1, "3.25"),
    ]
    assert books["ship_to"]["city"] == "Leeds"
    assert books["created_at"] == "2026-06-14T12:00:00+00:00"


def test_a_whole_order_leaves_in_its_only_shipment(ordered: Sim) -> None:
    books = _ship(ordered)
    assert books["status_name"] == "Shipped"
    assert [row["id"] for row in books["shipments"]] == [0]
    assert ordered.get("/Orders/1001").json()[0]["ShipmentList"][0]["ShipmentTrackingCode"] == "RM1"


def test_a_part_of_a_line_becomes_a_line_of_a_shipment_of_its_own(ordered: Sim) -> None:
    tents, mug = (line["id"] for line in _books(ordered)["lines"])
    books = _ship(ordered, lines=[{"line_id": tents, "quantity": 3}])
    assert books["status_name"] == "Partial"
    assert [(row["sku"], row["quantity"], row["shipped"]) for row in books["lines"]] == [
        ("TENT-RED", 1, 0),
        ("MUG", 1, 0),
        ("TENT-RED", 3, 3),
    ]
    rest = _ship(ordered, tracking="RM2")
    assert rest["status_name"] == "Shipped"
    assert {row["tracking"]: sum(line["quantity"] for line in row["lines"]) for row in rest["shipments"]} == {
        "RM1": 3,
        "RM2": 2,
    }
    assert rest["total"] == "601.25"


def test_an_order_that_left_cannot_leave_again(ordered: Sim) -> None:
    _ship(ordered)
    again = ordered.session.post(f"{HOST}/_sim/stores/{ordered.store}/orders/1001/ship", json={"tracking": "RM9"})
    assert (again.status_code, again.json()["error"]) == (400, "There is nothing open to send.")


def test_all_numbers_in_the_one_shipment_of_a_partial_order_ship_nothing_in_the_books(ordered: Sim) -> None:
    ordered.put("/Orders/1001/Shipments/0", {"ShipmentOrderStatus": 3, "ShipmentTrackingCode": "RM1"})
    books = _books(ordered)
    assert ([line["shipped"] for line in books["lines"]], books["shipments"][0]["tracking"]) == ([0, 0], "RM1")


def test_bad_goods_and_odd_lines_are_taken(sim: Sim) -> None:
    variants = [{"sku": f"V{number}", "value": f"Size {number}", "stock": 1} for number in range(200)]
    goods = [
        {"name": "No SKU", "sku": "", "price": "1", "stock": 1},
        {"name": "Lower", "sku": "abc", "price": "1", "stock": 1},
        {"name": "Upper", "sku": "ABC", "price": "0", "stock": -3},
        {"name": "Many", "sku": "MANY", "price": "9.99", "option": "Size", "variants": variants},
    ]
    made = sim.at_store("POST", "/products", goods)["products"]
    assert len(made[3]["variants"]) == 200
    lines = [{"sku": "ABC", "quantity": -2}, {"name": "Gift wrap", "price": "0", "quantity": 1}]
    sim.at_store("POST", "/orders", {"lines": lines})
    assert [(row["sku"], row["quantity"]) for row in _books(sim)["lines"]] == [("ABC", -2), ("", 1)]
    assert [row["stock"] for row in sim.at_store("GET", "/products")][1:3] == [1, -1]


def test_unknown_goods_are_a_sentence(sim: Sim) -> None:
    response = sim.session.post(f"{HOST}/_sim/stores/{sim.store}/orders", json={"lines": [{"sku": "NIX"}]})
    assert (response.status_code, response.json()["error"]) == (400, "The shop has nothing with the SKU 'NIX'.")


def test_stock_and_prices_are_set_by_sku(stocked: Sim) -> None:
    stocked.at_store("PUT", "/stock", {"TENT-BLUE": 2, "MUG": 99})
    stocked.at_store("PUT", "/prices", {"MUG": "12.50"})
    tent, mug = stocked.at_store("GET", "/products")
    assert (tent["variants"][1]["stock"], mug["stock"], mug["price"]) == (2, 99, "12.50")


def test_old_orders_keep_their_number_and_time(sim: Sim) -> None:
    lines = [{"name": "Thing", "price": "2.55", "quantity": 6}]
    given = {"lines": lines, "number": "A-536365", "created_at": "2026-01-02T08:26:00+00:00", "id": 77}
    assert sim.at_store("POST", "/orders", [given]) == [{"id": 77, "number": "A-536365", "total": "15.30"}]
    assert sim.get("/Orders/77").json()[0]["OrderDate"] == "2026-01-02T08:26:00"


def test_calls_are_noted_with_their_shop(stocked: Sim) -> None:
    stocked.get("/Orders?countonly=1")
    call = stocked.door("GET", f"/calls?store={stocked.store}")[-1]
    assert (call["method"], call["path"], call["status"]) == ("GET", "/3dCartWebAPI/v2/Orders", 200)


def test_the_developers_app_can_be_changed(sim: Sim) -> None:
    app = sim.door("PUT", "/app", {"callback_url": "https://portal.sandbox.example/cb"})
    assert app["callback_url"] == "https://portal.sandbox.example/cb"
    assert sim.session.put(f"{HOST}/_sim/app", json={"colour": "red"}).status_code == 400


def test_the_state_outlives_the_process(make_sim: Maker, tmp_path: Any) -> None:
    file = str(tmp_path / "state.sqlite")
    first = make_sim(state=file)
    credentials = first.open()["credentials"]
    first.stock_shelf()
    first.world.documents.close()
    second = make_sim(state=file)
    second.credentials = credentials
    assert second.get("/Products?countonly=1").json() == {"TotalCount": 2}
