"""One integration on screen: its switch, jobs, settings, reauthorising, removal, and the list of all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from channels import credentials, services
from channels.models import (
    ConnectDraft,
    Credential,
    Health,
    Integration,
    Outbound,
    OutboundKind,
    OutboundState,
    Receipt,
    ReceiptState,
    RunResult,
    StepState,
    SyncRun,
)
from channels.tests.factories import make_integration
from channels.tests.wizard import words
from channels.tests.world import SimStore, World, run
from orders.tests.factories import trade
from portal.companies.models import AuditEvent
from portal.lib import clock


@pytest.fixture
def kingsway(kingsway):
    """The supplier, in the sandbox where the simulators are."""
    kingsway.is_sandbox = True
    kingsway.save()
    return kingsway


@pytest.fixture
def client(login, kingsway) -> Client:
    """An owner's browser."""
    return login(kingsway)


@pytest.fixture
def integration(kingsway) -> Integration:
    """A healthy connection that no simulator stands behind."""
    return make_integration(kingsway, name="Main store")


@pytest.fixture
def store(world: World) -> SimStore:
    return world.store("bigcommerce", "Kingsway Outlet")


@pytest.fixture
def live(world: World, store: SimStore, kingsway) -> Integration:
    """A connection to a simulated store."""
    return world.connect(kingsway, store, name="Main store")


def page(client: Client, name: str, integration: Integration, **query: str) -> str:
    return words(client.get(reverse(name, args=[integration.pk]), query).content)


# --- the list -------------------------------------------------------------------------------------------------------------


@pytest.mark.row("S2-05", "S2-06", "S2-07", "S2-08")
def test_the_list_shows_channel_name_switch_and_health(client, integration, kingsway):
    make_integration(kingsway, kind="shift4shop", name="Outlet", enabled=False)
    html = client.get(reverse("integrations")).content.decode()
    text = words(html)
    assert "Main store" in text
    assert "BigCommerce" in text
    assert "Healthy" in text
    assert "Shift4Shop (3dcart)" in text
    assert "Paused" in text
    assert 'role="switch" aria-checked="true" aria-label="Enabled: Main store"' in html
    assert 'role="switch" aria-checked="false" aria-label="Enabled: Outlet"' in html


@pytest.mark.row("S2-08")
def test_an_empty_list_explains_itself_and_offers_the_step(client):
    text = words(client.get(reverse("integrations")).content)
    assert "No store is connected yet" in text
    assert "usually within 20 minutes" in text
    assert "Add sales channel" in text


@pytest.mark.row("S2-44", "S2-45")
@pytest.mark.parametrize(
    ("code", "health", "said"),
    [
        ("credentials_rejected", Health.NEEDS_REAUTHORISATION, "Key rejected"),
        ("wrong_address", Health.MISCONFIGURED, "Wrong address"),
        ("permission_missing", Health.MISCONFIGURED, "Permission missing"),
        ("rate_limited", Health.WAITING, "Asked us to slow down"),
        ("store_unavailable", Health.WAITING, "Store down"),
    ],
)
def test_the_list_tells_the_class_of_a_failure(code, health, said, client, integration):
    Integration.objects.filter(pk=integration.pk).update(
        health=health, health_code=code, health_reason="Long sentence."
    )
    assert said in words(client.get(reverse("integrations")).content)


def test_the_list_finds_a_channel_by_its_old_name(client, integration, kingsway):
    make_integration(kingsway, kind="shift4shop", name="Outlet")
    text = words(client.get(reverse("integrations"), {"q": "3dcart"}).content)
    assert "Outlet" in text
    assert "Main store" not in text


def test_the_list_takes_as_many_queries_for_twenty_as_for_two(client, kingsway, django_assert_max_num_queries):
    for number in range(20):
        make_integration(kingsway, name=f"Store {number:02}")
    with django_assert_max_num_queries(20):
        client.get(reverse("integrations"))


def test_a_viewer_sees_the_state_but_no_switch(kingsway, integration, login):
    html = login(kingsway, "viewer").get(reverse("integrations")).content.decode()
    assert 'role="switch"' not in html
    assert "Yes" in words(html)


# --- the switch -----------------------------------------------------------------------------------------------------------


