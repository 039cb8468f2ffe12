"""The Prices page in Chromium, from the keyboard alone; its panels without fault for axe in both themes, and no wider than a phone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import EffectivePrice, PriceList, PriceOverride, PriceRevision, RevisionState, Variant
from catalog.pricing import Rule
from catalog.pricing.change import Change
from catalog.services import draft_change, lock_overrides, set_overrides
from catalog.tests.factories import trading
from portal.companies.tests.factories import MembershipFactory
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
D = Decimal
PHONE = {"width": 390, "height": 844}
PANELS = (
    "price-list-terms",
    "price-list-rules",
    "price-list-breaks",
    "price-list-preview",
    "price-list-history",
    "price-policy",
)


@pytest.fixture
def price_list() -> PriceList:
    return trading(goods=3).price_assignment.price_list


@pytest.fixture
def page(price_list, enter, live_server):
    page = enter(MembershipFactory(company=price_list.company).user)
    page.goto(f"{live_server.url}{reverse('price-list', args=[price_list.pk])}")
    return page


def amounts() -> list[Decimal]:
    rows = EffectivePrice.objects.filter(valid_until__isnull=True).order_by("variant_id")
    return list(rows.values_list("amount", flat=True))


def test_the_grid_is_driven_by_the_keyboard_alone(page, price_list):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.cell')"):
            break
    for price in ("9.50", "9.40"):
        with page.expect_response(lambda answer: "/cells/" in answer.url):
            page.keyboard.type(price)
            page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.matches('.cell')")
    page.keyboard.press("ArrowUp")
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    assert amounts() == [D("9.50"), D("9.40"), D("10.20")]


def _saved(page):
    """Until a cell that is left has been saved."""
    return page.expect_response(lambda answer: "/cells/" in answer.url)


def _held(page) -> str:
    """What has the keyboard, by name."""
    return page.evaluate("document.activeElement.name || document.activeElement.innerText")


def test_tab_leads_on_through_a_saved_row_and_the_sum_opens_and_closes_by_keys(page, price_list):
    first = Variant.objects.order_by("pk").first()
    page.locator(".cell").first.focus()
    with _saved(page):
        page.keyboard.type("9.50")
        page.keyboard.press("Tab")
    page.locator("tr.saved .rulechip", has_text="Override").wait_for()
    assert _held(page) == "Override"
    assert page.url.endswith(reverse("price-list", args=[price_list.pk]))
    page.keyboard.press("Enter")
    page.get_by_text("Why 9.50").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("details.why[open]").count() == 0
    assert _held(page) == "Override"
    page.keyboard.press("Shift+Tab")
    assert _held(page) == f"amount-{first.pk}"


def test_arrows_move_ctrl_z_takes_the_last_price_back_and_a_locked_price_stays(page, price_list):
    second = Variant.objects.order_by("pk")[1]
    before = amounts()
    page.locator(".cell").first.focus()
    with _saved(page):
        page.keyboard.type("9.50")
        page.keyboard.press("ArrowDown")
    page.locator("tr.saved").wait_for()
    assert _held(page) == f"amount-{second.pk}"
    with _saved(page):
        page.keyboard.press("Control+z")
    page.wait_for_function("document.querySelector('.cell').value === document.querySelector('.cell').dataset.was")
    assert amounts() == before
    set_overrides(price_list, {second.pk: before[1]})
    lock_overrides(price_list, [second.pk], is_locked=True)
    page.reload()
    page.locator(".cell").nth(1).focus()
    page.keyboard.type("1.00")
    page.keyboard.press("Enter")
    assert amounts() == before


def test_shift_and_arrows_select_prices_that_one_edit_changes_and_ctrl_z_takes_it_back(page, price_list):
    before = amounts()
    page.locator(".cell").first.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowUp")
    assert page.locator("td.range").count() == 2
    page.get_by_role("region", name="Selected rows").get_by_text("2", exact=True).wait_for()
    page.keyboard.press("Enter")
    page.keyboard.type("+0.50")
    page.keyboard.press("Enter")
    page.get_by_text("2 prices are changed and in force.").wait_for()
    assert amounts() == [before[0] + D("0.50"), before[1] + D("0.50"), before[2]]
    page.keyboard.press("Control+z")
    page.get_by_text("Undone. 2 prices are as before.").wait_for()
    assert amounts() == before
    assert not PriceOverride.objects.exists()


def test_a_click_with_shift_selects_up_to_it_and_escape_selects_none(page, price_list):
    page.locator(".cell").first.click()
    page.locator(".cell").nth(2).click(modifiers=["Shift"])
    assert page.locator("td.range").count() == 3
    page.keyboard.press("Escape")
    assert page.locator("td.range").count() == 0
    assert page.locator("input[name=row]:checked").count() == 0


def test_two_people_at_one_price_see_both_values_and_enter_keeps_ones_own(page, price_list):
    first = Variant.objects.order_by("pk").first()
    page.locator(".cell").first.click()
    set_overrides(price_list, {first.pk: D("9.20")})
    page.keyboard.type("9.50")
    page.keyboard.press("Enter")
    page.get_by_text("Meanwhile it became 9.20; you typed 9.50").wait_for()
    assert PriceOverride.objects.get().amount == D("9.20")
    page.locator(".cell").first.focus()
    with page.expect_response(lambda answer: "/cells/" in answer.url):
        page.keyboard.press("Enter")
    page.locator("tr.saved").wait_for()
    assert PriceOverride.objects.get().amount == D("9.50")


def test_a_rule_is_added_in_the_drawer_and_published_from_its_preview(page, price_list):
    page.get_by_text("Edit", exact=True).click()
    page.get_by_role("link", name="Rules").click()
    drawer = page.locator("#drawer")
    drawer.get_by_label("Which").fill("Regency")
    drawer.get_by_label("Margin").fill("30")
    drawer.get_by_role("button", name="Add the rule").click()
    drawer.get_by_text("is added to the draft").wait_for()
    drawer.get_by_role("link", name="Preview and publish").click()
    drawer.get_by_role("button", name="Publish 3 changes").click()
    page.get_by_text("Published. 3 prices moved").wait_for()
    assert amounts() == [D("8.93")] * 3
    assert PriceRevision.objects.get().state == RevisionState.PUBLISHED


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_fault_in_any_panel_and_none_is_wider_than_a_phone(theme, page, price_list, live_server):
    Variant.objects.update(cost=D("9.00"))
    draft_change(price_list, Change(terms={"percent_off": "30"}, rules=[Rule("brand", "Regency", D(40))]))
    page.emulate_media(color_scheme=theme)
    faults, wide = {}, {}
    first = Variant.objects.first().pk
    paths = [reverse(name, args=[price_list.pk]) for name in ("price-list", *PANELS)]
    for path in (*paths, f"{reverse('price-explain', args=[price_list.pk, first])}?page=1"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}{path}")
        faults[path] = faults_of(page)
        page.set_viewport_size(PHONE)
        wide[path] = page.evaluate("document.documentElement.scrollWidth")
    assert {path: found for path, found in faults.items() if found} == {}
    assert {path: width for path, width in wide.items() if width > PHONE["width"]} == {}
