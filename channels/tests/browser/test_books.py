"""The books in Chromium: without fault for axe in both themes, no wider than a phone, and a choice made from the keyboard."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from channels.models import Difference, Integration
from channels.reconcile.tests.factories import make_difference, make_reconciliation
from channels.tests.factories import make_integration
from portal.companies.models import Company
from portal.companies.tests.factories import MembershipFactory
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TAKE_IN = re.compile(r"Take it in\s*: Order 1001")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def store(retailer: Company) -> Integration:
    """A store whose books differ in an order and in stock."""
    store = make_integration(retailer, name="Acme store")
    make_reconciliation(store, result="differs")
    make_difference(store)
    make_difference(
        store, book="stock", kind="stock_edited_there", name="TEA-1 · Teapot", ours="25 units", theirs="3 units"
    )
    return store


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_fault_and_nothing_is_wider_than_a_phone(theme, store, enter, live_server):
    page = enter(MembershipFactory(company=store.company).user)
    page.emulate_media(color_scheme=theme)
    for name in ("integration-books", "integration-differences"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}{reverse(name, args=[store.pk])}")
        assert faults_of(page) == []
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_choice_asks_first_and_is_made_from_the_keyboard(store, enter, live_server):
    page = enter(MembershipFactory(company=store.company).user)
    page.goto(f"{live_server.url}{reverse('integration-books', args=[store.pk])}")
    page.get_by_role("link", name="Look at 2 differences").press("Enter")
    page.get_by_role("button", name=TAKE_IN).press("Enter")
    dialog = page.get_by_role("dialog")
    assert "read from the store again" in dialog.inner_text()
    dialog.get_by_role("button", name="Not now").press("Enter")
    assert Difference.objects.filter(state="chosen").count() == 0
    page.get_by_role("button", name=TAKE_IN).press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Take it in").press("Enter")
    page.get_by_text("The order is being read from the store.").wait_for()
    assert Difference.objects.get(state="chosen").name == "Order 1001"
    assert page.get_by_role("button", name=TAKE_IN).count() == 0