@pytest.mark.row("S2-27")
def test_pausing_asks_nothing_and_can_be_undone(client, integration):
    answer = client.post(reverse("integration-pause", args=[integration.pk]), follow=True)
    integration.refresh_from_db()
    assert not integration.enabled
    assert "Orders and listing updates of Main store are paused. Webhooks are kept." in words(answer.content)
    undo = reverse("integration-resume", args=[integration.pk])
    assert f'action="{undo}"' in answer.content.decode()
    client.post(undo)
    integration.refresh_from_db()
    assert integration.enabled


@pytest.mark.row("S2-31")
def test_pausing_keeps_credentials_cursors_and_what_waits(client, integration):
    StepState.objects.filter(integration=integration, step="pull_products").update(cursor={"modified": "2026-01-01"})
    Outbound.objects.create(integration=integration, kind=OutboundKind.CREATE_ORDER, record_id=1)
    client.post(reverse("integration-pause", args=[integration.pk]))
    assert credentials.read(integration)["access_token"] == "secret-token"
    assert StepState.objects.get(integration=integration, step="pull_products").cursor == {"modified": "2026-01-01"}
    assert Outbound.objects.get().state == OutboundState.WAITING


@pytest.mark.row("S2-30")
def test_sync_now_is_refused_with_the_reason_while_paused(client, integration):
    services.disable(integration, by=None)
    answer = client.post(reverse("integration-sync-now", args=[integration.pk]), {"step": "pull_products"}, follow=True)
    assert "Main store is paused. Switch it on first." in words(answer.content)
    assert not StepState.objects.get(integration=integration, step="pull_products").queued_at


@pytest.mark.row("S2-28", "S2-29", "S2-30")
def test_nothing_is_pulled_or_sent_while_paused(live, store):
    services.disable(live, by=None)
    store.door.delete("http://sim.test/_sim/calls")
    assert run(live, "pull_products", "pull_stock", "push_orders", "pull_shipments") == ["disabled"] * 4
    assert store.call("GET", "/calls") in ([], {"calls": []})


@pytest.mark.row("S2-33")
def test_the_catch_up_is_told_exactly_before_it_starts(client, integration):
    services.disable(integration, by=None)
    last = clock.now() - timedelta(hours=3)
    StepState.objects.filter(integration=integration, step__startswith="pull").update(last_run_at=last)
    for number in (1, 2):
        Outbound.objects.create(integration=integration, kind=OutboundKind.CREATE_ORDER, record_id=number)
    Receipt.objects.create(integration=integration, event_key="a", topic="order", state=ReceiptState.PARKED)
    text = page(client, "integration-resume", integration)
    assert "Pulled from where it stopped, 3 h ago" in text
    assert "2 changes sent to the store" in text
    assert "1 kept webhook looked at" in text
    integration.refresh_from_db()
    assert not integration.enabled


@pytest.mark.row("S2-33")
def test_orders_to_catch_up_are_counted_in_the_store(world, acme, login):
    acme.is_sandbox = True
    acme.save()
    store = world.store("bigcommerce")
    store.on_shelf({"sku": "MUG", "name": "Mug", "price": 5, "stock": 9})
    integration = world.connect(acme, store, name="Shop")
    run(integration, "pull_orders")
    services.disable(integration, by=None)
    store.place_order({"sku": "MUG", "quantity": 1})
    store.place_order({"sku": "MUG", "quantity": 2})
    text = page(login(acme), "integration-resume-orders", integration)
    assert "2 orders placed or changed there" in text


@pytest.mark.row("S2-32")
def test_resuming_wakes_every_job_once_and_takes_up_kept_webhooks(client, integration):
    services.disable(integration, by=None)
    Receipt.objects.create(integration=integration, event_key="a", topic="order", state=ReceiptState.PARKED)
    client.post(reverse("integration-resume", args=[integration.pk]))
    assert Receipt.objects.get().state == ReceiptState.WAITING
    assert AuditEvent.objects.filter(action="integration.enabled").count() == 1
    client.post(reverse("integration-resume", args=[integration.pk]))
    assert AuditEvent.objects.filter(action="integration.enabled").count() == 1


# --- its own page -----------------------------------------------------------------------------------------------------------


