"""The pages for people: every deed says what came of it."""

from __future__ import annotations

import pytest

from channels.connectors.shift4shop.simulator.tests.conftest import HOST, Sim


@pytest.fixture
def staffed(stocked: Sim) -> Sim:
    stocked.at_store("POST", "/orders", {"lines": [{"sku": "TENT-RED", "quantity": 2}]})
    return stocked


def _do(sim: Sim, name: str, **form: str) -> str:
    return sim.submit(f"/admin/{sim.store}/do/{name}", form)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/devportal/",
        "/switches/",
        "/admin/northwind-outdoor/",
        "/admin/northwind-outdoor/orders/1001",
        "/admin/northwind-outdoor/products",
        "/admin/northwind-outdoor/rest-api",
        "/admin/northwind-outdoor/webhooks",
    ],
)
def test_every_page_opens_under_a_strict_policy_and_the_ribbon(staffed: Sim, path: str) -> None:
    response = staffed.session.get(f"{HOST}{path}")
    assert response.status_code == 200
    assert "SANDBOX" in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert " style=" not in response.text
    assert "<script" not in response.text


def test_a_customer_order_is_placed(staffed: Sim) -> None:
    page = _do(staffed, "place-order", sku="MUG", quantity="2", customer="Ada Moss", status="1")
    assert "Order 1002 over 6.50 GBP is placed as New." in page
    assert staffed.at_store("GET", "/orders")[1]["ship_to"]["first_name"] == "Ada"


def test_several_orders_are_placed_at_once(staffed: Sim) -> None:
    assert "20 orders are placed" in _do(staffed, "place-order", sku="MUG", quantity="1", times="20")
    assert len(staffed.at_store("GET", "/orders")) == 21


def test_a_part_of_an_order_is_shipped(staffed: Sim) -> None:
    line = staffed.at_store("GET", "/orders")[0]["lines"][0]["id"]
    page = _do(staffed, "ship", order="1001", tracking="RM1", carrier="Royal Mail", **{f"quantity-{line}": "1"})
    assert "The parcel RM1 left. Order 1001 is Partial now." in page


def test_a_parcel_without_number_does_not_leave(staffed: Sim) -> None:
    assert "A parcel needs a tracking number. Nothing was changed." in _do(staffed, "ship", order="1001")


def test_a_refused_change_of_status_says_so(staffed: Sim) -> None:
    _do(staffed, "set-status", order="1001", status="5")
    assert "Nothing was changed." in _do(staffed, "set-status", order="1001", status="2")
    assert staffed.at_store("GET", "/orders")[0]["status"] == 5


def test_a_product_gets_another_price_and_is_hidden(staffed: Sim) -> None:
    page = _do(staffed, "edit-product", product="2", price="9.90", stock="3")
    assert "Enamel mug is saved. Customers do not see it." in page
    mug = staffed.at_store("GET", "/products")[1]
    assert (mug["price"], mug["stock"], mug["visible"]) == ("9.90", 3, False)


def test_trouble_can_be_made_and_ended(staffed: Sim) -> None:
    _do(staffed, "revoke")
    assert staffed.get("/Orders").status_code == 403
    _do(staffed, "restore")
    _do(staffed, "narrow")
    assert staffed.put("/Orders/1001", {}).status_code == 403
    _do(staffed, "widen")
    assert staffed.put("/Orders/1001", {}).status_code == 200
    _do(staffed, "set-down", mode="503")
    assert staffed.get("/Orders").status_code == 503
    _do(staffed, "set-down", mode="up")
    _do(staffed, "zero-catalogue")
    assert {row["stock"] for row in staffed.at_store("GET", "/products")} == {0}


def test_habits_are_saved_as_a_whole(staffed: Sim) -> None:
    form = {name: str(row["value"]) for name, row in staffed.world.switches.describe().items()}
    form = {name: value for name, value in form.items() if value != "False"} | {"hooks_duplicate": "on"}
    assert "The habits are saved" in staffed.submit("/switches/", form | {"bucket_size": "30"})
    assert staffed.world.switches.on("hooks_duplicate")
    assert staffed.world.switches.number("bucket_size") == 30
    assert staffed.world.switches.on("partial_206")


def test_a_form_of_another_site_does_nothing(staffed: Sim) -> None:
    headers = {"Origin": "https://evil.example"}
    address = f"{HOST}/admin/{staffed.store}/do/zero-catalogue"
    assert staffed.session.post(address, headers=headers).status_code == 403
    assert staffed.at_store("GET", "/products")[0]["stock"] == 40


def test_an_unknown_shop_or_deed_is_a_404(staffed: Sim) -> None:
    assert staffed.session.get(f"{HOST}/admin/nobody/").status_code == 404
    assert staffed.session.post(f"{HOST}/admin/{staffed.store}/do/fly").status_code == 404
