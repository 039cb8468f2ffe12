"""Sign-up, settings and partners in Chromium: without fault for axe, and the store address shown back as it is typed."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.companies import notices
from portal.companies.models import SignUp
from portal.companies.notices import Notice
from portal.companies.services import invite_partner, invite_person
from portal.companies.tests.factories import PASSWORD, MembershipFactory, PartnershipFactory
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1440, 900), (390, 844), (320, 640))


@pytest.fixture
def busy_owner(monkeypatch):
    """An owner whose company has people, invitations and partners in several states."""
    owner = MembershipFactory(company__name="Kingsway Giftware", user__name="Priya Shah")
    company = owner.company
    MembershipFactory(company=company, role="pricing")
    invite_person(company, email="sam@kingsway.example", role="operations", by=owner.user)
    trading = PartnershipFactory(supplier=company, retailer__name="Acme Outdoor")
    PartnershipFactory(supplier=company, retailer__name="Northwind Home", state="paused")
    invite_partner(company, as_role="supplier", by=owner.user, email="buyer@lantern.example", name="Lantern & Co")
    lacking = Notice("No price list is assigned to Acme Outdoor: they see 0 products.", "/prices/", "Assign a list")
    monkeypatch.setattr(notices, "_hooks", {"test": lambda company, rows: {trading.pk: [lacking]}})
    return owner.user, trading


def pages(trading) -> list[str]:
    settings = ["/settings/company/", "/settings/people/", "/settings/keys/"]
    return [*settings, "/partners/", "/partners/invite/", f"/partners/{trading.pk}/", "/company/new/"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_settings_and_partners_are_accessible_and_never_wider_than_the_screen(enter, live_server, busy_owner, theme):
    user, trading = busy_owner
    page = enter(user)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    found = {}
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        for path in pages(trading):
            page.goto(live_server.url + path)
            found |= {(path, width): faults} if (faults := faults_of(page)) else {}
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    assert found == {}


@pytest.mark.row("S1-03", "S1-04", "S1-05", "S1-06", "S1-07")
def test_the_secure_url_is_asked_explained_and_warned_about(visitor, live_server):
    visitor.goto(f"{live_server.url}/accounts/signup/")
    visitor.locator("label.tile", has_text="Shift4Shop").click()
    field = visitor.get_by_label("Secure URL")
    field.wait_for()
    visitor.get_by_text("What’s this?").click()
    assert visitor.get_by_text("Settings", exact=False).count() > 0
    visitor.keyboard.press("Escape")
    field.fill("www.kingswaygifts.co.uk")
    field.blur()
    warning = visitor.locator("#store-address-hint")
    warning.get_by_text("looks like your shop front").wait_for()
    assert ".3dcartstores.com" in warning.inner_text()
    assert faults_of(visitor) == []


@pytest.mark.row("S1-08")
def test_a_form_sent_too_early_shows_the_cleaned_address_before_anything_is_saved(visitor, live_server):
    visitor.goto(f"{live_server.url}/accounts/signup/")
    visitor.locator("label.tile", has_text="Shift4Shop").click()
    visitor.get_by_label("Company").fill("Kingsway Giftware")
    visitor.get_by_label("Work e-mail").fill("priya@kingsway.example")
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.get_by_label("Secure URL").fill("https://Kingsway.3dcartstores.com/admin/")
    visitor.get_by_role("button", name="Create company").click()
    visitor.get_by_text("We read this as kingsway.3dcartstores.com.").wait_for()
    assert not SignUp.objects.exists()
    visitor.get_by_role("button", name="Create company").click()
    visitor.wait_for_url("**/confirm-email/")
    assert SignUp.objects.get().store_address == "kingsway.3dcartstores.com"


@pytest.mark.row("S4-05", "S4-06")
def test_a_bigcommerce_storefront_is_refused_with_the_way_to_the_right_address(visitor, live_server):
    visitor.goto(f"{live_server.url}/accounts/signup/")
    visitor.locator("label.tile", has_text="BigCommerce").click()
    field = visitor.get_by_label("Store address")
    field.wait_for()
    assert "mybigcommerce.com" in (field.get_attribute("placeholder") or "")
    field.fill("www.kingswaygifts.co.uk")
    field.blur()
    hint = visitor.locator("#store-address-hint .error")
    hint.wait_for()
    assert "mybigcommerce.com" in hint.inner_text()


def test_an_invited_person_joins_by_clicking(visitor, live_server):
    owner = MembershipFactory(company__name="Kingsway Giftware")
    invited = invite_person(owner.company, email="sam@kingsway.example", role="viewer", by=owner.user)
    visitor.goto(f"{live_server.url}/invitations/{invited.token}/")
    assert faults_of(visitor) == []
    visitor.get_by_role("link", name="Create your login").click()
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.get_by_role("button", name="Join Kingsway Giftware").click()
    visitor.wait_for_url(f"{live_server.url}/")
    assert owner.company.memberships.filter(user__email="sam@kingsway.example").exists()


def test_a_new_key_is_shown_once(enter, live_server, busy_owner):
    page = enter(busy_owner[0])
    page.goto(f"{live_server.url}/settings/keys/")
    page.get_by_label("Name").fill("ERP")
    page.get_by_label("Orders: read", exact=True).check()
    page.get_by_role("button", name="Make key").click()
    token = page.locator("code.key").inner_text()
    assert Client().get("/api/v1/orders/", HTTP_AUTHORIZATION=f"Bearer {token}").status_code in {200, 404}
    assert faults_of(page) == []
    page.goto(f"{live_server.url}/settings/keys/")
    assert token not in page.content()