@pytest.mark.row("S1-20", "S1-21", "S1-22", "S1-23", "S1-27")
def test_each_job_shows_how_often_last_next_and_result_in_the_viewers_zone(kingsway, integration, member):
    user = member(kingsway)
    user.time_zone = "America/New_York"
    user.save()
    client = Client()
    client.force_login(user, backend="portal.companies.backends.PersonBackend")
    SyncRun.objects.create(
        integration=integration,
        step="pull_products",
        result=RunResult.OK,
        started_at=clock.now() - timedelta(hours=2),
        finished_at=clock.now(),
        counts={"read": 1030, "updated": 4},
    )
    html = client.get(reverse("integration", args=[integration.pk])).content.decode()
    text = words(html)
    assert "Products every 8 h" in text
    assert "Stock hourly" in text
    assert "Orders to the store at once, hourly" in text
    assert "Shipments hourly" in text
    assert "1,030 read · 4 changed" in text
    assert "Times are America/New_York" in text
    assert "EST" in html or "EDT" in html


@pytest.mark.row("S4-16")
def test_a_running_walk_tells_how_far_it_is_and_how_long_it_takes(client, integration):
    StepState.objects.filter(integration=integration, step="pull_products").update(
        lease_owner="w", lease_until=clock.now() + timedelta(minutes=5)
    )
    SyncRun.objects.create(
        integration=integration,
        step="pull_products",
        started_at=clock.now() - timedelta(minutes=2),
        counts={"read": 412},
        expected=1030,
    )
    text = page(client, "integration", integration)
    assert "412 of 1,030 products, about 3 min left" in text


def test_a_dead_workers_run_is_not_shown_as_running(client, integration):
    SyncRun.objects.create(integration=integration, step="pull_products", counts={"read": 412}, expected=1030)
    assert "412 of 1,030" not in page(client, "integration", integration)


def test_sync_now_queues_the_chosen_job_and_says_so(client, integration):
    answer = client.post(reverse("integration-sync-now", args=[integration.pk]), {"step": "pull_stock"}, follow=True)
    assert "Stock of Main store runs now." in words(answer.content)
    assert StepState.objects.get(integration=integration, step="pull_stock").queued_at
    assert AuditEvent.objects.filter(action="integration.sync_now").exists()


def test_an_unknown_job_is_not_queued(client, integration):
    client.post(reverse("integration-sync-now", args=[integration.pk]), {"step": "drop_tables"})
    assert not StepState.objects.filter(integration=integration, queued_at__isnull=False).exists()


def test_activity_tells_who_did_what(client, integration):
    client.post(reverse("integration-pause", args=[integration.pk]))
    assert "Paused Main store." in page(client, "integration-activity", integration)


def test_the_queue_tells_tries_and_the_last_answer(client, integration):
    Outbound.objects.create(
        integration=integration, kind=OutboundKind.CREATE_ORDER, record_id=77, attempts=3, last_answer="503 from them"
    )
    text = page(client, "integration-queue", integration)
    assert "Create the order in the supplier's store No. 77 Waiting 3" in text
    assert "503 from them" in text


def test_a_new_name_and_zone_are_kept_and_audited(client, live):
    client.post(
        reverse("integration-settings", args=[live.pk]),
        {"name": "Trade counter", "time_zone": "Europe/Paris", "setting_stock_locations": ""},
    )
    live.refresh_from_db()
    assert (live.name, live.time_zone) == ("Trade counter", "Europe/Paris")
    assert "name, time zone" in AuditEvent.objects.get(action="integration.configured").sentence


def test_a_name_taken_here_is_refused_beside_the_field(client, live, kingsway):
    make_integration(kingsway, name="Outlet")
    answer = client.post(
        reverse("integration-settings", args=[live.pk]), {"name": "outlet", "time_zone": "Europe/London"}
    )
    assert "You have a connection called outlet already" in words(answer.content)


def test_settings_open_while_the_store_is_down(client, live, store):
    store.down("503")
    assert client.get(reverse("integration-settings", args=[live.pk])).status_code == 200


# --- reauthorising ------------------------------------------------------------------------------------------------------------


def give_key(client: Client, integration: Integration, **values: str) -> ConnectDraft:
    client.post(reverse("integration-reauthorise", args=[integration.pk]), values)
    return ConnectDraft.objects.get()


