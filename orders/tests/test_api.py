"""Orders for programs."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from orders.models import Order, Shipment, SupplierOrder
from orders.tests.factories import trade
from portal.companies.tests.factories import UserFactory, make_key

pytestmark = pytest.mark.django_db
SHIP_TO = {"last_name": "Whitlock", "address1": "14 Mill Lane", "city": "Stockport", "postcode": "SK6", "country": "GB"}


def program(company, *scopes: str) -> Client:
    token = make_key(company, *(scopes or ("orders:write", "shipments:write")))
    return Client(headers={"authorization": f"Bearer {token}"})


def post(client: Client, name: str, body: dict, **kwargs):
    return client.post(reverse(f"api:{name}", **kwargs), body, content_type="application/json")


def test_the_retailer_reads_its_orders_and_the_supplier_its_parts():
    pair = trade()
    order = pair.order()
    sold = program(pair.retailer).get(reverse("api:order-list")).json()["results"]
    bought = program(pair.supplier).get(reverse("api:supplier-order-list")).json()["results"]
    assert [(row["number"], row["total"]) for row in sold] == [(order.number, "25.5000")]
    assert [(row["total"], row["we_supply"]) for row in bought] == [("16.0000", True)]


def test_the_supplier_reads_no_customer_orders():
    pair = trade()
    pair.order()
    assert program(pair.supplier).get(reverse("api:order-list")).json()["results"] == []


def test_a_stranger_reads_nothing():
    part = trade().supplier_order()
    stranger = program(trade().supplier)
    assert stranger.get(reverse("api:supplier-order-detail", args=[part.pk])).status_code == 404
    body = {"supplier_order": part.reference}
    assert post(stranger, "shipment-list", body).status_code == 400
    assert not Shipment.objects.exists()


def test_a_parcel_is_recorded_once_however_often_it_is_told():
    pair = trade()
    part = pair.supplier_order()
    client = program(pair.supplier)
    body = {"supplier_order": part.reference, "token": "p1", "carrier": "DPD", "tracking_number": "155"}
    first, again = post(client, "shipment-list", body), post(client, "shipment-list", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["lines"] == [{"line_id": part.lines.get().pk, "quantity": 2}]
    assert Shipment.objects.count() == 1


def test_the_retailer_may_not_ship():
    pair = trade()
    body = {"supplier_order": pair.supplier_order().reference}
    answer = post(program(pair.retailer), "shipment-list", body)
    assert answer.status_code == 400
    assert "only they can do that" in answer.json()["detail"]


def test_too_many_units_are_refused_with_a_code_and_a_sentence():
    pair = trade()
    part = pair.supplier_order()
    body = {"supplier_order": part.reference, "lines": [{"line_id": part.lines.get().pk, "quantity": 9}]}
    answer = post(program(pair.supplier), "shipment-list", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "over_shipped")


def test_an_order_is_accepted_by_a_program():
    pair = trade(needs_acceptance=True)
    part = pair.supplier_order()
    answer = post(program(pair.supplier), "supplier-order-accept", {}, args=[part.pk])
    assert answer.status_code == 200
    assert SupplierOrder.objects.get().is_accepted


@pytest.mark.row("S4-20")
def test_an_order_is_entered_by_a_program_once():
    pair = trade()
    body = {"token": "t1", "lines": [{"variant_id": pair.goods["85123A"].pk, "quantity": 2}], "ship_to": SHIP_TO}
    client = program(pair.retailer)
    first, again = post(client, "order-list", body), post(client, "order-list", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["lines"][0]["supplier_order"] == SupplierOrder.objects.get().reference
    assert Order.objects.get().source == "api"


def test_a_key_that_may_only_read_changes_nothing():
    pair = trade()
    part = pair.supplier_order()
    client = program(pair.supplier, "orders:read", "shipments:read")
    assert post(client, "shipment-list", {"supplier_order": part.reference}).status_code == 403


def test_a_list_costs_the_same_queries_however_many_orders(django_assert_max_num_queries):
    pair = trade("85123A", "22423")
    for number in range(20):
        pair.order(source_id=str(number))
    client = program(pair.retailer)
    for name in ("order-list", "supplier-order-list", "shipment-list"):
        with django_assert_max_num_queries(9):
            assert client.get(reverse(f"api:{name}")).status_code == 200


@pytest.mark.parametrize("model", ["order", "supplierorder", "shipment", "orderevent", "orderline", "counter"])
def test_staff_see_every_record(model):
    trade().order()
    client = Client()
    staff = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(staff, backend="portal.companies.backends.PersonBackend")
    assert client.get(reverse(f"admin:orders_{model}_changelist")).status_code == 200


def test_staff_see_an_order_whole():
    part = trade().supplier_order()
    client = Client()
    staff = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(staff, backend="portal.companies.backends.PersonBackend")
    assert client.get(reverse("admin:orders_order_change", args=[part.order_id])).status_code == 200
    assert client.get(reverse("admin:orders_supplierorder_change", args=[part.pk])).status_code == 200
