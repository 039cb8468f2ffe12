"""The wizard: Name, Authorise, Check, What to sync. Nothing is stored but a draft until the last button."""

from __future__ import annotations

from functools import wraps
from inspect import getattr_static
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from channels import credentials, drafts, services
from channels.connecting import (
    address_in,
    can_consent,
    choices_of,
    connection_of,
    consent_address,
    passed,
    public_values,
    suggest_address,
    suggest_name,
    try_draft,
)
from channels.contract import CredentialField, StoreConnector
from channels.drafts import Held
from channels.errors import ChannelError
from channels.forms import NameForm, WhatToSyncForm, initial_of
from channels.models import ConnectDraft, Integration
from channels.registry import CONNECTORS, connector_class
from channels.typed import Typed, read_field, read_typed
from channels.views.rail import rail_of
from portal.companies.guard import GuardedView, View, requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

NOTHING_SAVED = "Not connected. Nothing was saved, here or in your store."
LONGEST_PASTE = 20_000


def with_draft(view: View) -> GuardedView:
    """Hand the view the person's own draft; one that ran out leads back to the start with a sentence."""

    @never_cache
    @wraps(view)
    def opened(request: HttpRequest, kind: str, key: str) -> HttpResponseBase:
        draft = drafts.find(request, key, kind=kind)
        if draft is None:
            raise Http404("This connection was finished, cancelled or left for more than an hour. Start again.")
        return view(request, draft)

    return requires(Can.INTEGRATIONS)(opened)


def step_url(draft: ConnectDraft, step: str) -> str:
    """The address of a step of this draft."""
    return reverse(f"integration-{step}", args=[draft.kind, draft.key])


def show(request: HttpRequest, draft: ConnectDraft | None, step: str, context: dict[str, Any]) -> HttpResponse:
    """A page of the wizard with its rail."""
    connector = context["connector"]
    context |= {"draft": draft, "step": step, "rail": rail_of(draft, step), "title": f"Connect {connector.label}"}
    return render(request, f"channels/wizard/{step}.html", context)


# --- 1 Name -------------------------------------------------------------------------------------------------------------


