"""Paging, filters and the ways a list ends."""

from __future__ import annotations

import pytest

from channels.connectors.shift4shop.simulator.tests.conftest import Maker, Sim


@pytest.fixture
def busy(stocked: Sim) -> Sim:
    """A shop with 306 orders, the number of the recordings."""
    stocked.switch(bucket_size=1000)
    stocked.at_store("POST", "/orders", [{"lines": [{"sku": "MUG", "quantity": 1}]} for _ in range(306)])
    return stocked


def test_306_orders_come_as_100_100_100_6_and_then_a_400(busy: Sim) -> None:
    pages = [busy.get(f"/Orders?limit=100&offset={offset}").json() for offset in (1, 101, 201, 301)]
    assert [len(page) for page in pages] == [100, 100, 100, 6]
    assert len({order["OrderID"] for page in pages for order in page}) == 306
    past = busy.get("/Orders?limit=100&offset=307")
    assert past.status_code == 400
    message = "Offset amount exceeds the total number of records"
    assert past.json() == [{"Key": "Error", "Value": "", "Status": "400", "Message": message}]


def test_offset_0_and_offset_1_start_at_the_first_row(busy: Sim) -> None:
    assert busy.get("/Orders?limit=10&offset=0").json() == busy.get("/Orders?limit=10&offset=1").json()


def test_without_limit_ten_rows_come(busy: Sim) -> None:
    assert len(busy.get("/Orders").json()) == 10


def test_a_limit_above_the_greatest_is_clamped_or_refused(busy: Sim) -> None:
    assert len(busy.get("/Orders?limit=1000").json()) == 300
    busy.switch(over_limit="refuse")
    assert busy.get("/Orders?limit=1000").status_code == 400


def test_a_limit_that_is_no_number_is_refused(busy: Sim) -> None:
    assert busy.get("/Orders?limit=many").status_code == 400


def test_count_only_answers_an_object_also_for_nothing(busy: Sim) -> None:
    assert busy.get("/Orders?countonly=1").json() == {"TotalCount": 306}
    nothing = busy.get("/Orders?countonly=1&orderstatus=5")
    assert (nothing.status_code, nothing.json()) == (200, {"TotalCount": 0})


@pytest.mark.parametrize(
    ("form", "status", "text"), [("404_empty", 404, ""), ("404_json", 404, None), ("200_array", 200, "[]")]
)
def test_a_list_without_matches_ends_as_the_switch_says(sim: Sim, form: str, status: int, text: str | None) -> None:
    sim.switch(empty_list=form)
    response = sim.get("/Orders?limit=100")
    assert response.status_code == status
    assert response.text == text if text is not None else response.json()[0]["Status"] == "404"


def test_a_read_by_id_answers_an_array_of_one(stocked: Sim) -> None:
    assert len(stocked.get("/Products/1").json()) == 1
    assert stocked.get("/Products/999").status_code == 404


def test_date_only_bounds_are_whole_days_of_the_shop(make_sim: Maker) -> None:
    sim = make_sim()
    sim.open(timezone="America/New_York")
    # 03:44 UTC on the 16th is 23:44 on the 15th in New York, 04:10 is 00:10 on the 16th.
    placed = ["2013-09-10T04:06:13Z", "2013-09-16T03:44:06Z", "2013-09-16T04:10:00Z"]
    lines = [{"name": "Thing", "price": "1", "quantity": 1}]
    sim.at_store("POST", "/orders", [{"lines": lines, "created_at": moment} for moment in placed])
    found = sim.get("/Orders?datestart=09/10/2013&dateend=09/15/2013&limit=300").json()
    assert [order["OrderDate"] for order in found] == ["2013-09-10T00:06:13", "2013-09-15T23:44:06"]


def test_times_of_day_in_filters_are_honoured(busy: Sim) -> None:
    count = "/Orders?countonly=1&"
    assert busy.get(f"{count}datestart=06/14/2026 13:00:00").json() == {"TotalCount": 306}
    assert busy.get(f"{count}datestart=06/14/2026 13:00:01").json() == {"TotalCount": 0}
    assert busy.get(f"{count}lastupdateend=06/14/2026 12:59:59").json() == {"TotalCount": 0}


def test_a_last_update_end_can_mean_midnight(busy: Sim) -> None:
    assert busy.get("/Orders?countonly=1&lastupdateend=06/14/2026").json() == {"TotalCount": 306}
    busy.switch(date_end_whole_day=False)
    assert busy.get("/Orders?countonly=1&lastupdateend=06/14/2026").json() == {"TotalCount": 0}


def test_a_date_that_is_none_is_refused(sim: Sim) -> None:
    assert sim.get("/Orders?datestart=yesterday").json()[0]["Key"] == "Error"


def test_orders_are_found_by_status_invoice_and_mail(stocked: Sim) -> None:
    lines = [{"sku": "MUG", "quantity": 1}]
    stocked.at_store("POST", "/orders", {"lines": lines, "number": "TL7-42", "customer": {"email": "Ada@Example.com"}})
    stocked.at_store("POST", "/orders", {"lines": lines, "status": 11})
    filters = ("orderstatus=1", "invoiceprefix=TL7-&invoicenumber=42", "billingemail=ada@example.com", "OrderId=1001")
    for query in filters:
        assert [order["OrderID"] for order in stocked.get(f"/Orders?{query}").json()] == [1001], query


def test_products_are_filtered_by_sku_price_stock_and_flags(stocked: Sim) -> None:
    stocked.at_store("PATCH", "/products/2", {"visible": False})
    queries = {
        "sku=tent": [1],
        "name=mug": [2],
        "pricefrom=100": [1],
        "priceto=3.25": [2],
        "stockto=10": [2],
        "hide=1": [2],
        "hide=0": [1],
    }
    found = {
        query: [row["SKUInfo"]["CatalogID"] for row in stocked.get(f"/Products?{query}").json()] for query in queries
    }
    assert found == queries


def test_the_sku_filter_knows_no_variants(stocked: Sim) -> None:
    assert stocked.get("/Products?sku=TENT-RED").status_code == 404


def test_statuses_hide_behind_the_default_limit(sim: Sim) -> None:
    assert len(sim.get("/OrderStatus").json()) == 10
    rows = sim.get("/OrderStatus?limit=500").json()
    assert {row["OrderStatusID"]: row["StatusDefinition"] for row in rows}[11] == "Unpaid"
    assert {row["OrderStatusID"]: row["StatusDefinition"] for row in rows}[6] == "Hold"