def check(client: Client, integration: Integration, draft: ConnectDraft) -> str:
    answer = client.get(reverse("integration-reauthorise-check", args=[integration.pk]), {"draft": draft.key})
    return words(b"".join(answer.streaming_content))


def save(client: Client, integration: Integration, draft: ConnectDraft):
    values = {"do": "save", "draft": draft.key}
    return client.post(reverse("integration-reauthorise", args=[integration.pk]), values, follow=True)


@pytest.fixture
def broken(live, store) -> Integration:
    """The store revoked our key, and a run noticed."""
    store.revoke()
    run(live, "pull_products")
    live.refresh_from_db()
    assert live.health == Health.NEEDS_REAUTHORISATION
    return live


@pytest.mark.row("S2-46", "S2-47", "S2-48", "S2-50", "S2-51")
def test_a_new_key_that_passed_replaces_the_old_one_and_says_what_goes_out(client, broken, store):
    Outbound.objects.create(integration=broken, kind=OutboundKind.CREATE_ORDER, record_id=1)
    cursor = StepState.objects.get(integration=broken, step="pull_products").pk
    store.restore()
    draft = give_key(client, broken, access_token=store.credentials["access_token"])
    assert "Save and go on" in check(client, broken, draft)
    answer = save(client, broken, draft)
    assert "Back to normal: Main store. 1 waiting change is being sent." in words(answer.content)
    assert answer.redirect_chain[-1][0] == reverse("integrations")
    broken.refresh_from_db()
    assert broken.health == Health.HEALTHY
    assert StepState.objects.get(integration=broken, step="pull_products").pk == cursor
    assert not ConnectDraft.objects.exists()


@pytest.mark.row("S2-51")
def test_a_key_that_does_not_pass_leaves_the_old_one_in_force(client, live, store):
    before = Credential.objects.get(integration=live).fingerprint
    draft = give_key(client, live, access_token="wrong-token-0123456789")
    said = check(client, live, draft)
    assert "the old key stays in force" in said
    assert "Save and go on" not in said
    answer = save(client, live, draft)
    assert "Check the new values first" in words(answer.content)
    assert Credential.objects.get(integration=live).fingerprint == before


@pytest.mark.row("S2-52")
def test_another_store_is_a_hard_stop(client, live, world):
    other = world.store("bigcommerce", "Another Shop")
    draft = give_key(client, live, **other.credentials)
    said = check(client, live, draft)
    assert "Save and go on" not in said
    answer = save(client, live, draft)
    assert "Check the new values first" in words(answer.content)
    live.refresh_from_db()
    assert live.remote_store_id != other.store


@pytest.mark.row("S2-49")
def test_cancelling_changes_nothing(client, live, store):
    before = Credential.objects.get(integration=live).fingerprint
    draft = give_key(client, live, access_token="wrong-token-0123456789")
    client.post(reverse("integration-cancel", args=[draft.kind, draft.key]))
    assert Credential.objects.get(integration=live).fingerprint == before
    assert not ConnectDraft.objects.exists()


@pytest.mark.row("S4-13")
def test_the_old_key_is_only_told_by_its_end(client, live, store):
    html = client.get(reverse("integration-reauthorise", args=[live.pk])).content.decode()
    assert store.credentials["access_token"] not in html
    assert f"•••• {store.credentials['access_token'][-4:]}" in html


def test_the_broken_connection_offers_reauthorising_and_no_sync(client, broken):
    text = page(client, "integration", broken)
    assert "Needs you" in text
    assert "stopped accepting our key" in text
    answer = client.post(reverse("integration-sync-now", args=[broken.pk]), {"step": "pull_products"}, follow=True)
    assert "reauthorise it" in words(answer.content)


# --- removing -----------------------------------------------------------------------------------------------------------------


def remove(client: Client, integration: Integration, **values: str):
    return client.post(reverse("integration-remove", args=[integration.pk]), values, follow=True)


@pytest.mark.row("S2-35", "S2-36", "S2-41")
def test_the_dialog_names_the_consequences(client, live):
    assert "Remove account" in page(client, "integration", live)
    text = page(client, "integration-remove", live)
    assert "Its key is destroyed" in text
    assert "never merged with another connection" in text
    assert "starts from scratch" in text
    assert "No order is open." in text


