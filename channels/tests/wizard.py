"""The wizard as a person's browser goes through it, for tests of its pages."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from channels.models import ConnectDraft, Integration
from channels.tests.world import SimStore


def begin(client: Client, kind: str, *, name: str = "Main store") -> ConnectDraft:
    """The wizard after its first step."""
    client.post(reverse("integration-add", args=[kind]), {"name": name})
    return ConnectDraft.objects.latest("pk")


def at(draft: ConnectDraft, step: str) -> str:
    """The address of a step."""
    return reverse(f"integration-{step}", args=[draft.kind, draft.key])


def give(client: Client, draft: ConnectDraft, store: SimStore, **more: str) -> Any:
    """Enter the store's credentials by hand."""
    return client.post(at(draft, "authorise"), {**store.credentials, **more})


def check(client: Client, draft: ConnectDraft) -> str:
    """Run the check; what it says."""
    return words(b"".join(client.get(at(draft, "check-run")).streaming_content).decode())


def finish(client: Client, draft: ConnectDraft, **more: Any) -> Any:
    """Say yes and send the last step as it stands, with ``more`` chosen; None unticks."""
    client.post(at(draft, "check"))
    page = client.get(at(draft, "sync"))
    form = {bound.name: bound.value() for bound in page.context["form"]}
    values = {name: "on" if value is True else value for name, value in {**form, **more}.items()}
    return client.post(at(draft, "sync"), {name: value for name, value in values.items() if value})


def connect(client: Client, store: SimStore, *, name: str = "Main store", **more: Any) -> Integration:
    """All four steps."""
    draft = begin(client, store.kind, name=name)
    give(client, draft, store)
    check(client, draft)
    answer = finish(client, draft, **more)
    assert answer.status_code == 302, words(answer.content.decode())
    return Integration.objects.latest("pk")


def words(html: str | bytes) -> str:
    """The text of a page."""
    text = html.decode() if isinstance(html, bytes) else html
    text = re.sub(r"<!--.*?-->|<svg.*?</svg>", " ", text, flags=re.S)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    return text.replace("&#x27;", "'").replace("&amp;", "&").replace("&quot;", '"')