@requires(Can.INTEGRATIONS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """The first step for a channel: what the connection is called. A draft begins with its answer."""
    connector = CONNECTORS.get(kind)
    if connector is None:
        raise Http404("We do not know this channel.")
    form = NameForm(request.POST or None, initial={"name": suggest_name(connector, request.scope.company)})
    if request.method == "POST" and _name_is_free(request, form):
        held = Held(address=suggest_address(connector, request.scope.company))
        draft = drafts.begin(request, kind, name=form.cleaned_data["name"].strip(), held=held)
        return redirect(step_url(draft, "authorise"))
    return show(request, None, "name", {"connector": connector, "form": form})


@with_draft
@require_http_methods(["GET", "POST"])
def name(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """Change the name of a connection that is being made."""
    form = NameForm(request.POST or None, initial={"name": draft.name or suggest_name(_channel(draft), draft.owner)})
    if request.method == "POST" and _name_is_free(request, form):
        held = Held.of(draft)
        drafts.keep(draft, held, name=form.cleaned_data["name"].strip())
        return redirect(step_url(draft, "check" if held.credentials else "authorise"))
    return show(request, draft, "name", {"connector": _channel(draft), "form": form})


def _name_is_free(request: HttpRequest, form: NameForm) -> bool:
    if not form.is_valid():
        return False
    try:
        services.check_name(request.scope.company, form.cleaned_data["name"])
    except DomainError as error:
        form.add_error("name", error.sentence)
    return not form.errors


# --- 2 Authorise --------------------------------------------------------------------------------------------------------


@with_draft
@require_http_methods(["GET", "POST"])
def authorise(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """The channel's guide and its credential fields; or, where the channel has a consent page, the way there."""
    if request.method == "POST" and request.POST.get("way") == "consent":
        return _to_consent(request, draft)
    if request.method == "POST" and request.POST.get("way") == "wait":
        return _wait(request, draft)
    typed = None
    if request.method == "POST":
        typed = read_typed(_channel(draft), request.POST, known=Held.of(draft).credentials)
        if typed.is_good:
            drafts.change(draft, credentials=dict(typed.values), checked="")
            return redirect(step_url(draft, "check"))
    return _authorise_page(request, draft, typed=typed)


def _to_consent(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    checked = _typed_address(request, draft)
    if checked.level == "error":
        typed = Typed({}, {_channel(draft).address_field: checked.sentence})
        return _authorise_page(request, draft, typed=typed, at_fault="consent")
    drafts.change(draft, address=checked.cleaned, credentials={}, checked="")
    return redirect(step_url(draft, "consent"))


def _wait(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """Let the platform's call of our app's address bring the token for this store."""
    checked = _typed_address(request, draft)
    field = _channel(draft).address_field
    if checked.level == "error":
        return _authorise_page(request, draft, typed=Typed({}, {field: checked.sentence}), at_fault="token")
    drafts.change(draft, address=checked.cleaned, credentials={field: checked.cleaned}, checked="")
    drafts.await_call(draft, checked.cleaned)
    return redirect(f"{step_url(draft, 'authorise')}?waiting=1")


def _typed_address(request: HttpRequest, draft: ConnectDraft) -> Any:
    connector = _channel(draft)
    field = next(each for each in connector.credential_fields if each.name == connector.address_field)
    return read_field(connector, field, request.POST.get(field.name, "")[:400])


def _reads_pastes(connector: type[StoreConnector]) -> bool:
    """Whether the channel finds anything in a pasted text: it brings a ``parse_paste`` of its own."""
    return getattr_static(connector, "parse_paste") is not getattr_static(StoreConnector, "parse_paste")


def _authorise_page(
    request: HttpRequest, draft: ConnectDraft, *, typed: Typed | None = None, at_fault: str = "token", found: int = 0
) -> HttpResponse:
    connector, held = _channel(draft), Held.of(draft)
    consents = can_consent(connector, is_sandbox=draft.owner.is_sandbox)
    is_waiting = bool(draft.awaits) and bool(request.GET.get("waiting"))
    context = {
        "connector": connector,
        "fields": shown_fields(connector, held, typed=typed if at_fault == "token" else None, posted=request.POST),
        "address": _address_shown(connector, held, typed=typed if at_fault == "consent" else None, posted=request.POST),
        "consents": consents,
        "public": public_values(connector, is_sandbox=draft.owner.is_sandbox),
        "opens_token": not consents or is_waiting or bool(typed and at_fault == "token"),
        "is_waiting": is_waiting,
        "can_paste": _reads_pastes(connector),
        "found": found,
    }
    return show(request, draft, "authorise", context)


def shown_fields(
    connector: type[StoreConnector], held: Held, *, typed: Typed | None, posted: Any
) -> list[dict[str, Any]]:
    """Every credential field as it should look: secrets are only told by their last characters."""
    return [_field_shown(each, connector, held, typed, posted) for each in connector.credential_fields]


def _field_shown(
    each: CredentialField, connector: type[StoreConnector], held: Held, typed: Typed | None, posted: Any
) -> dict[str, Any]:
    known = held.credentials.get(each.name, "") or (held.address if each.name == connector.address_field else "")
    cleaned = typed.values.get(each.name, "") if typed else ""
    value = cleaned or str(posted.get(each.name, ""))[:400] if typed else known
    return {
        "field": each,
        "value": "" if each.is_secret else value,
        "masked": credentials.mask(known) if each.is_secret and known else "",
        "error": typed.errors.get(each.name, "") if typed else "",
        "warning": typed.warnings.get(each.name, "") if typed else "",
    }


def _address_shown(
    connector: type[StoreConnector], held: Held, *, typed: Typed | None, posted: Any
) -> dict[str, Any] | None:
    fields = [each for each in connector.credential_fields if each.name == connector.address_field]
    return _field_shown(fields[0], connector, held, typed, posted) if fields else None


@with_draft
@require_POST
def paste(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """A whole pop-up, file or line of text: what is found in it fills the fields at once."""
    connector = _channel(draft)
    found = connector.parse_paste(request.POST.get("paste", "")[:LONGEST_PASTE])
    names = {each.name for each in connector.credential_fields}
    found = {name: value for name, value in found.items() if name in names and value}
    held = Held.of(draft)
    if found:
        held = drafts.change(draft, credentials={**held.credentials, **found}, checked="")
    labels = [each.label for each in connector.credential_fields if each.name in found]
    missing = [
        each.label for each in connector.credential_fields if each.is_required and not held.credentials.get(each.name)
    ]
    context = {
        "fields": shown_fields(connector, held, typed=None, posted={}),
        "connector": connector,
        "found": labels,
        "missing": missing,
        "has_pasted": True,
    }
    return render(request, "channels/wizard/fields.html", context)


@with_draft
@require_GET
def address(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """One field judged while it is typed, by form only."""
    connector = _channel(draft)
    each = next((one for one in connector.credential_fields if one.name in request.GET and not one.is_secret), None)
    if each is None:
        raise Http404
    text = request.GET.get(each.name, "")[:400]
    checked = read_field(connector, each, text) if text.strip() else None
    return render(request, "channels/wizard/field_hint.html", {"checked": checked, "field": each, "typed": text})


@with_draft
@require_GET
def waiting(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """Polled while we wait for the store to bring the token: nothing new is a 204."""
    secrets = [each.name for each in _channel(draft).credential_fields if each.is_secret and each.is_required]
    held = Held.of(draft)
    if not all(held.credentials.get(each) for each in secrets):
        return HttpResponse(status=204)
    answer = HttpResponse(status=200)
    answer["HX-Redirect"] = step_url(draft, "check")
    return answer


@with_draft
@require_GET
def consent(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """What we ask for, before leaving for the channel's own page. The way there is a link that works once."""
    connector = _channel(draft)
    if not can_consent(connector, is_sandbox=draft.owner.is_sandbox):
        return redirect(step_url(draft, "authorise"))
    url = consent_address(draft, state=drafts.issue_state(draft), return_url=return_url(draft.kind))
    context = {"connector": connector, "consent_url": url, "address": address_in(connector, Held.of(draft))}
    return show(request, draft, "consent", context | {"permissions": wanted(connector, draft)})


def return_url(kind: str) -> str:
    """Where the channel's consent page sends the browser back to, as registered there."""
    return f"{settings.PORTAL_URL.rstrip('/')}{reverse('channels:consent-return', args=[kind])}"


def wanted(connector: type[StoreConnector], draft: ConnectDraft) -> list[Any]:
    """The permissions that we ask for."""
    return list(connector.permissions)


# --- 4 What to sync -----------------------------------------------------------------------------------------------------


@with_draft
@require_http_methods(["GET", "POST"])
def sync(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """Directions, first orders, the store's clock, and the choices of the channel; then the connection is made."""
    held = Held.of(draft)
    if not passed(held):
        return redirect(step_url(draft, "check"))
    connector = _channel(draft)
    choices = held.choices or choices_of(try_draft(draft, held))
    if not held.choices:
        held = drafts.change(draft, choices={key: [list(pair) for pair in value] for key, value in choices.items()})
    zone = held.store.get("time_zone") or draft.owner.time_zone
    initial = {"supplies": draft.owner.is_supplier, "sells": draft.owner.is_retailer, "time_zone": zone}
    form = WhatToSyncForm(
        request.POST or None,
        connector=connector,
        choices={key: [tuple(pair) for pair in value] for key, value in choices.items()},
        initial=initial | initial_of(connector, {}),
        zone=zone,
    )
    if request.method == "POST" and form.is_valid():
        integration = _connect(request, draft, held, form)
        if integration:
            return redirect("integration-connected", integration.pk)
    return show(request, draft, "sync", {"connector": connector, "form": form, "store": held.store})


def _connect(request: HttpRequest, draft: ConnectDraft, held: Held, form: WhatToSyncForm) -> Integration | None:
    data = form.cleaned_data
    connection = connection_of(
        draft,
        held,
        settings=form.chosen(),
        supplies=data["supplies"],
        sells=data["sells"],
        time_zone=data["time_zone"],
        orders_since=form.orders_since(),
    )
    try:
        integration = services.connect(request.scope.company, connection, by=request.user)
    except ChannelError as error:
        form.add_error(None, f"{error.message} Nothing was saved. Try again in a moment.")
    except DomainError as error:
        form.add_error(None, error.sentence)
    else:
        drafts.discard(draft)
        return integration
    return None


# --- Cancel -------------------------------------------------------------------------------------------------------------


@with_draft
@require_POST
def cancel(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """Forget everything: no row, no secret, no webhook stays."""
    there = draft.integration
    drafts.discard(draft)
    if there:
        messages.info(request, f"Nothing was changed at {there.name}.")
        return redirect("integration", there.pk)
    messages.info(request, NOTHING_SAVED)
    return redirect("integrations")


def _channel(draft: ConnectDraft) -> type[StoreConnector]:
    return connector_class(draft.kind)
