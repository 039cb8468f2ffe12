"""The pages of orders: both sides' lists and pages, what people do there, and that strangers see none of it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from orders import services
from orders.models import Order, OrderState, Shipment, SupplierOrder
from orders.tests.factories import line, trade
from portal.companies.models import Role
from portal.companies.tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def client_of(company, role=Role.OPERATIONS) -> Client:
    client = Client()
    client.force_login(
        MembershipFactory(company=company, role=role).user, backend="portal.companies.backends.PersonBackend"
    )
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_the_supplier_sees_orders_to_ship_and_the_retailer_its_customers_orders():
    pair = trade()
    part = pair.supplier_order()
    assert part.reference in page(client_of(pair.supplier), reverse("orders"))
    assert "AC-20931" in page(client_of(pair.retailer), reverse("orders"))


@pytest.mark.parametrize("tab", ["open", "accept", "held", "late", "shipped", "all"])
def test_every_tab_of_the_suppliers_list_answers(tab):
    pair = trade()
    pair.order()
    assert client_of(pair.supplier).get(reverse("orders"), {"tab": tab}).status_code == 200


def test_orders_are_found_by_number_sku_and_tracking():
    pair = trade()
    part = pair.supplier_order()
    supplier, retailer = client_of(pair.supplier), client_of(pair.retailer)
    for text in (part.reference, str(part.number), "85123", "AC-20931"):
        assert part.reference in page(supplier, reverse("orders") + f"?q={text}")
    for text in ("hannah", "85123", "AC-2", part.reference):
        assert "AC-20931" in page(retailer, reverse("orders") + f"?q={text}")
    assert part.reference not in page(supplier, reverse("orders") + "?q=nothing-like-it")


def test_a_list_costs_the_same_queries_however_many_orders(django_assert_max_num_queries):
    pair = trade("85123A", "22423")
    for number in range(30):
        pair.order(source_id=str(number))
    for company in (pair.supplier, pair.retailer):
        client = client_of(company)
        client.get(reverse("orders"))
        with django_assert_max_num_queries(22):
            client.get(reverse("orders"), {"tab": "all"})


@pytest.mark.parametrize("format_name", ["csv", "xlsx"])
def test_lists_can_be_exported(format_name):
    pair = trade()
    pair.order()
    for company in (pair.supplier, pair.retailer):
        answer = client_of(company).get(reverse("orders"), {"export": format_name})
        assert b"".join(answer.streaming_content if answer.streaming else [answer.content])


@pytest.mark.row("S4-19")
def test_both_sides_follow_one_order_on_their_own_page():
    pair = trade()
    order = pair.order()
    part = order.supplier_orders.get()
    supplier = page(client_of(pair.supplier), part.get_absolute_url())
    retailer = page(client_of(pair.retailer), order.get_absolute_url())
    assert "pays you" in supplier
    assert "25.50" not in supplier
    assert part.reference in retailer
    assert "Hannah Whitlock" in retailer


def test_the_retailer_is_led_from_a_reference_to_its_own_page():
    pair = trade()
    part = pair.supplier_order()
    answer = client_of(pair.retailer).get(part.get_absolute_url())
    assert answer.url == part.order.get_absolute_url()


def test_a_stranger_finds_nothing_and_can_do_nothing():
    pair = trade()
    part = pair.supplier_order()
    stranger = client_of(trade().supplier)
    names = ["accept", "ship", "send-again", "note"]
    for name in names:
        assert stranger.post(reverse(f"supplier-order-{name}", args=[part.reference])).status_code == 404
    for address in (
        part.get_absolute_url(),
        part.order.get_absolute_url(),
        reverse("supplier-order-slip", args=[part.reference]),
    ):
        assert stranger.get(address).status_code == 404
    for name in ("release", "cancel", "note"):
        assert stranger.post(reverse(f"order-{name}", args=[part.order_id])).status_code == 404


def test_the_retailer_cannot_ship_the_suppliers_order():
    pair = trade()
    part = pair.supplier_order()
    assert client_of(pair.retailer).post(reverse("supplier-order-ship", args=[part.reference])).status_code == 404


def test_a_viewer_may_look_and_not_ship():
    pair = trade()
    part = pair.supplier_order()
    viewer = client_of(pair.supplier, Role.VIEWER)
    assert "Record a parcel" not in page(viewer, part.get_absolute_url())
    assert viewer.post(reverse("supplier-order-ship", args=[part.reference])).status_code == 403


def test_a_parcel_is_recorded_by_hand_once_even_if_the_form_is_sent_twice():
    pair = trade("85123A", "22423")
    part = pair.supplier_order("85123A", "22423")
    client, address = client_of(pair.supplier), reverse("supplier-order-ship", args=[part.reference])
    assert "In this parcel" in page(client, address)
    first = part.lines.order_by("pk").first()
    form = {"token": "t1", "carrier": "UPS", "tracking_number": "1Z999", f"line-{first.pk}": "2"}
    for _ in range(2):
        assert client.post(address, form).status_code == 302
    shipment = Shipment.objects.get()
    assert (shipment.carrier, shipment.tracking_url) == ("UPS", "https://www.ups.com/track?tracknum=1Z999")
    assert SupplierOrder.objects.get().state == "partly_shipped"
    assert "1Z999" in page(client_of(pair.retailer), part.order.get_absolute_url())


def test_too_many_units_in_a_parcel_are_said_at_the_line():
    pair = trade()
    part = pair.supplier_order()
    form = {"token": "t1", f"line-{part.lines.get().pk}": "9"}
    answer = client_of(pair.supplier).post(reverse("supplier-order-ship", args=[part.reference]), form)
    assert "only 2 of 2 are left to ship" in answer.content.decode()


def test_an_empty_parcel_is_not_recorded():
    pair = trade()
    part = pair.supplier_order()
    form = {"token": "t1", f"line-{part.lines.get().pk}": "0"}
    answer = client_of(pair.supplier).post(reverse("supplier-order-ship", args=[part.reference]), form)
    assert "The parcel is empty" in answer.content.decode()


def test_the_supplier_accepts_with_one_click():
    pair = trade(needs_acceptance=True)
    part = pair.supplier_order()
    client = client_of(pair.supplier)
    assert "Accept" in page(client, part.get_absolute_url())
    client.post(reverse("supplier-order-accept", args=[part.reference]))
    part.refresh_from_db()
    assert part.is_accepted


def test_an_unknown_sku_is_matched_with_one_click_on_a_suggestion():
    pair = trade("85123A")
    order = pair.place(line("85123-A", name="Item 85123A")).order
    client = client_of(pair.retailer)
    text = page(client, order.get_absolute_url())
    assert f'name="variant" value="{pair.goods["85123A"].pk}"' in text
    client.post(reverse("order-match", args=[order.pk, order.lines.get().pk]), {"variant": pair.goods["85123A"].pk})
    order.refresh_from_db()
    assert order.state == OrderState.ROUTED


def test_goods_to_match_can_be_searched():
    pair = trade("85123A", "22423")
    order = pair.place(line("XYZ", name="?")).order
    text = page(client_of(pair.retailer), f"{order.get_absolute_url()}?line={order.lines.get().pk}&find=2242")
    assert f'value="{pair.goods["22423"].pk}"' in text


def test_a_held_gift_is_let_through_on_the_page():
    pair = trade()
    order = pair.place(line(price=0)).order
    client = client_of(pair.retailer)
    assert "Let it through" in page(client, order.get_absolute_url())
    client.post(reverse("order-release", args=[order.pk]))
    order.refresh_from_db()
    assert order.state == OrderState.ROUTED


def test_an_order_is_cancelled_before_anybody_has_it():
    pair = trade()
    order = pair.order()
    client_of(pair.retailer).post(reverse("order-cancel", args=[order.pk]))
    order.refresh_from_db()
    assert order.state == OrderState.CANCELLED


def test_a_note_is_read_by_the_other_side():
    pair = trade()
    part = pair.supplier_order()
    client_of(pair.supplier).post(reverse("supplier-order-note", args=[part.reference]), {"text": "Back on Friday"})
    client_of(pair.retailer).post(reverse("order-note", args=[part.order_id]), {"text": "Thank you"})
    for company, address in ((pair.supplier, part.get_absolute_url()), (pair.retailer, part.order.get_absolute_url())):
        text = page(client_of(company), address)
        assert "Back on Friday" in text
        assert "Thank you" in text


def test_the_packing_slip_shows_no_price():
    pair = trade()
    part = pair.supplier_order()
    text = page(client_of(pair.supplier), reverse("supplier-order-slip", args=[part.reference]))
    assert pair.retailer.name in text
    assert "8.00" not in text


ADDRESS = {
    "last_name": "Whitlock",
    "address1": "14 Mill Lane",
    "city": "Stockport",
    "postcode": "SK6 6AP",
    "country": "gb",
}


@pytest.mark.row("S4-20")
def test_a_retailer_enters_an_order_by_hand():
    pair = trade()
    client = client_of(pair.retailer)
    assert "85123A" in page(client, reverse("order-enter"))
    form = {**ADDRESS, "token": "t1", "sku": ["85123a", ""], "quantity": ["3", ""]}
    for _ in range(2):
        client.post(reverse("order-enter"), form)
    part = SupplierOrder.objects.get()
    assert (part.supplier, part.lines.get().quantity, part.ship_to["country"]) == (pair.supplier, 3, "GB")


def test_a_wrong_sku_and_a_missing_address_are_said_and_nothing_is_lost():
    pair = trade()
    form = {**ADDRESS, "city": "", "token": "t1", "sku": ["NOPE"], "quantity": ["3"]}
    text = client_of(pair.retailer).post(reverse("order-enter"), form).content.decode()
    assert "No partner offers this SKU" in text
    assert 'value="NOPE"' in text
    assert not Order.objects.exists()


def test_a_page_costs_the_same_queries_however_many_lines(django_assert_max_num_queries):
    pair = trade(*(f"S{n}" for n in range(20)))
    part = pair.supplier_order()
    services.start_sending(part)
    supplier, retailer = client_of(pair.supplier), client_of(pair.retailer)
    with django_assert_max_num_queries(22):
        supplier.get(part.get_absolute_url())
    with django_assert_max_num_queries(22):
        retailer.get(part.order.get_absolute_url())
