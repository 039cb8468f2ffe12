"""The pages of integrations in Chromium: no fault for axe in both themes, no wider than a phone, the check and reauthorising as a person does them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from channels import health, services
from channels.models import Health, Integration, Outbound, OutboundKind, RunResult, StepState, SyncRun
from channels.tests.browser.test_connect import picture
from channels.tests.factories import make_integration
from channels.tests.world import World, run
from portal.lib import clock
from portal.ui.tests.browser import faults_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def connected(sandbox, supplier) -> tuple[Integration, object]:
    """A store that works, with runs behind it and one going on."""
    store = sandbox.store("bigcommerce")
    integration = World.connect(None, supplier, store, name="Kingsway main store")
    run(integration, "pull_products", "pull_stock", "check_credentials")
    for hours in range(20):
        SyncRun.objects.create(
            integration=integration,
            step="pull_stock",
            result=RunResult.PARTIAL if hours == 4 else RunResult.OK,
            started_at=clock.now() - timedelta(hours=hours + 1),
            finished_at=clock.now() - timedelta(hours=hours + 1),
            counts={"read": 2211, "updated": 37},
        )
    StepState.objects.filter(integration=integration, step="pull_products").update(
        lease_owner="w", lease_until=clock.now() + timedelta(minutes=9)
    )
    SyncRun.objects.create(
        integration=integration,
        step="pull_products",
        started_at=clock.now() - timedelta(minutes=2),
        counts={"read": 412},
        expected=1030,
    )
    Outbound.objects.create(integration=integration, kind=OutboundKind.CREATE_ORDER, record_id=10468)
    return integration, store


@pytest.fixture
def others(supplier) -> list[Integration]:
    """One that waits for a person and one that is off."""
    broken = make_integration(supplier, kind="shift4shop", name="Kingsway outlet")
    health.mark_needs_person(
        broken,
        Health.NEEDS_REAUTHORISATION,
        code="credentials_rejected",
        sentence="Kingsway outlet stopped accepting our key.",
    )
    off = make_integration(supplier, name="Kingsway trade counter")
    services.disable(off, by=None)
    return [broken, off]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_fault_on_any_page_and_none_is_too_wide(theme, size, connected, others, guest, owner, live_server):
    integration, _ = connected
    page = guest(owner)
    page.set_viewport_size(SIZES[size])
    page.emulate_media(color_scheme=theme)
    pages = {
        "list": reverse("integrations"),
        "gallery": reverse("integration-gallery"),
        "store-settings": reverse("store-settings"),
        "detail": reverse("integration", args=[integration.pk]),
        "queue": reverse("integration-queue", args=[integration.pk]),
        "activity": reverse("integration-activity", args=[integration.pk]),
        "settings": reverse("integration-settings", args=[integration.pk]),
        "remove": reverse("integration-remove", args=[integration.pk]),
        "resume": reverse("integration-resume", args=[others[1].pk]),
        "broken": reverse("integration", args=[others[0].pk]),
        "reauthorise": reverse("integration-reauthorise", args=[others[0].pk]),
        "name": reverse("integration-add", args=["bigcommerce"]),
        "connected": reverse("integration-connected", args=[integration.pk]),
    }
    faults = {}
    for name, path in pages.items():
        page.goto(f"{live_server.url}{path}")
        picture(page, f"{name}-{size}-{theme}")
        wide = page.evaluate("document.documentElement.scrollWidth") > SIZES[size]["width"]
        if found := [*faults_of(page), *(["too wide"] if wide else [])]:
            faults[name] = found
    assert faults == {}


def test_on_a_phone_the_tab_that_one_is_on_is_in_sight(connected, guest, owner, live_server):
    page = guest(owner)
    page.set_viewport_size(SIZES["phone"])
    page.goto(f"{live_server.url}{reverse('integration-settings', args=[connected[0].pk])}")
    box = page.locator("nav.tabs [aria-current]").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= SIZES["phone"]["width"]


@pytest.mark.row("S2-46", "S2-47", "S2-48")
def test_a_rejected_key_is_replaced_on_the_reauthorise_page(sandbox, connected, guest, owner, live_server):
    integration, store = connected
    store.revoke()
    run(integration, "pull_stock")
    page = guest(owner)
    page.goto(f"{live_server.url}{reverse('home')}")
    page.get_by_role("link", name="Reauthorise").first.click()
    store.restore()
    page.get_by_label("Access token").fill(store.credentials["access_token"])
    page.get_by_role("button", name="Check the new values").click()
    page.get_by_role("button", name="Save and go on").wait_for()
    picture(page, "reauthorise-green")
    assert faults_of(page) == []
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_text("Back to normal: Kingsway main store.").wait_for()
    integration.refresh_from_db()
    assert integration.health == Health.HEALTHY


@pytest.mark.row("S2-25", "S2-45")
def test_a_check_that_fails_names_the_field_and_offers_to_try_again(sandbox, guest, owner, live_server):
    store = sandbox.store("bigcommerce")
    page = guest(owner)
    page.goto(f"{live_server.url}{reverse('integration-add', args=['bigcommerce'])}")
    page.get_by_role("button", name="Next: authorise").click()
    keys = store.credentials
    page.get_by_label("Paste everything you have").fill(
        f"store hash: {keys['store_hash']}\nAccess token: wrong0wrong0wrong0\nClient ID: {keys['client_id']}"
    )
    page.get_by_text("Found:").wait_for()
    page.get_by_role("button", name="Check the connection").click()
    page.get_by_role("link", name="Try again").wait_for()
    picture(page, "check-bad")
    assert page.get_by_role("link", name="Change it").is_visible()
    assert faults_of(page) == []
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Nothing was saved").first.wait_for()


@pytest.mark.row("S2-07", "S2-27", "S2-32")
def test_the_switch_pauses_with_an_undo_bar_and_shows_the_catch_up_before_resuming(
    connected, guest, owner, live_server
):
    integration, _ = connected
    page = guest(owner)
    page.goto(f"{live_server.url}{reverse('integrations')}")
    switch = page.get_by_role("switch", name="Enabled: Kingsway main store")
    assert switch.inner_text() == "Yes"
    switch.click()
    page.get_by_text("are paused. Webhooks are kept.").wait_for()
    picture(page, "undo-bar")
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("is on again").wait_for()
    page.get_by_role("switch", name="Enabled: Kingsway main store").click()
    off = page.get_by_role("switch", name="Enabled: Kingsway main store")
    off.filter(has_text="No").wait_for()
    off.click()
    page.get_by_role("button", name="Switch on and catch up").wait_for()
    assert page.get_by_text("1 change sent to the store").is_visible()
    page.get_by_role("button", name="Switch on and catch up").click()
    page.get_by_text("is on again").wait_for()
    integration.refresh_from_db()
    assert integration.enabled
