"""Coming back from a store's own pages: once, in time, in the same session, for the same company, or not at all."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from channels.connecting import try_draft
from channels.drafts import STATE_LIFE, Held, begin_installed
from channels.models import ConnectDraft, Integration
from channels.tests.wizard import at, begin, check, connect, finish, words
from channels.tests.world import SimStore, World
from portal.companies.models import AuditEvent
from portal.companies.tests.factories import MembershipFactory
from portal.lib import clock

KIND = "shift4shop"
APP = django_settings.CHANNEL_APPS[KIND]["sandbox"]


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
def store(world: World) -> SimStore:
    """A Shift4Shop store at which our application is registered."""
    made = world.store(KIND, "Acme Outdoor")
    back = f"{django_settings.PORTAL_URL}{reverse('channels:consent-return', args=[KIND])}"
    made.call("PUT", "/app", {**APP, "redirect_uri": back})
    return made


def leave(client: Client, store: SimStore) -> tuple[ConnectDraft, str]:
    """The wizard up to the link that leads to the store's page; the draft and that link."""
    draft = begin(client, KIND)
    client.post(at(draft, "authorise"), {"way": "consent", "secure_url": store.address})
    return draft, client.get(at(draft, "consent")).context["consent_url"]


def decide(store: SimStore, url: str, decision: str = "authorize") -> str:
    """The owner presses a button at the store; the address that the browser is sent back to, as a path of ours."""
    fields = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
    answer = store.door.post(
        "http://sim.test/oauth/authorize", data={**fields, "decision": decision}, allow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


@pytest.mark.row("S1-11", "S1-14", "S1-15", "S2-21")
def test_an_approval_connects_the_store(client, store):
    draft, url = leave(client, store)
    answer = client.get(decide(store, url))
    assert answer.url == at(draft, "check")
    assert "Your store answers" in check(client, draft)
    finish(client, draft)
    assert Integration.objects.get().store_name == "Acme Outdoor"


@pytest.mark.row("S1-12", "S1-17")
def test_all_that_is_asked_for_is_listed_before_leaving(client, store):
    draft, _ = leave(client, store)
    page = words(client.get(at(draft, "consent")).content)
    for line in ("Orders", "OrderStatus", "Products", "Customers", "StoreSettings", "Webhooks", "read and write"):
        assert line in page


@pytest.mark.row("S1-13", "S2-24")
def test_a_refusal_connects_nothing_and_says_so(client, store):
    _, url = leave(client, store)
    answer = client.get(decide(store, url, "cancel"), follow=True)
    assert "Not connected. Nothing was saved" in words(answer.content)
    assert not ConnectDraft.objects.exists()
    assert not Integration.objects.exists()


@pytest.mark.row("S1-16")
def test_the_same_return_twice_is_refused_and_logged(client, store, kingsway):
    _, url = leave(client, store)
    back = decide(store, url)
    client.get(back)
    answer = client.get(back)
    assert answer.status_code == 400
    assert "This approval was used already" in words(answer.content)
    assert AuditEvent.objects.get(company=kingsway, action="integration.consent_refused").data["why"] == "twice"


@pytest.mark.row("S1-16")
def test_a_return_that_comes_late_is_refused(client, store):
    _, url = leave(client, store)
    back = decide(store, url)
    with time_machine.travel(clock.now() + STATE_LIFE + timedelta(seconds=5)):
        answer = client.get(back)
    assert "came back too late" in words(answer.content)
    assert not any(Held.of(draft).credentials for draft in ConnectDraft.objects.all())


@pytest.mark.row("S1-16")
def test_a_return_in_another_browser_of_the_same_person_is_refused(client, store, kingsway):
    draft, url = leave(client, store)
    other = Client()
    other.force_login(draft.user)
    answer = other.get(decide(store, url))
    assert "begun in another browser" in words(answer.content)


@pytest.mark.row("S1-16")
def test_a_return_by_somebody_else_is_refused(client, store, stranger, login):
    _, url = leave(client, store)
    answer = login(stranger).get(decide(store, url))
    assert answer.status_code == 400
    assert not Integration.objects.exists()
    assert AuditEvent.objects.filter(company=stranger, action="integration.consent_refused").exists()


@pytest.mark.row("S1-16")
def test_a_return_for_another_company_of_the_same_person_is_refused(client, store, stranger):
    draft, url = leave(client, store)
    MembershipFactory(company=stranger, user=draft.user)
    client.post(reverse("company-switch"), {"company": stranger.pk})
    answer = client.get(decide(store, url))
    assert "begun for Kingsway Giftware" in words(answer.content)


@pytest.mark.row("S1-16")
@pytest.mark.parametrize("state", ["", "nonsense", "eyJkcmFmdCI6IngifQ:1abcde:forged"])
def test_a_state_that_we_did_not_sign_is_refused(state, client, store):
    answer = client.get(reverse("channels:consent-return", args=[KIND]), {"state": state, "code": "abc"})
    assert answer.status_code == 400
    assert "does not come from a connection that was begun here" in words(answer.content)


def test_a_code_that_the_store_does_not_know_is_refused_with_a_way_on(client, store):
    draft, url = leave(client, store)
    state = parse_qs(urlsplit(url).query)["state"][0]
    answer = client.get(reverse("channels:consent-return", args=[KIND]), {"state": state, "code": "made-up"})
    assert answer.status_code == 400
    page = words(answer.content)
    assert "did not let us in" in page
    assert "Try again" in page
    assert not Held.of(ConnectDraft.objects.get(pk=draft.pk)).credentials


def test_nobody_is_sent_to_the_login_and_keeps_the_answer(store, client):
    _, url = leave(client, store)
    answer = Client().get(decide(store, url))
    assert answer.status_code == 302
    assert "code%3D" in answer.url


def test_an_approval_of_another_store_is_found_out_by_the_check(client, store, world):
    other = world.store(KIND, "Another Shop")
    _, url = leave(client, store)
    draft = ConnectDraft.objects.get()
    client.get(decide(other, url.replace(store.address.split("//")[-1], other.address.split("//")[-1])))
    said = check(client, draft)
    assert "This key belongs to Another Shop" in said
    assert "Yes, that is us" not in said


# --- the token that the platform brings -----------------------------------------------------------------------------------


def tell(store: SimStore, *, token: str = "", action: str = "AUTHORIZE", **more: str):
    """What the platform's server posts to our address."""
    body = {
        "PublicKey": APP["public_key"],
        "TimeStamp": "06-14-2024 09:30:05",
        "TokenKey": token or store.credentials["token"],
        "Action": action,
        "SecureURL": f"https://{store.address}".replace("https://https://", "https://"),
        **more,
    }
    return Client().post(reverse("channels:callback", args=[KIND]), json.dumps(body), content_type="application/json")


def wait_for(client: Client, store: SimStore) -> ConnectDraft:
    draft = begin(client, KIND)
    client.post(at(draft, "authorise"), {"way": "wait", "secure_url": store.address})
    return draft


@pytest.mark.row("S2-20", "S2-21")
def test_the_token_that_the_store_brings_fills_the_wizard_by_itself(client, store):
    draft = wait_for(client, store)
    assert client.get(at(draft, "waiting")).status_code == 204
    answer = tell(store)
    assert answer.status_code == 200
    assert at(draft, "check") in answer.json()["PostBackURL"]
    assert client.get(at(draft, "waiting"))["HX-Redirect"] == at(draft, "check")
    assert "Your store answers" in check(client, draft)


def test_a_token_that_does_not_open_the_awaited_store_is_not_taken(client, store):
    draft = wait_for(client, store)
    assert tell(store, token="f" * 32).status_code == 200
    assert client.get(at(draft, "waiting")).status_code == 204


def test_a_call_that_nobody_waits_for_changes_nothing(client, store):
    draft = begin(client, KIND)
    assert tell(store).json() == {}
    assert not Held.of(ConnectDraft.objects.get(pk=draft.pk)).credentials


@pytest.mark.parametrize(
    ("body", "status"),
    [("not json", 400), ("[]", 400), ('{"Action": "AUTHORIZE"}', 400)],
)
def test_a_call_of_another_shape_is_refused(body, status, store):
    answer = Client().post(reverse("channels:callback", args=[KIND]), body, content_type="application/json")
    assert answer.status_code == status


def test_a_call_meant_for_another_app_is_refused(store):
    assert tell(store, PublicKey="0" * 32).status_code == 400


def test_a_removal_is_looked_into_and_not_believed(client, store, world):
    integration = connect(client, store)
    integration.steps.update(queued_at=None)
    assert tell(store, action="REMOVE").status_code == 200
    assert integration.steps.get(step="check_credentials").queued_at
    integration.refresh_from_db()
    assert integration.removed_at is None


# --- an app that is installed from the store's side -------------------------------------------------------------------------


@pytest.fixture
def bigcommerce(world: World, settings) -> SimStore:
    """A BigCommerce store whose control panel knows our app."""
    settings.SANDBOX = True
    made = world.store("bigcommerce", "Acme Outdoor")
    app = settings.CHANNEL_APPS["bigcommerce"]["sandbox"]
    addresses = {
        f"{what}_callback": f"{settings.PORTAL_URL}{reverse('channels:app', args=['bigcommerce', what])}"
        for what in ("auth", "load", "uninstall", "remove_user")
    }
    scopes = ["store_v2_orders", "store_v2_transactions", "store_v2_products", "store_v2_information"]
    made.call("POST", "/apps", {**app, **addresses, "name": "Tradelane", "scopes": scopes})
    return made


def from_panel(store: SimStore, what: str) -> str:
    """The address that the control panel opens."""
    url = urlsplit(store.call("POST", f"/stores/{store.store}/apps/sandboxapp/{what}")["redirect"])
    return f"{url.path}?{url.query}"


def installed_link(store: SimStore) -> str:
    return Client().get(from_panel(store, "install")).context["url"]


@pytest.mark.row("S4-12")
def test_installing_the_app_connects_the_store_after_logging_in(bigcommerce, client):
    link = installed_link(bigcommerce)
    assert Client().get(link).status_code == 302
    draft_page = client.get(link)
    draft = ConnectDraft.objects.get()
    assert draft_page.url == at(draft, "name")
    client.post(at(draft, "name"), {"name": "Web shop"})
    assert "Your store answers" in check(client, draft)
    finish(client, draft)
    assert Integration.objects.get().remote_store_id == bigcommerce.store


def test_an_installation_is_taken_over_once(bigcommerce, client, login, stranger):
    link = installed_link(bigcommerce)
    client.get(link)
    assert login(stranger).get(link).status_code == 404


def test_installing_again_leads_to_reauthorising_what_is_connected(bigcommerce, client):
    integration = connect(client, bigcommerce)
    answer = client.get(installed_link(bigcommerce))
    assert answer.url.startswith(reverse("integration-reauthorise", args=[integration.pk]))


def test_opening_the_app_leads_to_the_portal(bigcommerce):
    answer = Client().get(from_panel(bigcommerce, "load"))
    assert answer.status_code == 200
    assert answer.context["url"] == reverse("integrations")
    assert "mybigcommerce.com" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("token", ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
def test_a_call_without_the_stores_signature_is_refused(token, bigcommerce):
    answer = Client().get(reverse("channels:app", args=["bigcommerce", "load"]), {"signed_payload_jwt": token})
    assert answer.status_code == 400
    assert "does not carry BigCommerce's signature" in words(answer.content)


def test_an_unknown_address_of_the_app_is_a_404(db):
    assert Client().get(reverse("channels:app", args=["bigcommerce", "dance"])).status_code == 404
    assert Client().get(reverse("channels:app", args=["shift4shop", "auth"])).status_code == 404


def test_a_draft_of_an_installed_app_is_not_tried_before_somebody_takes_it_over(db):
    held = Held(credentials={"token": "abc"})
    with pytest.raises(ValueError, match="Nobody has taken this draft over yet"):
        try_draft(begin_installed("bigcommerce", held), held)


def test_an_uninstalled_app_is_looked_into(bigcommerce, client):
    integration = connect(client, bigcommerce)
    integration.steps.update(queued_at=None)
    token = parse_qs(urlsplit(from_panel(bigcommerce, "load")).query)["signed_payload_jwt"][0]
    Client().get(reverse("channels:app", args=["bigcommerce", "uninstall"]), {"signed_payload_jwt": token})
    assert integration.steps.get(step="check_credentials").queued_at
