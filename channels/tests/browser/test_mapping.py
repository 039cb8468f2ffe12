"""The Mapping and Settings tabs in Chromium: statuses of the store's own, chosen, saved, undone; the end of a key."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from channels.models import Integration, ValueMap
from channels.services import Connection, connect
from channels.tests.browser.conftest import Sandbox
from portal.companies.tests.factories import MembershipFactory
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(sandbox: Sandbox, retailer: Any) -> Integration:
    """A retailer's Shift4Shop store with a status of its own."""
    store = sandbox.store("shift4shop", "Acme Outdoor")
    store.call("PUT", f"/stores/{store.store}/statuses", {"labels": {"8": "Ready to send"}})
    return connect(
        retailer, Connection("shift4shop", "Acme shop", store.credentials, store_address=store.address), by=None
    )


@pytest.fixture
def page(guest: Any, page: Page, retailer: Any) -> Page:
    return guest(MembershipFactory(company=retailer).user)


@pytest.mark.row("S3-21", "S3-22")
def test_a_status_is_chosen_saved_and_undone(shop, page, live_server):
    page.goto(f"{live_server.url}/integrations/{shop.pk}/")
    page.get_by_role("navigation", name="Integration").get_by_role("link", name="Mapping").click()
    menu = page.get_by_label("What we do with orders in Ready to send (Custom 1)")
    expect(menu).to_have_value("wait")
    menu.select_option(label="Take the order over")
    page.get_by_label("Status when everything is shipped").select_option(label="Custom 2")
    page.get_by_role("button", name="Save mapping").click()
    expect(page.get_by_text("Your choice")).to_have_count(1)
    assert ValueMap.objects.get(theirs="8").ours == "import"
    assert faults_of(page) == []
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("The mapping is what it was before.")).to_be_visible()
    expect(page.get_by_label("What we do with orders in Ready to send (Custom 1)")).to_have_value("wait")
    shop.refresh_from_db()
    assert "shipped_status" not in shop.settings


def test_the_end_of_a_key_is_entered_in_the_settings(shop, page, live_server):
    page.goto(f"{live_server.url}/integrations/{shop.pk}/settings/")
    page.get_by_label("The key ends on").fill("2037-03-31")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_label("The key ends on")).to_have_value("2037-03-31")
    assert faults_of(page) == []
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_text("Expires")).to_be_visible()


def test_the_tabs_fit_a_phone(shop, page, live_server):
    page.set_viewport_size({"width": 390, "height": 844})
    for tab in ("mapping", "problems", "settings", "activity"):
        page.goto(f"{live_server.url}/integrations/{shop.pk}/{tab}/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert faults_of(page) == []
