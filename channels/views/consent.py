"""Coming back from a channel's own pages: the consent page's return, the call of our app's address, and an app installed from the store's side."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from channels import dispatch, drafts
from channels.connecting import address_in, redeem, try_draft
from channels.contract import AppCall, AppEvent, StoreConnector
from channels.drafts import ConsentRefused, Held
from channels.errors import ChannelError, Rejected, UnexpectedPayload
from channels.models import ConnectDraft, Integration
from channels.registry import CONNECTORS, connector_class
from channels.session import app_of
from channels.views.wizard import NOTHING_SAVED, return_url, step_url
from portal.companies import audit
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import Conflict

log = logging.getLogger(__name__)
LARGEST_MESSAGE = 10_000
TICKET_LIFE = 600
_TICKET = "channels.installed"


@never_cache
@requires(Can.INTEGRATIONS)
@require_GET
def consent_return(request: HttpRequest, kind: str) -> HttpResponse:
    """The browser comes back with an approval or a refusal; only the trip that this session began counts, once."""
    if kind not in CONNECTORS:
        raise Http404
    try:
        draft = drafts.take_state(request, kind, request.GET.get("state", ""))
    except (ConsentRefused, Conflict) as error:
        _note_refusal(request, kind, getattr(error, "code", "conflict"))
        return _refused(request, kind, error.sentence)
    if request.GET.get("error") or not request.GET.get("code"):
        return _declined(request, draft)
    try:
        found = redeem(kind, is_sandbox=draft.owner.is_sandbox, query=request.GET.dict(), return_url=return_url(kind))
    except ChannelError as error:
        return _refused(request, kind, f"{error.message} Nothing was saved.", draft=draft)
    return _go_on(draft, found)


def _go_on(draft: ConnectDraft, found: dict[str, str]) -> HttpResponse:
    connector, held = connector_class(draft.kind), Held.of(draft)
    address = address_in(connector, held) or (draft.integration.store_address if draft.integration else "")
    base = {connector.address_field: address} if connector.address_field and address else {}
    drafts.change(draft, credentials={**base, **found}, checked="")
    return redirect(_next_page(draft))


def _next_page(draft: ConnectDraft) -> str:
    if draft.integration:
        return f"{reverse('integration-reauthorise', args=[draft.integration.pk])}?draft={draft.key}"
    return step_url(draft, "check")


def _declined(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """They said no: nothing stays."""
    there = draft.integration
    drafts.discard(draft)
    if there:
        messages.warning(request, f"The store did not approve. Nothing was changed at {there.name}.")
        return redirect("integration", there.pk)
    messages.warning(request, NOTHING_SAVED)
    return redirect("integrations")


def _refused(request: HttpRequest, kind: str, sentence: str, *, draft: ConnectDraft | None = None) -> HttpResponse:
    context = {"sentence": sentence, "connector": connector_class(kind), "draft": draft, "title": "Not connected"}
    return render(request, "channels/refused.html", context, status=400)


def _note_refusal(request: HttpRequest, kind: str, code: str) -> None:
    """Somebody may be trying something: it is in the company's own activity and in our log."""
    log.warning("consent refused", extra={"data": {"kind": kind, "why": code, "user": request.user.pk}})
    audit.record(
        request.scope.company,
        "integration.consent_refused",
        user=request.user,
        sentence=f"Refused a return from {connector_class(kind).label} that did not fit.",
        data={"kind": kind, "why": code},
    )


# --- the platform's server calls us -------------------------------------------------------------------------------------


@csrf_exempt
@require_POST
def callback(request: HttpRequest, kind: str) -> HttpResponse:
    """A platform tells that a merchant authorised our app. Unsigned, so the token is tried before any wizard takes it; the answer is always 200."""
    connector = CONNECTORS.get(kind)
    if connector is None or len(request.body) > LARGEST_MESSAGE:
        return JsonResponse({"detail": "Unknown address."}, status=404)
    try:
        call, is_sandbox = _read_message(connector, request.body)
    except (Rejected, UnexpectedPayload, NotImplementedError) as error:
        return JsonResponse({"detail": str(error)}, status=400)
    if call.event is AppEvent.REMOVED:
        _look_again(kind, call, is_sandbox=is_sandbox)
        return JsonResponse({})
    taken = [draft for draft in drafts.awaiting(kind, call.address) if _take(draft, call, is_sandbox=is_sandbox)]
    return JsonResponse({"PostBackURL": f"{settings.PORTAL_URL}{step_url(taken[0], 'check')}"} if taken else {})


def _read_message(connector: type[StoreConnector], body: bytes) -> tuple[AppCall, bool]:
    """The message and whether it is for our sandbox application."""
    sides = (False, True) if settings.SANDBOX or settings.TESTING else (False,)
    refusal: Rejected | None = None
    for is_sandbox in sides:
        app = app_of(connector.kind, is_sandbox=is_sandbox)
        if not any(app.values()):
            continue
        try:
            return connector.read_app_message(body, app=app), is_sandbox
        except Rejected as error:
            refusal = error
    raise refusal or Rejected("We have no application at this platform.")


