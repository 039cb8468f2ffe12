"""Help in Chromium: the drawer beside a page, feedback without leaving it, every guide accessible in both themes and on a phone."""

from __future__ import annotations

import os

import pytest

from channels.tests.factories import make_integration
from portal.companies.models import Feedback
from portal.companies.tests.factories import SupplierFactory
from portal.ui.tests.browser import faults_of
from portal.web.guides import GUIDES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SCREENS = ((1440, 900, "light"), (1440, 900, "dark"), (320, 640, "light"))


@pytest.fixture
def person(member):
    return member(SupplierFactory(name="Kingsway Giftware"))


@pytest.mark.row("S4-26", "S4-27")
def test_the_drawer_guides_beside_the_page_and_keeps_what_one_thinks_of_it(enter, live_server, person):
    page = enter(person)
    page.goto(f"{live_server.url}/reports/")
    page.get_by_label("Help with this page").click()
    drawer = page.locator("#drawer")
    drawer.get_by_role("heading", name="What is counted").wait_for()
    assert faults_of(page) == []
    _keep(page, "help-drawer")
    drawer.get_by_role("button", name="It did not").click()
    drawer.get_by_placeholder("What was missing?").fill("Where are last year's figures?")
    drawer.get_by_role("button", name="Tell us").click()
    drawer.get_by_text("Your words are stored with it.").wait_for()
    row = Feedback.objects.get()
    assert (row.user, row.page, row.is_helpful) == (person, "/reports/", False)
    assert row.comment == "Where are last year's figures?"
    assert page.url.endswith("/reports/")


def test_every_guide_is_accessible_and_fits_its_screen(enter, live_server, person):
    page = enter(person)
    page.emulate_media(reduced_motion="reduce")
    found = {}
    paths = ["/help/", "/help/?q=price", "/help/contact/", *(f"/help/{guide.slug}/" for guide in GUIDES)]
    make_integration(person.memberships.get().company)
    for width, height, theme in SCREENS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=theme)
        for path in paths:
            page.goto(live_server.url + path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if (faults := faults_of(page)) or wide > width:
                found[path, width] = faults or f"{wide} px wide"
            _keep(page, f"help{path.replace('/', '-').replace('?', '')}{width}-{theme}")
    assert found == {}


def _keep(page, name: str) -> None:
    """A picture for people, where a folder for them is named."""
    if folder := os.environ.get("TRADELANE_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")
