"""Connecting a store on screen: the wizard's four steps, the check in the open, and what cancelling leaves behind."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from channels import drafts, jobs
from channels.connecting import suggest_address
from channels.models import ConnectDraft, Credential, Integration, Outbound, StepState
from channels.models.draft import DRAFT_LIFE
from channels.registry import CONNECTORS
from channels.tests.factories import make_integration
from channels.tests.wizard import at, begin, check, connect, finish, give, words
from channels.tests.world import World
from portal.companies.models import AuditEvent
from portal.lib import clock

KINDS = ("bigcommerce", "shift4shop")


@pytest.fixture
def kingsway(kingsway):
    """The supplier, in the sandbox where the simulators are."""
    kingsway.is_sandbox = True
    kingsway.save()
    return kingsway


@pytest.fixture
def acme(acme):
    """The retailer, in the sandbox."""
    acme.is_sandbox = True
    acme.save()
    return acme


@pytest.fixture
def client(login, kingsway) -> Client:
    """An owner's browser."""
    return login(kingsway)


# --- the four steps -------------------------------------------------------------------------------------------------------


@pytest.mark.row("S2-10", "S2-12", "S2-22", "S2-26", "S4-07", "S4-12", "S4-14", "S4-22", "S1-15", "S1-01")
@pytest.mark.parametrize("kind", KINDS)
def test_a_store_is_connected_in_four_steps(kind, world: World, kingsway, client):
    store = world.store(kind, "Acme Outdoor")
    draft = begin(client, kind)
    give(client, draft, store)
    said = check(client, draft)
    assert "Your store answers" in said
    assert "Your store says it is Acme Outdoor" in said
    answer = finish(client, draft)
    integration = Integration.objects.get(company=kingsway)
    assert answer.url == reverse("integration-connected", args=[integration.pk])
    assert (integration.enabled, integration.supplies, integration.sells) == (True, True, False)
    assert (integration.currency, integration.time_zone) == ("GBP", "Europe/London")
    page = words(client.get(answer.url).content)
    assert ": Connected" in page
    assert "Set pricing on the Prices page" in page


@pytest.mark.row("S1-19")
def test_products_begin_to_sync_right_after_connecting(world, client):
    integration = connect(client, world.store("bigcommerce"))
    state = StepState.objects.get(integration=integration, step="pull_products")
    assert state.queued_at or state.next_run_at <= clock.now()


def test_a_retailer_is_led_to_choosing_products(world, acme, login, partnership):
    client = login(acme)
    integration = connect(client, world.store("shift4shop"))
    assert (integration.supplies, integration.sells) == (False, True)
    assert "Choose products to sell" in words(
        client.get(reverse("integration-connected", args=[integration.pk])).content
    )


def test_the_last_step_offers_the_statuses_that_the_store_itself_has(world, acme, login):
    client = login(acme)
    draft = begin(client, "bigcommerce")
    give(client, draft, world.store("bigcommerce"))
    check(client, draft)
    client.post(at(draft, "check"))
    choices = dict(client.get(at(draft, "sync")).context["form"].fields["setting_import_status"].choices)
    assert choices["11"] == "Awaiting Fulfillment"


def test_a_store_that_is_down_is_not_called_something_to_mend(world, client):
    store = world.store("shift4shop")
    draft = begin(client, "shift4shop")
    give(client, draft, store)
    store.down("503")
    said = check(client, draft)
    assert "Your store does not answer now" in said
    assert "to mend" not in said


def test_the_address_of_sign_up_is_offered_for_the_first_store_only(acme):
    acme.platform, acme.store_address = "bigcommerce", "https://store-abc12.mybigcommerce.com"
    assert suggest_address(CONNECTORS["bigcommerce"], acme) == "abc12"
    make_integration(acme, kind="bigcommerce")
    assert suggest_address(CONNECTORS["bigcommerce"], acme) == ""


def test_older_orders_are_taken_over_only_as_far_back_as_chosen(world, acme, login):
    integration = connect(login(acme), world.store("bigcommerce"), window="7")
    since = datetime.fromisoformat(integration.settings["orders_since"])
    assert clock.now() - timedelta(days=7, minutes=5) < since < clock.now() - timedelta(days=6, hours=23)


def test_the_stores_clock_can_be_corrected(world, client):
    assert connect(client, world.store("shift4shop"), time_zone="America/New_York").time_zone == "America/New_York"


def test_no_direction_at_all_is_not_a_connection(world, client):
    draft = begin(client, "bigcommerce")
    give(client, draft, world.store("bigcommerce"))
    check(client, draft)
    answer = finish(client, draft, supplies=None)
    assert "Choose at least one direction" in words(answer.content)
    assert not Integration.objects.exists()


