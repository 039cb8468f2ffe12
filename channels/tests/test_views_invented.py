"""A channel that nobody wrote a page for: its declarations alone give it the gallery, the wizard, reauthorising and its own page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from channels import credentials, registry
from channels.contract import (
    Can,
    Check,
    CredentialField,
    GuideStep,
    Permission,
    RateLimit,
    RemoteOrderState,
    RemoteOrderStatus,
    SettingField,
    StoreConnector,
    StoreInfo,
)
from channels.errors import NeedsReauthorisation
from channels.models import Health, Integration, Problem
from channels.sync.runner import run_step
from channels.tests.wizard import at, begin, check, finish, words
from portal.lib import clock

GOOD = "good-key-0123456789"
# The market office lends its keys for six days.
KEY_ENDS = (clock.now() + timedelta(days=6)).replace(microsecond=0)


class Marktplatz(StoreConnector):
    """An invented shop software."""

    kind = "marktplatz"
    label = "Marktplatz"
    other_names = ("Market Square",)
    monogram = "MP"
    description = "Stalls on a market square."
    can = frozenset({Can.PULL_PRODUCTS, Can.PULL_STOCK, Can.PUSH_ORDERS, Can.PULL_STATUSES})
    tells_key_end = True
    credential_fields = (
        CredentialField("stall", "Stall number", "Painted on your stall.", "4711"),
        CredentialField("api_key", "API key", "Ask the market office.", is_secret=True),
    )
    permissions = (Permission("Stall", "read", "To see what lies on it.", "Office > Keys"),)
    setting_fields = (SettingField("awning", "Colour of the awning", default="red", role="supplies"),)
    guide = (GuideStep("Walk to the market office."),)
    rate_limit = RateLimit(requests=10, seconds=1)

    def check(self) -> Iterator[Check]:
        is_good = self.session.credentials.get("api_key") == GOOD
        yield Check("Office open", True, "Somebody answers.")
        yield Check(
            "Key accepted",
            is_good,
            "Looked up.",
            menu="Office > Keys",
            field="api_key",
            code="credentials_rejected",
            ends_at=KEY_ENDS if is_good else None,
        )

    def store_info(self) -> StoreInfo:
        if self.session.credentials.get("api_key") != GOOD:
            raise NeedsReauthorisation("The office does not know this key.")
        return StoreInfo(f"stall-{self.session.credentials['stall']}", "Priya's stall", "EUR", "Europe/Berlin")

    def order_statuses(self) -> list[RemoteOrderStatus]:
        return [
            RemoteOrderStatus("w", "Wrapped", RemoteOrderState.UNKNOWN),
            RemoteOrderStatus("g", "Gone home", RemoteOrderState.SHIPPED),
        ]

    def setting_choices(self, name: str) -> list[tuple[str, str]]:
        return [("red", "Red"), ("blue", "Blue")]


@pytest.fixture(autouse=True)
def market(monkeypatch) -> None:
    """One line in the registry."""
    monkeypatch.setitem(registry.CONNECTORS, "marktplatz", Marktplatz)


@pytest.fixture
def client(login, kingsway) -> Client:
    return login(kingsway)


@pytest.fixture
def stall(client) -> Integration:
    """The invented store, connected through the wizard."""
    draft = begin(client, "marktplatz", name="Saturday stall")
    client.post(at(draft, "authorise"), {"stall": "4711", "api_key": GOOD})
    check(client, draft)
    finish(client, draft, setting_awning="blue")
    return Integration.objects.get()


def text_of(client: Client, name: str, *args: Any) -> str:
    return words(client.get(reverse(name, args=args)).content)


def test_it_is_in_the_gallery_under_all_its_names(client):
    assert "Stalls on a market square." in text_of(client, "integration-gallery")
    assert "Marktplatz" in words(client.get(reverse("integration-gallery"), {"q": "market square"}).content)


def test_the_wizard_asks_for_its_fields_and_shows_its_guide(client):
    text = words(client.get(at(begin(client, "marktplatz"), "authorise")).content)
    assert "Stall number" in text
    assert "Walk to the market office." in text


def test_it_is_connected_with_its_own_settings(stall):
    assert stall.remote_store_id == "stall-4711"
    assert (stall.currency, stall.time_zone) == ("EUR", "Europe/Berlin")
    assert stall.settings["awning"] == "blue"


def test_a_wrong_key_names_its_field_and_menu(client):
    draft = begin(client, "marktplatz")
    client.post(at(draft, "authorise"), {"stall": "4711", "api_key": "wrong-key-0123456789"})
    said = check(client, draft)
    assert "Office > Keys" in said.replace("&gt;", ">")
    assert "Yes, that is us" not in said


def test_its_page_shows_only_the_jobs_that_it_can_do(client, stall):
    text = text_of(client, "integration", stall.pk)
    assert "Products every 8 h" in text
    assert "Shipments" not in text


def test_it_is_in_the_list_with_its_monogram(client, stall):
    text = text_of(client, "integrations")
    assert "MP" in text
    assert "Saturday stall" in text


def test_its_settings_can_be_changed(client, stall):
    client.post(
        reverse("integration-settings", args=[stall.pk]),
        {"name": "Sunday stall", "time_zone": "Europe/Berlin", "setting_awning": "red"},
    )
    stall.refresh_from_db()
    assert (stall.name, stall.settings["awning"]) == ("Sunday stall", "red")


def test_it_is_reauthorised(client, stall):
    Integration.objects.filter(pk=stall.pk).update(health=Health.NEEDS_REAUTHORISATION)
    page = reverse("integration-reauthorise", args=[stall.pk])
    answer = client.post(page, {"stall": "4711", "api_key": GOOD})
    key = answer.url.split("draft=")[1]
    run = client.get(reverse("integration-reauthorise-check", args=[stall.pk]), {"draft": key})
    assert "Save and go on" in words(b"".join(run.streaming_content))
    client.post(page, {"do": "save", "draft": key})
    stall.refresh_from_db()
    assert stall.health == Health.HEALTHY


def test_another_stall_is_refused(client, stall):
    page = reverse("integration-reauthorise", args=[stall.pk])
    key = client.post(page, {"stall": "815", "api_key": GOOD}).url.split("draft=")[1]
    run = client.get(reverse("integration-reauthorise-check", args=[stall.pk]), {"draft": key})
    assert "The same store as before" in words(b"".join(run.streaming_content))
    client.post(page, {"do": "save", "draft": key})
    stall.refresh_from_db()
    assert stall.remote_store_id == "stall-4711"


def test_it_is_removed(client, stall):
    client.post(reverse("integration-remove", args=[stall.pk]), {"name": "Saturday stall"})
    stall.refresh_from_db()
    assert stall.removed_at


def test_its_own_statuses_are_read_and_can_be_chosen(client, stall):
    text = text_of(client, "integration-mapping", stall.pk)
    assert "Wrapped" in text
    assert "Gone home" in text


def test_the_end_of_its_key_is_learnt_while_it_is_connected_and_shown(client, stall):
    assert credentials.facts(stall).expires_at == KEY_ENDS
    assert "Expires" in text_of(client, "integration", stall.pk)
    assert "The key ends on" not in text_of(client, "integration-settings", stall.pk)


def test_the_daily_check_learns_the_end_of_its_key_and_warns(stall):
    credentials.store(stall, {"stall": "4711", "api_key": GOOD})
    assert run_step(stall.pk, "check_credentials") == "ok"
    assert run_step(stall.pk, "check_credentials") == "ok"
    assert credentials.facts(stall).expires_at == KEY_ENDS
    problem = Problem.objects.get(integration=stall, code="key_expires", state="open")
    assert "in 6 days" in problem.sentence
