"""Reports: what is counted, what is kept apart, and who may read it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from channels import services
from channels.models import SupplierOrderLink
from channels.tests.factories import make_integration
from orders.models import Order, OrderState, SupplierOrder
from orders.services import import_order
from orders.tests.factories import STORE, Trade, line, order_data, trade
from portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Trade:
    return trade("85123A", "22423")


def place(pair: Trade, integration=None, *, number: str = "1", **fields: object) -> Order:
    """An order of two mugs at £12.75 from the retailer's ``integration``; by hand without one."""
    data = order_data(line("85123A", variant=pair.goods["85123A"]), **{"number": number, "source_id": number, **fields})
    key = integration.source_key if integration else ""
    return import_order(pair.retailer, data, source_key=key, source_name="", actor=STORE).order


def store_of(company, name: str, **fields: object):
    return make_integration(company, name=name, **fields)


def table(client, **query: str) -> list[dict[str, str]]:
    """The rows of the CSV file."""
    text = client.get(reverse("reports"), {**query, "format": "csv"}).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_a_retailers_report_counts_what_customers_bought_by_store(pair, login):
    store = store_of(pair.retailer, "Acme shop")
    place(pair, store, number="1")
    place(pair, store, number="2")
    assert table(login(pair.retailer)) == [
        {
            "Integration": "Acme shop",
            "Orders": "2",
            "Units": "4",
            "Money": "51.00",
            "Currency": "GBP",
            "Shipped": "0",
            "Shipped in time": "0",
            "Share in time": "",
        }
    ]


def test_a_suppliers_report_counts_parts_at_what_partners_pay(pair, login):
    place(pair, store_of(pair.retailer, "Acme shop"))
    (row,) = table(login(pair.supplier), by="partner")
    assert (row["Partner"], row["Orders"], row["Units"]) == (pair.retailer.name, "1", "2")
    assert Decimal(row["Money"]) == Decimal(16)


@pytest.mark.row("S2-39")
def test_a_removed_and_a_recreated_integration_stay_two_in_the_report(pair, login, member):
    first = store_of(pair.retailer, "Acme shop", remote_store_id="same-store")
    place(pair, first, number="1")
    services.remove(first, by=member(pair.retailer))
    again = store_of(pair.retailer, "Acme shop", remote_store_id="same-store")
    place(pair, again, number="1")
    place(pair, again, number="2")
    counted = {row["Integration"]: row["Orders"] for row in table(login(pair.retailer))}
    assert counted == {"Acme shop": "2", f"Acme shop (removed {clock.now():%Y-%m-%d})": "1"}


@pytest.mark.row("S2-39", "S2-40")
def test_a_suppliers_removed_store_keeps_its_orders_under_its_frozen_name(pair, login, member):
    part = place(pair, store_of(pair.retailer, "Acme shop")).supplier_orders.get()
    warehouse = store_of(pair.supplier, "3dcart main")
    SupplierOrderLink.objects.create(integration=warehouse, supplier_order=part, remote_id="77")
    services.remove(warehouse, by=member(pair.supplier))
    store_of(pair.supplier, "3dcart main")
    (row,) = table(login(pair.supplier))
    assert row["Integration"] == f"3dcart main (removed {clock.now():%Y-%m-%d})"


@pytest.mark.row("S2-40")
def test_the_page_shows_a_removed_integration_under_its_frozen_name(pair, login, member):
    store = store_of(pair.retailer, "Acme shop")
    place(pair, store)
    services.remove(store, by=member(pair.retailer))
    page = login(pair.retailer).get(reverse("reports")).content.decode()
    assert f"Acme shop (removed {clock.now():%Y-%m-%d})" in page


def test_sandbox_orders_are_never_counted_with_live_ones(pair, login):
    place(pair, store_of(pair.retailer, "Acme shop"), number="1")
    sandbox = place(pair, store_of(pair.retailer, "Try-out"), number="2")
    Order.objects.filter(pk=sandbox.pk).update(is_sandbox=True)
    SupplierOrder.objects.filter(order=sandbox).update(is_sandbox=True)
    for company in (pair.retailer, pair.supplier):
        assert [row["Orders"] for row in table(login(company))] == ["1"]


def test_amounts_of_two_currencies_are_two_rows(pair, login):
    store = store_of(pair.retailer, "Acme shop")
    place(pair, store, number="1")
    place(pair, store, number="2", currency="USD")
    rows = table(login(pair.retailer))
    assert {(row["Currency"], row["Orders"], Decimal(row["Money"])) for row in rows} == {
        ("GBP", "1", Decimal("25.50")),
        ("USD", "1", Decimal("25.50")),
    }


def test_cancelled_orders_are_left_out(pair, login):
    order = place(pair, store_of(pair.retailer, "Acme shop"))
    Order.objects.filter(pk=order.pk).update(state=OrderState.CANCELLED)
    assert table(login(pair.retailer)) == []