@pytest.mark.row("S2-01")
def test_one_company_connects_several_stores_of_one_channel(world, kingsway, client):
    connect(client, world.store("shift4shop", "One"), name="First")
    connect(client, world.store("shift4shop", "Two"), name="Second")
    assert Integration.objects.filter(company=kingsway, kind="shift4shop").count() == 2


# --- the name -------------------------------------------------------------------------------------------------------------


@pytest.mark.row("S2-11")
def test_a_name_is_unique_in_the_company(world, client):
    connect(client, world.store("bigcommerce"), name="Main store")
    answer = client.post(reverse("integration-add", args=["shift4shop"]), {"name": " main STORE "})
    assert "You have a connection called main STORE already" in words(answer.content)
    assert not ConnectDraft.objects.exists()


@pytest.mark.row("S2-11")
def test_a_connection_needs_a_name(client):
    answer = client.post(reverse("integration-add", args=["shift4shop"]), {"name": "  "})
    assert "Give this connection a name" in words(answer.content)


def test_an_unknown_channel_is_a_404(client):
    assert client.get(reverse("integration-add", args=["myspace"])).status_code == 404


# --- the gallery ----------------------------------------------------------------------------------------------------------


@pytest.mark.row("S2-09")
@pytest.mark.parametrize("text", ["3dcart", "3DCart", "shift 4 shop", "Shift4"])
def test_the_gallery_finds_a_channel_by_old_and_new_names(text, client):
    page = words(client.get(reverse("integration-gallery"), {"q": text}).content)
    assert "Shift4Shop (3dcart)" in page
    assert "BigCommerce" not in page


def test_the_gallery_says_what_to_do_when_no_channel_has_that_name(client):
    assert "No channel is called “xyzzy”" in words(client.get(reverse("integration-gallery"), {"q": "xyzzy"}).content)


# --- authorise ------------------------------------------------------------------------------------------------------------


@pytest.mark.row("S2-13", "S2-14", "S2-15", "S2-16", "S2-17", "S2-18", "S2-19", "S2-20")
def test_the_guide_of_the_token_way_stands_beside_the_fields(client):
    page = words(client.get(at(begin(client, "shift4shop"), "authorise")).content)
    for step in (
        "Open the developer portal in a new tab",
        "Choose Add new",
        "in another window and keep it open",
        "search for “rest API”",
        "Copy the public key from the developer portal into the store",
        "shows a new entry",
        "Stores that are using this APP",
        "choose Proceed",
    ):
        assert step in page


@pytest.mark.row("S4-08", "S4-09", "S4-11")
def test_the_guide_tells_the_permissions_and_that_keys_are_shown_once(client):
    page = words(client.get(at(begin(client, "bigcommerce"), "authorise")).content)
    assert "Store-level API accounts" in page
    assert "Set Orders to modify" in page
    assert "BigCommerce shows them this once" in page


@pytest.mark.row("S4-07")
def test_pasting_the_whole_window_fills_the_fields(world, client):
    keys = world.store("bigcommerce").credentials
    draft = begin(client, "bigcommerce")
    text = f"https://api.bigcommerce.com/stores/{keys['store_hash']}/v3/\nClient ID: {keys['client_id']}\nAccess token: {keys['access_token']}"
    answer = client.post(at(draft, "paste"), {"paste": text})
    assert "Found: Store hash, Client ID, Access token." in words(answer.content)
    assert keys["access_token"] not in answer.content.decode()
    client.post(at(draft, "authorise"), {})
    assert "Your store answers" in check(client, draft)


def test_a_paste_without_a_key_says_so(client):
    answer = client.post(at(begin(client, "bigcommerce"), "paste"), {"paste": "Dear Priya, see attached."})
    assert "We found no key in that text" in words(answer.content)


@pytest.mark.row("S4-13")
def test_a_secret_is_never_rendered_again(world, client):
    store = world.store("bigcommerce")
    draft = begin(client, "bigcommerce")
    give(client, draft, store)
    page = client.get(at(draft, "authorise")).content.decode()
    assert store.credentials["access_token"] not in page
    assert f"•••• {store.credentials['access_token'][-4:]}" in page


