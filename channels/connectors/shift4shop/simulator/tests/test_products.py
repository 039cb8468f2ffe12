"""Products, variants and stock through the vendor's API."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.shift4shop.simulator.tests.conftest import Sim


def _product(sim: Sim, catalog_id: int) -> dict[str, Any]:
    return sim.get(f"/Products/{catalog_id}").json()[0]


def test_a_variant_has_its_own_sku_code_and_full_price(stocked: Sim) -> None:
    product = _product(stocked, 1)
    option_ids = [option["OptionID"] for option in product["OptionSetList"][0]["OptionList"]]
    rows = product["AdvancedOptionList"]
    assert [row["AdvancedOptionCode"] for row in rows] == [str(id) for id in option_ids]
    assert [row["AdvancedOptionSufix"] for row in rows] == ["TENT-RED", "TENT-BLUE"]
    assert {row["AdvancedOptionPrice"] for row in rows} == {149.5}


def test_images_are_relative_paths(stocked: Sim) -> None:
    assert _product(stocked, 2)["MainImageFile"] == "assets/images/mug.jpg"


def test_a_put_changes_only_what_was_sent(stocked: Sim) -> None:
    before = _product(stocked, 2)
    stocked.clock.forward(minutes=5)
    response = stocked.put("/Products/2", {"SKUInfo": {"Price": 4}})
    assert response.json() == [{"Key": "CatalogID", "Value": "2", "Status": "200", "Message": "updated successfully"}]
    after = _product(stocked, 2)
    assert after == before | {"SKUInfo": before["SKUInfo"] | {"Price": 4}, "LastUpdate": "2026-06-14T13:05:00"}


def test_a_change_of_stock_moves_last_update_only_if_the_switch_says_so(stocked: Sim) -> None:
    stocked.clock.forward(minutes=5)
    stocked.put("/Products/2", {"SKUInfo": {"Stock": 7}})
    assert _product(stocked, 2)["LastUpdate"] == "2026-06-14T13:00:00"
    stocked.switch(stock_touches_lastupdate=True)
    stocked.put("/Products/2", {"SKUInfo": {"Stock": 8}})
    assert _product(stocked, 2)["LastUpdate"] == "2026-06-14T13:05:00"


def test_a_put_of_many_names_the_rows_that_failed(stocked: Sim) -> None:
    rows = [{"SKUInfo": {"CatalogID": 2, "Stock": 1}}, {"SKUInfo": {"CatalogID": 9999, "Stock": 1}}]
    response = stocked.put("/Products", rows)
    assert response.status_code == 206
    assert [(row["Value"], row["Status"]) for row in response.json()] == [("2", "200"), ("9999", "404")]
    assert _product(stocked, 2)["SKUInfo"]["Stock"] == 1
    stocked.switch(partial_206=False)
    assert stocked.put("/Products", rows).status_code == 200


def test_a_put_of_many_takes_no_more_than_100(stocked: Sim) -> None:
    assert stocked.put("/Products", [{"SKUInfo": {"CatalogID": 2, "Stock": 1}}] * 101).status_code == 400


def test_a_row_named_by_sku_is_not_found_unless_the_switch_says_so(stocked: Sim) -> None:
    rows = [{"SKUInfo": {"SKU": "mug", "Stock": 1}}]
    assert stocked.put("/Products", rows).json()[0]["Status"] == "404"
    stocked.switch(put_products_by_sku=True)
    assert stocked.put("/Products", rows).json()[0] | {"Message": ""} == {
        "Key": "CatalogID",
        "Value": "2",
        "Status": "200",
        "Message": "",
    }


def test_stock_of_variants_is_set_by_code_and_the_parent_keeps_its_own(stocked: Sim) -> None:
    red, blue = (row["AdvancedOptionCode"] for row in stocked.get("/Products/1/AdvancedOptions").json())
    rows = [
        {"AdvancedOptionCode": red, "AdvancedOptionStock": 3},
        {"AdvancedOptionCode": "77", "AdvancedOptionStock": 1},
    ]
    response = stocked.put("/Products/1/AdvancedOptions", rows)
    assert response.status_code == 206
    assert [row["Status"] for row in response.json()] == ["200", "404"]
    assert stocked.put(f"/Products/1/AdvancedOptions/{blue}", {"AdvancedOptionStock": 4}).status_code == 200
    assert [row["AdvancedOptionStock"] for row in stocked.get("/Products/1/AdvancedOptions").json()] == [3, 4]
    assert _product(stocked, 1)["SKUInfo"]["Stock"] == 40


def test_an_unknown_variant_or_product_is_a_404_without_body(stocked: Sim) -> None:
    for path in ("/Products/1/AdvancedOptions/77", "/Products/999"):
        response = stocked.put(path, {"AdvancedOptionStock": 4})
        assert (response.status_code, response.text) == (404, "")


def test_a_new_product_keeps_no_variants(sim: Sim) -> None:
    body = {
        "SKUInfo": {"SKU": "NEW", "Name": "New thing", "Price": "12.50"},
        "AdvancedOptionList": [{"AdvancedOptionCode": "1"}],
    }
    response = sim.post("/Products", body)
    assert response.status_code == 201
    assert response.json() == [{"Key": "CatalogID", "Value": "1", "Status": "201", "Message": "Created successfully"}]
    product = _product(sim, 1)
    assert product["SKUInfo"]["Price"] == 12.5
    assert product["AdvancedOptionList"] == []


@pytest.mark.parametrize("body", [{"SKUInfo": {"Stock": "plenty"}}, {"SKUInfo": []}, {"Hide": "perhaps"}])
def test_a_value_of_the_wrong_kind_is_refused(stocked: Sim, body: dict[str, Any]) -> None:
    assert stocked.put("/Products/2", body).status_code == 400


def test_a_body_that_is_no_json_is_refused_in_the_shape_of_the_switch(stocked: Sim) -> None:
    url = "http://127.0.0.1/3dCartWebAPI/v2/Products/2"
    headers = stocked.trio() | {"Content-Type": "application/json"}
    assert stocked.session.put(url, data=b"{", headers=headers).json()[0]["Key"] == "Error"
    stocked.switch(bad_json="empty")
    empty = stocked.session.put(url, data=b"{", headers=headers)
    assert (empty.status_code, empty.text) == (400, "")


def test_a_body_of_another_content_type_is_refused(stocked: Sim) -> None:
    url = "http://127.0.0.1/3dCartWebAPI/v2/Products/2"
    headers = stocked.trio() | {"Content-Type": "text/plain"}
    assert stocked.session.put(url, data=b"{}", headers=headers).status_code == 415


def test_a_product_can_be_deleted(stocked: Sim) -> None:
    assert stocked.call("DELETE", "/Products/2").status_code == 200
    assert stocked.get("/Products/2").status_code == 404
    assert stocked.at_store("GET", "/products")[0]["sku"] == "TENT"


def test_light_rows_are_flat(stocked: Sim) -> None:
    rows = stocked.get("/Products/skuinfo?sku=mug").json()
    assert [(row["CatalogID"], row["SKU"], row["Stock"]) for row in rows] == [(2, "MUG", 10)]
    assert stocked.get("/Products/1/skuinfo").json()[0]["SKU"] == "TENT"


def test_messages_and_statuses_follow_their_switches(stocked: Sim) -> None:
    stocked.switch(message_capitals="upper", status_as_int=True)
    row = stocked.put("/Products/2", {"SKUInfo": {"Stock": 1}}).json()[0]
    assert (row["Message"], row["Status"]) == ("Updated successfully", 200)