def test_shipped_in_time_counts_what_left_by_its_day(pair, login):
    now = clock.now()
    store = store_of(pair.retailer, "Acme shop")
    for number, late in (("1", False), ("2", True), ("3", False)):
        order = place(pair, store, number=number)
        due = now - timedelta(hours=1) if late else now + timedelta(hours=1)
        order.supplier_orders.update(due_at=due, shipped_at=now)
    place(pair, store, number="4")
    for company, query in ((pair.retailer, {}), (pair.supplier, {"by": "partner"}), (pair.supplier, {"by": "period"})):
        (row,) = table(login(company), **query)
        assert (row["Shipped"], row["Shipped in time"], row["Share in time"]) == ("3", "2", "0.6667")


def test_orders_fall_into_the_day_of_the_viewers_zone(pair, login, member):
    user = member(pair.retailer)
    user.time_zone = "Pacific/Auckland"
    user.save()
    # 23:30 on the 9th in London is the 10th in Auckland.
    at = (clock.now() - timedelta(days=5)).replace(hour=23, minute=30)
    place(pair, store_of(pair.retailer, "Acme shop"), placed_at=at)
    (row,) = table(login(pair.retailer, user=user), by="period")
    assert row["Period"] == (at + timedelta(days=1)).strftime("%-d %b")


@pytest.mark.parametrize(("per", "rows"), [("day", 3), ("week", 2), ("month", 1)])
def test_periods_are_days_weeks_or_months(pair, login, time_machine, per, rows):
    time_machine.move_to("2026-11-20T12:00:00Z")
    store = store_of(pair.retailer, "Acme shop")
    for number, back in enumerate((0, 1, 7)):
        place(pair, store, number=str(number), placed_at=clock.now() - timedelta(days=back))
    found = table(login(pair.retailer), by="period", per=per)
    assert len(found) == rows
    assert sum(int(row["Orders"]) for row in found) == 3


def test_only_the_days_asked_for_are_counted(pair, login, time_machine):
    time_machine.move_to("2026-11-20T12:00:00Z")
    store = store_of(pair.retailer, "Acme shop")
    for number, back in enumerate((0, 5, 10)):
        place(pair, store, number=str(number), placed_at=clock.now() - timedelta(days=back))
    (row,) = table(login(pair.retailer), **{"from": "2026-11-12", "to": "2026-11-16"})
    assert row["Orders"] == "1"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"from": "2026-11-10", "to": "2026-11-01"}, "The first day lies after the last one."),
        ({"from": "2020-01-01", "to": "2026-11-01", "per": "month"}, "A report covers five years at most."),
        ({"from": "2026-01-01", "to": "2026-11-01"}, "days are too many to show by day; this is by week."),
    ],
)
def test_days_that_cannot_be_shown_are_explained(pair, login, query, said):
    assert said in login(pair.retailer).get(reverse("reports"), query).content.decode()


@pytest.mark.parametrize(
    "query", [{"from": "yesterday"}, {"per": "hour"}, {"by": "<b>"}, {"side": "x"}, {"to": "9999"}]
)
def test_a_mistyped_address_shows_the_usual_report(pair, login, query):
    answer = login(pair.retailer).get(reverse("reports"), query)
    assert answer.status_code == 200
    assert "No orders in these days" in answer.content.decode()


def test_a_stranger_counts_nothing_of_others(pair, login, stranger):
    place(pair, store_of(pair.retailer, "Acme shop"))
    assert table(login(stranger)) == []
    assert table(login(stranger), side="sells", by="partner") == []


def test_the_other_side_of_a_trade_does_not_read_what_customers_paid(pair, login):
    place(pair, store_of(pair.retailer, "Acme shop"))
    assert "25.50" not in login(pair.supplier).get(reverse("reports"), {"side": "sells"}).content.decode()


def test_an_excel_file_holds_the_same_rows(pair, login):
    place(pair, store_of(pair.retailer, "Acme shop"))
    body = login(pair.retailer).get(reverse("reports"), {"format": "xlsx"}).content
    head, row = load_workbook(io.BytesIO(body)).active.iter_rows(values_only=True)
    assert head[0] == "Integration"
    assert row[:5] == ("Acme shop", 1, 2, 25.5, "GBP")


def test_names_that_would_run_in_a_spreadsheet_stay_text(pair, login):
    place(pair, store_of(pair.retailer, "=HYPERLINK(1)"))
    (row,) = table(login(pair.retailer))
    assert row["Integration"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("by", ["integration", "partner", "period"])
def test_more_orders_and_stores_cost_no_more_queries(pair, login, by, django_assert_max_num_queries):
    for number in range(6):
        place(pair, store_of(pair.retailer, f"Shop {number}"), number=str(number))
    client = login(pair.retailer)
    # Five of the report, the others are the session, the membership and the frame's.
    with django_assert_max_num_queries(13):
        client.get(reverse("reports"), {"by": by})


def test_the_navigation_leads_to_the_reports(pair, login):
    page = login(pair.supplier).get(reverse("reports")).content.decode()
    assert f'href="{reverse("reports")}"' in page