@pytest.mark.row("S4-13")
def test_drafts_and_credentials_are_encrypted_in_the_database(world, client):
    store = world.store("bigcommerce")
    draft = begin(client, "bigcommerce")
    give(client, draft, store)
    with connection.cursor() as cursor:
        cursor.execute("select held from channels_connectdraft")
        assert store.credentials["access_token"] not in str(cursor.fetchall())
    check(client, draft)
    finish(client, draft)
    with connection.cursor() as cursor:
        cursor.execute("select secret from channels_credential")
        assert store.credentials["access_token"] not in str(cursor.fetchall())


@pytest.mark.row("S1-05", "S1-06", "S1-08")
def test_an_address_is_judged_while_it_is_typed_and_shown_back_cleaned(client):
    draft = begin(client, "shift4shop")
    hint = words(client.get(at(draft, "address"), {"secure_url": " HTTPS://Acme.3dcartstores.com/admin "}).content)
    assert "We read this as acme.3dcartstores.com." in hint
    hint = words(client.get(at(draft, "address"), {"secure_url": "www.acme-outdoor.com"}).content)
    assert "looks like your shop front" in hint


@pytest.mark.row("S1-04", "S4-05")
def test_the_address_told_at_sign_up_is_filled_in(kingsway, client):
    kingsway.platform, kingsway.store_address = "shift4shop", "https://Kingsway.3dcartstores.com/"
    kingsway.save()
    page = client.get(at(begin(client, "shift4shop"), "authorise")).content.decode()
    assert 'value="kingsway.3dcartstores.com"' in page


# --- the check ------------------------------------------------------------------------------------------------------------


@pytest.mark.row("S2-25")
@pytest.mark.parametrize(("kind", "field"), [("bigcommerce", "access_token"), ("shift4shop", "token")])
def test_a_rejected_key_is_named_and_nothing_can_be_saved(kind, field, world, client):
    draft = begin(client, kind)
    give(client, draft, world.store(kind), **{field: "0123456789abcdef0123456789abcdef"})
    page = client.get(at(draft, "check-run"))
    html = b"".join(page.streaming_content).decode()
    assert "not accept" in html
    assert f"#id_{field}" in html
    assert "Try again" in html
    assert client.post(at(draft, "check")).status_code == 200
    assert client.get(at(draft, "sync")).url == at(draft, "check")
    assert not Integration.objects.exists()


@pytest.mark.row("S4-10")
def test_a_missing_permission_is_named_with_its_menu_path(world, client):
    store = world.store("bigcommerce")
    store.call("POST", f"/stores/{store.store}/scopes", {"granted": ["store_v2_information", "store_v2_products"]})
    draft = begin(client, "bigcommerce")
    give(client, draft, store)
    said = check(client, draft)
    assert "lacks" in said
    assert "Store-level API accounts" in said
    assert "Yes, that is us" not in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", ["503", "html"])
def test_a_store_that_is_down_during_the_check_is_told_apart_from_a_wrong_key(kind, mode, world, client):
    store = world.store(kind)
    draft = begin(client, kind)
    give(client, draft, store)
    store.down(mode)
    said = check(client, draft)
    assert "Try again" in said
    assert "Yes, that is us" not in said
    assert "not accept" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_after_the_store_is_back_the_same_draft_goes_on(kind, world, client):
    store = world.store(kind)
    draft = begin(client, kind)
    give(client, draft, store)
    store.down("503")
    check(client, draft)
    store.down("up")
    assert "Your store answers" in check(client, draft)


def test_the_key_of_one_store_with_the_address_of_another_is_refused(world, client):
    first, second = world.store("shift4shop", "First"), world.store("shift4shop", "Second")
    draft = begin(client, "shift4shop")
    give(client, draft, first, secure_url=second.credentials["secure_url"])
    assert "Yes, that is us" not in check(client, draft)


def test_a_store_that_is_connected_already_is_refused_at_the_check(world, client, kingsway):
    store = world.store("bigcommerce")
    connect(client, store, name="Web shop")
    draft = begin(client, "bigcommerce", name="Again")
    give(client, draft, store)
    assert "is connected already, here as Web shop" in check(client, draft)


def test_a_store_of_another_company_is_refused_without_naming_them(world, acme, login, client):
    store = world.store("bigcommerce")
    connect(login(acme), store, name="Acme web shop")
    draft = begin(client, "bigcommerce")
    give(client, draft, store)
    said = check(client, draft)
    assert "is connected already, by another company" in said
    assert "Acme web shop" not in said


def test_new_values_need_a_new_check(world, client):
    store = world.store("bigcommerce")
    draft = begin(client, "bigcommerce")
    give(client, draft, store)
    check(client, draft)
    give(client, draft, store, access_token="another-token-altogether")
    assert client.get(at(draft, "sync")).url == at(draft, "check")