@pytest.mark.row("S2-36")
@pytest.mark.parametrize("typed", ["", "main store", "Main"])
def test_a_name_typed_otherwise_removes_nothing(typed, client, live):
    answer = remove(client, live, name=typed)
    assert "Type the name exactly as it stands" in words(answer.content)
    live.refresh_from_db()
    assert live.removed_at is None


@pytest.mark.row("S2-37", "S2-40", "S2-42")
def test_removing_destroys_the_key_and_freezes_the_name(client, live, store):
    run(live, "register_hooks")
    answer = remove(client, live, name="Main store")
    assert answer.redirect_chain[-1][0] == reverse("integrations")
    live.refresh_from_db()
    assert live.name.startswith("Main store (removed 20")
    assert not Credential.objects.exists()
    event = AuditEvent.objects.get(action="integration.removed")
    assert "its credentials were destroyed" in event.sentence
    assert "No store is connected yet" in words(answer.content)
    removed = words(client.get(reverse("integrations"), {"tab": "removed"}).content)
    assert live.name in removed


@pytest.mark.row("S2-38", "S2-39")
def test_a_store_connected_again_is_another_integration(client, live, store, world, kingsway):
    remove(client, live, name="Main store")
    again = world.connect(kingsway, store, name="Main store")
    assert again.pk != live.pk
    assert again.source_key != live.source_key
    assert not again.product_links.exists()


@pytest.mark.row("S2-43", "S2-41")
def test_open_orders_need_an_explicit_choice(client, live):
    order = trade(supplier=live.company).supplier_order()
    Outbound.objects.get_or_create(integration=live, kind=OutboundKind.CREATE_ORDER, record_id=order.pk)
    assert "1 open order" in page(client, "integration-remove", live)
    answer = remove(client, live, name="Main store")
    assert "Choose what becomes of the open orders" in words(answer.content)
    remove(client, live, name="Main store", orders="park")
    live.refresh_from_db()
    assert live.removed_at
    assert AuditEvent.objects.get(action="integration.removed").reason == "Open orders are parked."


def test_a_removed_integration_can_still_be_looked_at_and_nothing_else(client, live):
    remove(client, live, name="Main store")
    assert client.get(reverse("integration", args=[live.pk])).status_code == 200
    for name in ("settings", "reauthorise", "remove", "queue"):
        assert client.get(reverse(f"integration-{name}", args=[live.pk])).status_code == 404


# --- Settings › Store -----------------------------------------------------------------------------------------------------------


@pytest.mark.row("S1-09", "S4-02", "S4-03")
@pytest.mark.parametrize(
    ("kind", "label"), [("shift4shop", "Connect Shift4Shop (3dcart)"), ("bigcommerce", "Connect BigCommerce")]
)
def test_settings_offers_to_connect_the_companys_platform(kind, label, client, kingsway):
    kingsway.platform = kind
    kingsway.save()
    html = client.get(reverse("store-settings")).content.decode()
    assert label in words(html)
    assert reverse("integration-add", args=[kind]) in html


@pytest.mark.row("S1-10", "S1-15")
def test_settings_shows_the_state_once_it_is_connected(client, kingsway, integration):
    kingsway.platform = "bigcommerce"
    kingsway.save()
    text = words(client.get(reverse("store-settings")).content)
    assert "BigCommerce: Connected" in text
    assert "Connect your BigCommerce store" not in text


@pytest.mark.row("S4-01")
def test_settings_tells_how_to_change_a_platform_without_a_store(client, kingsway):
    kingsway.platform = "files"
    kingsway.save()
    text = words(client.get(reverse("store-settings")).content)
    assert "Change the platform" in text
    assert "choose a channel here" in text


@pytest.mark.row("S4-04", "S4-25")
def test_settings_tells_the_support_address_and_where_requests_come_from(client, kingsway, settings):
    settings.OUTGOING_ADDRESS = "203.0.113.40"
    text = words(client.get(reverse("store-settings")).content)
    assert settings.SUPPORT_EMAIL in text
    assert "All our requests come from 203.0.113.40" in text
