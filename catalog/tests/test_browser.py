"""The catalogue's pages in Chromium: without fault for axe in both themes, no wider than a phone, edited from the keyboard."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import EffectivePrice, Listing, PriceOverride, Variant
from catalog.services import choose
from catalog.tests.factories import StockLevelFactory, trading
from portal.companies.models import Company, Partnership, User
from portal.companies.tests.factories import MembershipFactory
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def partnership() -> Partnership:
    """Three priced and stocked variants, one of them listed."""
    partnership = trading(goods=3)
    for variant in Variant.objects.all():
        StockLevelFactory(variant=variant)
    choose(partnership.retailer, variant_ids=[Variant.objects.order_by("pk").first().pk])
    return partnership


def owner_of(company: Company) -> User:
    return MembershipFactory(company=company).user


def pages_of(partnership: Partnership) -> list[tuple[Company, str]]:
    """Every page of the catalogue with the side that looks at it."""
    price_list = partnership.price_assignment.price_list_id
    product = Variant.objects.first().product_id
    supplier, retailer = partnership.supplier, partnership.retailer
    return [
        (supplier, reverse("products")),
        (supplier, reverse("product", args=[product])),
        (supplier, reverse("price-list", args=[price_list])),
        (supplier, reverse("price-list-terms", args=[price_list])),
        (supplier, reverse("price-list-partners", args=[price_list])),
        (retailer, reverse("product", args=[product])),
        (retailer, reverse("catalogue")),
        (retailer, reverse("listings")),
        (retailer, reverse("prices")),
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_fault_on_any_page(theme, partnership, enter, live_server):
    people = {company: owner_of(company) for company in (partnership.supplier, partnership.retailer)}
    faults = {}
    for company, path in pages_of(partnership):
        page = enter(people[company])
        page.emulate_media(color_scheme=theme)
        page.goto(f"{live_server.url}{path}")
        faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_no_page_is_wider_than_a_phone(partnership, enter, live_server):
    people = {company: owner_of(company) for company in (partnership.supplier, partnership.retailer)}
    wide = {}
    for company, path in pages_of(partnership):
        page = enter(people[company])
        page.set_viewport_size(PHONE)
        page.goto(f"{live_server.url}{path}")
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: width for path, width in wide.items() if width > PHONE["width"]} == {}


def test_a_price_is_changed_from_the_keyboard_explained_and_undone(partnership, enter, live_server):
    price_list = partnership.price_assignment.price_list
    page = enter(owner_of(partnership.supplier))
    page.goto(f"{live_server.url}{reverse('price-list', args=[price_list.pk])}")
    cell = page.locator(".cell").first
    cell.click()
    page.keyboard.type("9.50")
    assert "margin 25.5 %" in page.locator("[data-tip]").inner_text()
    page.keyboard.press("Enter")
    page.locator("tr.saved").wait_for()
    assert PriceOverride.objects.get().amount == Decimal("9.50")
    page.locator("tr.saved .rulechip").click()
    page.get_by_text("Why 9.50").wait_for()
    page.keyboard.press("Escape")
    with page.expect_response(lambda answer: "/cells/" in answer.url):
        page.keyboard.press("Control+z")
    page.locator("tr.saved .cell").first.wait_for()
    amounts = EffectivePrice.objects.filter(valid_until__isnull=True).values_list("amount", flat=True)
    assert set(amounts) == {Decimal("10.20")}


def test_escape_keeps_the_old_price(partnership, enter, live_server):
    page = enter(owner_of(partnership.supplier))
    page.goto(f"{live_server.url}{reverse('price-list', args=[partnership.price_assignment.price_list_id])}")
    cell = page.locator(".cell").first
    cell.click()
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    assert cell.input_value() == "10.20"
    assert not PriceOverride.objects.exists()


def test_goods_are_chosen_by_clicking_cards(partnership, enter, live_server):
    page = enter(owner_of(partnership.retailer))
    page.goto(f"{live_server.url}{reverse('catalogue')}")
    for box in page.locator(".pickbox").all():
        box.check()
    page.get_by_role("button", name="Choose and publish").click()
    page.get_by_text("chosen. We publish them to your store now").wait_for()
    assert Listing.objects.filter(company=partnership.retailer).count() == 3