def _take(draft: ConnectDraft, call: AppCall, *, is_sandbox: bool) -> bool:
    """Try what was told; only a token that opens the awaited store is kept."""
    if draft.owner.is_sandbox != is_sandbox:
        return False
    held = Held(credentials=dict(call.credentials), address=call.address)
    try:
        try_draft(draft, held).store_info()
        drafts.change(draft, credentials=dict(call.credentials), checked="")
    except (ChannelError, Conflict) as error:
        log.warning("told credentials refused", extra={"data": {"kind": draft.kind, "why": type(error).__name__}})
        return False
    return True


def _look_again(kind: str, call: AppCall, *, is_sandbox: bool) -> None:
    """They say that our app was removed: whoever is connected is checked, nothing is believed."""
    rows = Integration.objects.filter(kind=kind, is_sandbox=is_sandbox, removed_at=None, enabled=True)
    store = call.store_id or call.address
    for pk in rows.filter(remote_store_id=store).values_list("pk", flat=True):
        dispatch.wake(pk, "check_credentials", trigger="webhook")


# --- an app that is installed from the store's side -----------------------------------------------------------------------


@never_cache
@xframe_options_exempt
@require_GET
def app(request: HttpRequest, kind: str, what: str) -> HttpResponse:
    """The addresses of our app in a store's control panel. Installing keeps a draft for whoever logs in next with its link."""
    connector = CONNECTORS.get(kind)
    event = connector.app_routes.get(what) if connector else None
    if connector is None or event is None:
        raise Http404
    is_sandbox = settings.SANDBOX
    try:
        call = connector.read_app_call(what, query=request.GET.dict(), app=app_of(kind, is_sandbox=is_sandbox))
        answer = _APP[event](request, connector, call, is_sandbox)
    except ChannelError as error:
        context = {"connector": connector, "sentence": error.message, "url": "", "title": "Not connected"}
        answer = render(request, "channels/app.html", context, status=400)
    # Control panels show these pages in a frame of theirs.
    answer._csp_replace = {"frame-ancestors": list(connector.app_frames) or ["'none'"]}
    return answer


def _installed(request: HttpRequest, connector: type[StoreConnector], call: AppCall, is_sandbox: bool) -> HttpResponse:
    own = f"{settings.PORTAL_URL.rstrip('/')}{request.path}"
    found = redeem(connector.kind, is_sandbox=is_sandbox, query=request.GET.dict(), return_url=own)
    draft = drafts.begin_installed(connector.kind, Held(credentials=found))
    url = reverse("integration-installed", args=[signing.dumps(draft.key, salt=_TICKET)])
    sentence = "Your store approved. One more step: name the connection in your company here."
    context = {"connector": connector, "sentence": sentence, "url": url, "title": f"Connect {connector.label}"}
    return render(request, "channels/app.html", context)


def _opened(request: HttpRequest, connector: type[StoreConnector], call: AppCall, is_sandbox: bool) -> HttpResponse:
    sentence = "Your store is looked after in the portal. It opens in a window of its own."
    context = {"connector": connector, "sentence": sentence, "url": reverse("integrations"), "title": connector.label}
    return render(request, "channels/app.html", context)


def _removed(request: HttpRequest, connector: type[StoreConnector], call: AppCall, is_sandbox: bool) -> HttpResponse:
    _look_again(connector.kind, call, is_sandbox=is_sandbox)
    return HttpResponse(status=200)


def _ignored(request: HttpRequest, connector: type[StoreConnector], call: AppCall, is_sandbox: bool) -> HttpResponse:
    return HttpResponse(status=200)


_APP = {
    AppEvent.INSTALLED: _installed,
    AppEvent.OPENED: _opened,
    AppEvent.REMOVED: _removed,
    AppEvent.USER_REMOVED: _ignored,
}


@never_cache
@requires(Can.INTEGRATIONS)
@require_GET
def installed(request: HttpRequest, ticket: str) -> HttpResponse:
    """The link that an installation gave: the draft becomes the present person's, once; a store known here goes to reauthorising."""
    try:
        key = signing.loads(ticket, salt=_TICKET, max_age=TICKET_LIFE)
    except signing.BadSignature as error:
        raise Http404("This link has run out. Open the app in your store's control panel once more.") from error
    draft = drafts.adopt(request, key)
    if draft is None:
        raise Http404("This link was used already. Open the app in your store's control panel once more.")
    there = _known_store(draft)
    if there:
        ConnectDraft.objects.filter(pk=draft.pk).update(integration=there)
        return redirect(f"{reverse('integration-reauthorise', args=[there.pk])}?draft={draft.key}")
    return redirect(step_url(draft, "name"))


def _known_store(draft: ConnectDraft) -> Integration | None:
    """The company's own integration of the store that was installed; None for a new one."""
    try:
        store = try_draft(draft, Held.of(draft)).store_info()
    except ChannelError:
        return None
    return Integration.objects.filter(
        company=draft.company, kind=draft.kind, remote_store_id=store.store_id, removed_at=None
    ).first()
