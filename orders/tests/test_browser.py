"""The pages of orders in Chromium: without fault for axe in both themes, no wider than a phone, and a parcel shipped by clicking."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.urls import reverse

from orders import services
from orders.data import Actor, ShipmentData
from orders.models import Order, OrderState, Shipment
from orders.tests.factories import Trade, line, trade
from portal.companies.models import Company, User
from portal.companies.tests.factories import MembershipFactory
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
NAMES = {
    "85123A": "White hanging heart T-light holder",
    "84029E": "Red woolly hottie white heart",
    "22423": "Regency cakestand 3 tier",
}


@pytest.fixture
def pair() -> Trade:
    """Orders in most states between two named companies."""
    pair = trade(*NAMES, needs_acceptance=False)
    for company, name in ((pair.supplier, "Kingsway Giftware"), (pair.retailer, "Acme Outdoor")):
        company.name = name
        company.save()
    for sku, variant in pair.goods.items():
        variant.product.name = NAMES[sku]
        variant.product.save()
    named = [
        line(sku, quantity=n, name=NAMES[sku], variant=pair.goods[sku])
        for n, sku in ((6, "85123A"), (6, "84029E"), (3, "22423"))
    ]
    part = pair.place(*named, number="AC-20931", source_id="1").order.supplier_orders.get()
    _ship_partly(part)
    pair.order("22423", number="AC-20932", source_id="2")
    refused = pair.supplier_order("85123A", number="AC-20933", source_id="3")
    services.start_sending(refused)
    services.note_refused(
        refused, "Shift4Shop does not know the shipping method “Free Shipping”. Map it under Settings."
    )
    pair.place(line("85123", name="White hanging heart T-light"), named[1], number="AC-20934", source_id="4")
    pair.place(line(price=0, variant=pair.goods["85123A"]), number="AC-20935", source_id="5")
    return pair


def _ship_partly(part) -> None:
    services.start_sending(part)
    services.confirm_sent(part, outside_number="5011", outside_id="7", system_name="Kingsway main store")
    first, second, third = part.lines.order_by("pk")
    data = ShipmentData(
        source_key="1",
        source="store",
        carrier="UPS",
        tracking_number="1Z999AA10123456784",
        lines=((first.pk, 6), (second.pk, 4), (third.pk, 3)),
    )
    shipment, _ = services.record_shipment(part, data, Actor(kind="store", name="Kingsway main store"))
    services.record_tracking_told(shipment, system_name="Acme store", number="20931")
    services.write_note(
        part, "The rest comes on Friday.", company=part.supplier, actor=Actor.person(owner_of(part.supplier))
    )


def owner_of(company: Company) -> User:
    return MembershipFactory(company=company, user__name="Priya Shah").user


def pages_of(pair: Trade) -> dict[str, tuple[Company, str]]:
    """Every page of orders by name, with the side that looks at it."""
    orders = {order.number: order for order in Order.objects.all()}
    parts = {number: order.supplier_orders.first() for number, order in orders.items()}
    return {
        "to-ship": (pair.supplier, reverse("orders")),
        "to-ship-all": (pair.supplier, reverse("orders") + "?tab=all"),
        "part": (pair.supplier, parts["AC-20931"].get_absolute_url()),
        "part-held": (pair.supplier, parts["AC-20933"].get_absolute_url()),
        "ship": (pair.supplier, reverse("supplier-order-ship", args=[parts["AC-20932"].reference])),
        "slip": (pair.supplier, reverse("supplier-order-slip", args=[parts["AC-20931"].reference])),
        "customers": (pair.retailer, reverse("orders") + "?tab=all"),
        "order": (pair.retailer, orders["AC-20931"].get_absolute_url()),
        "match": (pair.retailer, orders["AC-20934"].get_absolute_url()),
        "held": (pair.retailer, orders["AC-20935"].get_absolute_url()),
        "enter": (pair.retailer, reverse("order-enter")),
    }


def picture(page, name: str) -> None:
    """Keep a picture where TRADELANE_PICTURES asks for it."""
    folder = os.environ.get("TRADELANE_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_fault_on_any_page(theme, pair, enter, live_server):
    people = {company: owner_of(company) for company in (pair.supplier, pair.retailer)}
    faults = {}
    for name, (company, path) in pages_of(pair).items():
        page = enter(people[company])
        page.set_viewport_size({"width": 1440, "height": 900})
        page.emulate_media(color_scheme=theme)
        page.goto(f"{live_server.url}{path}")
        faults[name] = faults_of(page)
        picture(page, f"{name}.{theme}")
    assert {name: found for name, found in faults.items() if found} == {}


def test_no_page_is_wider_than_a_phone(pair, enter, live_server):
    people = {company: owner_of(company) for company in (pair.supplier, pair.retailer)}
    wide = {}
    for name, (company, path) in pages_of(pair).items():
        page = enter(people[company])
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server.url}{path}")
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
        picture(page, f"{name}.phone")
    assert {name: width for name, width in wide.items() if width > PHONE["width"]} == {}


def test_a_parcel_is_shipped_from_the_drawer(pair, enter, live_server):
    part = Order.objects.get(number="AC-20932").supplier_orders.get()
    page = enter(owner_of(pair.supplier))
    page.goto(f"{live_server.url}{part.get_absolute_url()}")
    page.locator("header a[data-drawer]", has_text="Ship").click()
    page.get_by_label("Carrier").fill("UPS")
    page.get_by_label("Tracking number").fill("1Z1")
    page.get_by_role("button", name="Record parcel").click()
    page.get_by_text("Parcel 1 · UPS").wait_for()
    assert Shipment.objects.filter(supplier_order=part, tracking_number="1Z1").count() == 1


def test_a_line_is_matched_with_one_click(pair, enter, live_server):
    order = Order.objects.get(number="AC-20934")
    page = enter(owner_of(pair.retailer))
    page.goto(f"{live_server.url}{order.get_absolute_url()}")
    page.get_by_role("button", name="White hanging heart").first.click()
    page.get_by_text("We remember it for “85123”").wait_for()
    assert Order.objects.get(number="AC-20934").state == OrderState.ROUTED


def test_another_line_is_added_to_an_order_entered_by_hand(pair, enter, live_server):
    page = enter(owner_of(pair.retailer))
    page.goto(f"{live_server.url}{reverse('order-enter')}")
    before = page.locator("[data-basket] tr").count()
    page.get_by_role("button", name="Another line").click()
    assert page.locator("[data-basket] tr").count() == before + 1
    assert page.get_by_label(f"SKU, row {before + 1}").is_visible()