def test_a_store_that_goes_down_before_the_last_button_connects_nothing(world, client):
    store = world.store("bigcommerce")
    draft = begin(client, "bigcommerce")
    give(client, draft, store)
    check(client, draft)
    client.post(at(draft, "check"))
    client.get(at(draft, "sync"))
    store.down("503")
    answer = finish(client, draft)
    assert "Nothing was saved. Try again" in words(answer.content)
    assert not Integration.objects.exists()
    assert ConnectDraft.objects.exists()


# --- cancelling and leaving -------------------------------------------------------------------------------------------------


@pytest.mark.row("S2-23", "S2-24")
@pytest.mark.parametrize("step", ["authorise", "check", "sync"])
def test_cancel_at_any_step_leaves_no_row_no_secret_no_webhook(step, world, client):
    store = world.store("shift4shop")
    draft = begin(client, "shift4shop")
    if step != "authorise":
        give(client, draft, store)
        check(client, draft)
    if step == "sync":
        client.post(at(draft, "check"))
        client.get(at(draft, "sync"))
    answer = client.post(at(draft, "cancel"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("integrations")
    assert "Nothing was saved" in words(answer.content)
    for model in (ConnectDraft, Integration, Credential, StepState, Outbound):
        assert not model.objects.exists()
    assert not store.call("GET", f"/stores/{store.store}/webhooks")


@pytest.mark.row("S2-24")
def test_a_closed_browser_leaves_nothing_behind_after_an_hour(world, client):
    draft = begin(client, "bigcommerce")
    give(client, draft, world.store("bigcommerce"))
    with time_machine.travel(clock.now() + DRAFT_LIFE + timedelta(minutes=1)):
        assert client.get(at(draft, "authorise")).status_code == 404
        drafts.sweep()
    assert not ConnectDraft.objects.exists()


def test_two_tabs_connect_two_stores_without_mixing(world, client):
    one, two = world.store("bigcommerce", "One"), world.store("bigcommerce", "Two")
    first, second = begin(client, "bigcommerce", name="One"), begin(client, "bigcommerce", name="Two")
    give(client, second, two)
    give(client, first, one)
    check(client, first)
    check(client, second)
    finish(client, second)
    finish(client, first)
    stores = dict(Integration.objects.values_list("name", "remote_store_id"))
    assert stores == {"One": one.credentials["store_hash"], "Two": two.credentials["store_hash"]}


def test_two_tabs_cannot_connect_one_store_twice(world, client):
    store = world.store("bigcommerce")
    first, second = begin(client, "bigcommerce", name="One"), begin(client, "bigcommerce", name="Two")
    for draft in (first, second):
        give(client, draft, store)
        check(client, draft)
    finish(client, first)
    answer = finish(client, second)
    assert "is connected already" in words(answer.content)
    assert Integration.objects.count() == 1


# --- who may ----------------------------------------------------------------------------------------------------------------


def test_a_draft_is_its_makers_alone(world, kingsway, client, login):
    draft = begin(client, "bigcommerce")
    colleague, stranger = login(kingsway), Client()
    assert colleague.get(at(draft, "authorise")).status_code == 404
    assert stranger.get(at(draft, "authorise")).status_code == 302


@pytest.mark.parametrize("role", ["viewer", "pricing"])
def test_a_role_that_may_not_connect_is_told_whom_to_ask(role, kingsway, login):
    client = login(kingsway, role)
    answer = client.get(reverse("integration-gallery"))
    assert answer.status_code == 403
    assert "Ask an owner or admin" in words(answer.content)
    assert "Add sales channel" not in words(client.get(reverse("integrations")).content)


def test_connecting_is_in_the_companys_own_activity(world, kingsway, client):
    connect(client, world.store("bigcommerce"))
    event = AuditEvent.objects.get(company=kingsway, action="integration.connected")
    assert event.sentence.startswith("Connected Main store")


@pytest.mark.row("S1-28", "S4-27")
def test_the_guide_has_the_three_parts_a_table_of_contents_and_tips_apart(client):
    html = client.get(reverse("help-page", args=["connect"])).content.decode()
    for part in ("sign-up", "permissions", "confirmation"):
        assert f'href="#{part}"' in html
        assert f'id="{part}"' in html
    assert "<h2>Tips</h2>" in html


def test_what_nobody_finished_is_swept_by_the_dispatcher(world, client):
    begin(client, "bigcommerce")
    with time_machine.travel(clock.now() + DRAFT_LIFE + timedelta(minutes=1)):
        jobs.dispatch_due()
    assert not ConnectDraft.objects.exists()
