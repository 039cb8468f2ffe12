"""Connecting a store on screen: the wizard's four steps, the check in the open, and what cancelling leaves behind."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from channels.models import ConnectDraft, Integration
from channels.tests.world import SimStore, World


@pytest.fixture
def sandbox(kingsway, acme):
    """The cast in the sandbox, where the simulators are."""
    for company in (kingsway, acme):
        company.is_sandbox = True
        company.save()
    return kingsway


def begin(client, kind: str, *, name: str = "Main store") -> ConnectDraft:
    """The wizard after its first step."""
    client.post(reverse("integration-add", args=[kind]), {"name": name})
    return ConnectDraft.objects.latest("pk")


def at(draft: ConnectDraft, step: str) -> str:
    return reverse(f"integration-{step}", args=[draft.kind, draft.key])


def check(client, draft: ConnectDraft) -> str:
    """Run the check; its lines as text."""
    answer = client.get(at(draft, "check-run"))
    return b"".join(answer.streaming_content).decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def give(client, draft: ConnectDraft, store: SimStore, **more: str):
    """Enter the store's credentials by hand."""
    return client.post(at(draft, "authorise"), {**store.credentials, **more})


def finish(client, draft: ConnectDraft, **more: str):
    form = {
        "supplies": "on",
        "window": "0",
        "time_zone": "Europe/London",
        "setting_payment_method": "31 Purchase Order",
        "setting_import_status": "",
    }
    page = client.get(at(draft, "sync"))
    for bound in page.context["form"]:
        form.setdefault(bound.name, "" if bound.name == "sells" else bound.value() or "")
    form = {name: value for name, value in {**form, **more}.items() if not (name == "sells" and not value)}
    return client.post(at(draft, "sync"), form)


@pytest.mark.row("S2-22", "S2-26", "S4-12", "S4-14", "S1-15")
@pytest.mark.parametrize("kind", ["bigcommerce", "shift4shop"])
def test_a_store_is_connected_in_four_steps(kind, world: World, sandbox, login):
    store = world.store(kind)
    client = login(sandbox)
    draft = begin(client, kind)
    give(client, draft, store)
    said = words(check(client, draft))
    assert "Your store answers" in said, said
    client.post(at(draft, "check"))
    answer = finish(client, draft)
    integration = Integration.objects.get(company=sandbox)
    assert answer.url == reverse("integration-connected", args=[integration.pk]), words(answer.content.decode())
    assert integration.enabled
    assert integration.is_live
    assert integration.supplies
    assert not integration.sells
    assert not ConnectDraft.objects.exists()
    page = words(client.get(answer.url).content.decode())
    assert ": Connected" in page
    assert "Set pricing on the Prices page" in page
