"""Reauthorising: who, where and key; checked before they replace the old ones; another store is a hard stop."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from channels import credentials, drafts, services
from channels.connecting import address_in, can_consent, consent_address, passed
from channels.contract import StoreConnector
from channels.credentials import NoCredentials
from channels.drafts import Held
from channels.errors import ChannelError
from channels.key_end import KeyEndForm, day_of
from channels.models import ConnectDraft, Integration
from channels.registry import connector_class
from channels.selectors import queue_of, waiting_of
from channels.shown import label_of
from channels.typed import Typed, read_typed
from channels.views.checking import stream
from channels.views.detail import with_integration
from channels.views.wizard import return_url, shown_fields, wanted
from portal.companies.permissions import Can
from portal.lib.errors import DomainError


@never_cache
@with_integration(Can.INTEGRATIONS)
@require_http_methods(["GET", "POST"])
def reauthorise(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Three rows; Check tries the new values, Save replaces the old ones once the check was green."""
    draft = _draft(request, integration)
    if request.method == "POST" and request.POST.get("do") == "save" and draft:
        return _save(request, integration, draft)
    typed = None
    if request.method == "POST":
        connector = connector_class(integration.kind)
        pasted = connector.parse_paste(request.POST.get("paste", "")[:20_000])
        typed = read_typed(connector, {**request.POST.dict(), **pasted}, known=_known(integration, draft))
        end = KeyEndForm(request.POST)
        if typed.is_good and end.is_valid():
            return redirect(_url(integration, _hold(request, integration, draft, typed, end)))
        return _page(request, integration, draft, typed, end)
    return _page(request, integration, draft, typed)


def _hold(
    request: HttpRequest, integration: Integration, draft: ConnectDraft | None, typed: Typed, end: KeyEndForm
) -> ConnectDraft:
    held = Held(credentials=dict(typed.values), address=integration.store_address, ends_at=end.as_text())
    if draft is None:
        return drafts.begin(request, integration.kind, name=integration.name, integration=integration, held=held)
    drafts.keep(draft, held)
    return draft


def _known(integration: Integration, draft: ConnectDraft | None) -> dict[str, str]:
    """What an empty field stands for: the newly entered value, else the stored one."""
    if draft:
        return dict(Held.of(draft).credentials)
    try:
        return credentials.read(integration)
    except NoCredentials:
        return {}


def _draft(request: HttpRequest, integration: Integration) -> ConnectDraft | None:
    key = request.POST.get("draft") or request.GET.get("draft") or ""
    draft = drafts.find(request, key, kind=integration.kind) if key else None
    return draft if draft and draft.integration_id == integration.pk else None


def _url(integration: Integration, draft: ConnectDraft) -> str:
    return f"{reverse('integration-reauthorise', args=[integration.pk])}?draft={draft.key}"


def _page(
    request: HttpRequest,
    integration: Integration,
    draft: ConnectDraft | None,
    typed: Typed | None,
    end: KeyEndForm | None = None,
) -> HttpResponse:
    connector = connector_class(integration.kind)
    waiting = waiting_of(integration)
    old = _known(integration, None)
    held = Held.of(draft) if draft else Held(credentials=old, address=integration.store_address)
    fields = shown_fields(connector, held, typed=typed, posted=request.POST)
    context: dict[str, Any] = {
        "integration": integration,
        "connector": connector,
        "channel": label_of(integration.kind),
        "draft": draft,
        "places": [each for each in fields if not each["field"].is_secret],
        "keys": [
            each
            | {
                "old": credentials.mask(old[name]) if old.get(name := each["field"].name) else "",
                "is_new": _is_new(held, old, name),
            }
            for each in fields
            if each["field"].is_secret
        ],
        "end": None
        if connector.tells_key_end
        else end or KeyEndForm(initial={"key_ends_on": day_of(held.key_ends_at)}),
        "consents": can_consent(connector, is_sandbox=integration.is_sandbox),
        "waiting_number": sum(each.number for each in waiting),
        "queue": queue_of(integration, most=20),
        "title": f"Reauthorise {integration.name}",
        "help_slug": "integrations",
    }
    return render(request, "channels/reauthorise.html", context)


def _is_new(held: Held, old: dict[str, str], name: str) -> bool:
    return bool(held.credentials.get(name)) and held.credentials.get(name) != old.get(name)


@never_cache
@with_integration(Can.INTEGRATIONS)
@require_GET
def check(request: HttpRequest, integration: Integration) -> HttpResponseBase:
    """The lines of the check against the new values, each as it is done."""
    draft = _draft(request, integration)
    if draft is None:
        return redirect("integration-reauthorise", integration.pk)
    answer = StreamingHttpResponse(stream(request, draft), content_type="text/html; charset=utf-8")
    answer["X-Accel-Buffering"] = "no"
    return answer


def _save(request: HttpRequest, integration: Integration, draft: ConnectDraft) -> HttpResponse:
    held = Held.of(draft)
    if not passed(held):
        messages.error(request, "Check the new values first. The old ones stay in force.")
        return redirect(_url(integration, draft))
    try:
        number = services.reauthorise(
            integration,
            held.credentials,
            by=request.user,
            store_address=address_in(connector_class(integration.kind), held),
            key_ends_at=held.key_ends_at,
        )
    except (ChannelError, DomainError) as error:
        said = error.message if isinstance(error, ChannelError) else error.sentence
        messages.error(request, f"{said} The old key stays in force.")
        return redirect(_url(integration, draft))
    drafts.discard(draft)
    sent = "Nothing was waiting."
    if number:
        sent = f"{number} waiting change{' is' if number == 1 else 's are'} being sent."
    messages.success(request, f"Back to normal: {integration.name}. {sent}")
    return redirect("integrations")


@never_cache
@with_integration(Can.INTEGRATIONS)
@require_GET
def consent(request: HttpRequest, integration: Integration) -> HttpResponse:
    """What we ask for, before leaving for the channel's page to get a new key."""
    connector: type[StoreConnector] = connector_class(integration.kind)
    if not can_consent(connector, is_sandbox=integration.is_sandbox):
        return redirect("integration-reauthorise", integration.pk)
    held = Held(address=integration.store_address)
    draft = drafts.begin(request, integration.kind, name=integration.name, integration=integration, held=held)
    url = consent_address(draft, state=drafts.issue_state(draft), return_url=return_url(integration.kind))
    context = {
        "integration": integration,
        "connector": connector,
        "draft": draft,
        "consent_url": url,
        "permissions": wanted(connector, draft),
        "address": integration.store_address,
        "title": f"Reauthorise {integration.name}",
        "help_slug": "integrations",
    }
    return render(request, "channels/reauthorise_consent.html", context)
