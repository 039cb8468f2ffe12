"""Connecting the sandbox stores in Chromium: at most twelve clicks each, without documentation."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from channels.models import ConnectDraft, Integration
from channels.tests.browser.conftest import Clicker
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 12


def picture(page, name: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    folder = os.environ.get("TRADELANE_PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


@pytest.mark.row("S1-11", "S1-12", "S1-14", "S1-15", "S2-09", "S2-21", "S4-14", "S4-22")
def test_a_shift4shop_store_is_connected_through_its_consent_page(sandbox, guest, owner, supplier, live_server):
    store = sandbox.store("shift4shop")
    supplier.platform, supplier.store_address = "shift4shop", store.address
    supplier.save()
    page = guest(owner)
    page.goto(f"{live_server.url}/integrations/")
    person = Clicker(page)
    person.click("link", "Add sales channel")
    page.get_by_label("Search channels by name").fill("3dcart")
    picture(page, "gallery")
    person.click("link", "Add Shift4Shop (3dcart)")
    picture(page, "name")
    person.click("button", "Next: authorise")
    picture(page, "authorise-s4")
    assert faults_of(page) == []
    person.click("button", "Next: what we ask for")
    picture(page, "consent")
    assert faults_of(page) == []
    person.click("link", "Go to your store")
    picture(page, "their-consent")
    person.click("button", "Authorize")
    page.get_by_text("Your store says it is").wait_for()
    picture(page, "check-good")
    assert faults_of(page) == []
    person.click("button", "Yes, that is us")
    picture(page, "sync-s4")
    assert faults_of(page) == []

    assert "leave it empty and choose later" in page.content()
    person.click("button", "Connect Kingsway Giftware store")
    page.get_by_text("Set pricing on the Prices page").wait_for()
    picture(page, "connected")
    assert faults_of(page) == []
    assert len(person.clicks) <= MOST_CLICKS, person.clicks
    assert Integration.objects.get().company == supplier
    assert not ConnectDraft.objects.exists()


@pytest.mark.row("S4-07", "S4-10", "S4-12", "S4-14", "S2-22")
def test_a_bigcommerce_store_is_connected_by_pasting_its_window(sandbox, guest, owner, supplier, live_server):
    store = sandbox.store("bigcommerce")
    page = guest(owner)
    page.goto(f"{live_server.url}/integrations/")
    person = Clicker(page)
    person.click("link", "Add sales channel")
    person.click("link", "Add BigCommerce")
    person.click("button", "Next: authorise")
    picture(page, "authorise-b")
    assert faults_of(page) == []
    keys = store.credentials
    pasted = (
        f"API path: https://api.bigcommerce.com/stores/{keys['store_hash']}/v3/\nClient ID\n{keys['client_id']}\n"
        f"Client secret\n{keys['client_secret']}\nAccess token\n{keys['access_token']}"
    )
    page.get_by_label("Paste everything you have").fill(pasted)
    page.get_by_text("Found:").wait_for()
    picture(page, "pasted")
    assert keys["access_token"] not in page.locator("#token-form").inner_html()
    person.click("button", "Check the connection")
    page.get_by_text("Your store says it is").wait_for()
    picture(page, "check-b")
    person.click("button", "Yes, that is us")
    picture(page, "sync-b")
    person.click("button", "Connect Kingsway Giftware store")
    page.get_by_text("Set pricing on the Prices page").wait_for()
    assert len(person.clicks) <= MOST_CLICKS, person.clicks
    assert Integration.objects.get().remote_store_id == keys["store_hash"]
    assert json.dumps(keys["access_token"]) not in page.content()


@pytest.mark.row("S1-13", "S2-24")
def test_cancelling_at_the_store_connects_nothing_and_says_so(sandbox, guest, owner, supplier, live_server):
    store = sandbox.store("shift4shop")
    page = guest(owner)
    page.goto(f"{live_server.url}/integrations/add/shift4shop/")
    person = Clicker(page)
    person.click("button", "Next: authorise")
    page.get_by_label("Secure URL").first.fill(store.address)
    person.click("button", "Next: what we ask for")
    person.click("link", "Go to your store")
    person.click("button", "Cancel")
    page.get_by_text("Nothing was saved").first.wait_for()
    picture(page, "declined")
    assert not Integration.objects.exists()
    assert not ConnectDraft.objects.exists()


@pytest.mark.row("S2-20", "S2-21")
def test_the_token_that_the_store_brings_moves_the_wizard_on_by_itself(sandbox, guest, owner, supplier, live_server):
    store = sandbox.store("shift4shop")
    page = guest(owner)
    page.goto(f"{live_server.url}/integrations/add/shift4shop/")
    page.get_by_role("button", name="Next: authorise").click()
    page.get_by_text("Paste an access token instead").click()
    page.locator("#token-form").get_by_label("Secure URL").fill(store.address)
    page.get_by_role("button", name="wait for the token").click()
    page.get_by_text("We wait for your store.").wait_for()
    picture(page, "waiting")
    assert faults_of(page) == []
    store.call("POST", f"/stores/{store.store}/authorise", {})
    page.get_by_text("Your store says it is").wait_for()
    assert page.get_by_role("button", name="Yes, that is us").is_visible()
