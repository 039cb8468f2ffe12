"""The frame in Chromium: no fault for axe in either theme, nothing asked of another origin, nothing wider than the screen."""

from __future__ import annotations

import pytest

from portal.ui.tests.browser import faults_of
from portal.ui.tests.test_lists import member, record

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ("/", "/components/", "/activity/", "/search?q=nothing", "/profile/", "/help/", "/help/orders/", "/more/")
WIDTHS = ((1440, 900), (390, 844))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_of_the_frame_is_accessible(enter, live_server, theme):
    user = member("Kingsway")
    record(user, 60)
    page = enter(user)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    found = {}
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for path in PAGES:
            page.goto(live_server.url + path)
            found |= {(path, width): faults} if (faults := faults_of(page)) else {}
    assert found == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_before_the_portal_are_accessible(visitor, live_server, theme):
    visitor.emulate_media(color_scheme=theme, reduced_motion="reduce")
    found = {}
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nowhere/"):
        visitor.goto(live_server.url + path)
        found |= {path: faults} if (faults := faults_of(visitor)) else {}
    assert found == {}


def test_no_page_is_wider_than_a_small_phone(enter, live_server):
    user = member("Kingsway")
    record(user, 60)
    page = enter(user)
    page.set_viewport_size({"width": 320, "height": 640})
    for path in (*PAGES, "/accounts/2fa/", "/accounts/sessions/"):
        page.goto(live_server.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_searching_a_list_keeps_the_focus_and_changes_the_address(enter, live_server):
    user = member("Kingsway")
    record(user, 60)
    record(user, 1, word="Needle")
    page = enter(user)
    page.goto(f"{live_server.url}/activity/")
    page.keyboard.press("/")
    page.keyboard.type("needle")
    page.wait_for_url("**/activity/?q=needle")
    assert page.locator("tr[data-row]").count() == 1
    assert page.evaluate("document.activeElement.id") == "list-q"


def test_older_and_newer_turn_pages_without_loading_the_frame_again(enter, live_server):
    user = member("Kingsway")
    record(user, 120)
    page = enter(user)
    page.goto(f"{live_server.url}/activity/")
    page.evaluate("window.kept = true")
    page.get_by_role("link", name="Older").click()
    page.get_by_text("51–100 of 120").wait_for()
    assert page.evaluate("window.kept") is True
    page.get_by_role("link", name="Newer").click()
    page.get_by_text("1–50 of 120").wait_for()


def test_escape_closes_a_menu_and_gives_the_focus_back(enter, live_server):
    user = member("Kingsway")
    record(user, 1)
    page = enter(user)
    page.goto(f"{live_server.url}/activity/")
    page.get_by_text("Columns", exact=True).click()
    assert page.locator("details.menu[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("details.menu[open]").count() == 0
    assert page.evaluate("document.activeElement.textContent.trim()") == "Columns"


def test_help_opens_beside_the_page(enter, live_server):
    page = enter(member("Kingsway"))
    page.goto(f"{live_server.url}/activity/")
    page.get_by_role("link", name="Help with this page").click()
    page.get_by_role("heading", name="Lists and the keyboard").wait_for()
    page.get_by_role("button", name="Close help").click()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Help with this page"


def test_the_company_menu_is_filled_when_it_opens(enter, live_server):
    page = enter(member("Kingsway"))
    page.goto(f"{live_server.url}/activity/")
    page.locator(".nav__menu summary").click()
    page.get_by_text("New company").wait_for()


def test_colours_can_be_chosen_and_stay(enter, live_server):
    page = enter(member("Kingsway"))
    page.goto(f"{live_server.url}/profile/")
    page.get_by_text("Dark", exact=True).click()
    page.goto(f"{live_server.url}/help/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
