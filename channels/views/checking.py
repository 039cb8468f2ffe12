"""The check, in the open: each line reaches the page when it is done; what came of it decides whether one may go on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_http_methods

from channels import credentials, drafts
from channels.connecting import Tried, identity_check, passed, read_back, run_checks
from channels.contract import Check, StoreInfo
from channels.drafts import Held
from channels.errors import ChannelError
from channels.models import ConnectDraft
from channels.registry import connector_class
from channels.views.wizard import show, step_url, with_draft
from portal.lib.errors import Conflict


@with_draft
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, draft: ConnectDraft) -> HttpResponse:
    """The page that runs the check as it opens; "Yes, that is us" goes on."""
    held = Held.of(draft)
    if not held.credentials:
        return redirect(step_url(draft, "authorise"))
    if request.method == "POST" and passed(held):
        return redirect(step_url(draft, "sync"))
    return show(request, draft, "check", {"connector": connector_class(draft.kind)})


@with_draft
@require_GET
def run(request: HttpRequest, draft: ConnectDraft) -> HttpResponseBase:
    """The lines of the check as HTML, each sent when it is known; the last part says what to do next."""
    answer = StreamingHttpResponse(stream(request, draft), content_type="text/html; charset=utf-8")
    answer["X-Accel-Buffering"] = "no"
    return answer


def stream(request: HttpRequest, draft: ConnectDraft) -> Iterator[str]:
    """Run the checks of ``draft`` and keep what came of them with it."""
    held = Held.of(draft)
    drafts.await_call(draft, "")
    failed: list[Check] = []
    ends_at = held.ends_at
    for tried in run_checks(draft, held):
        if tried.is_bad:
            failed.append(tried.check)
        if tried.check.ends_at:
            ends_at = tried.check.ends_at.isoformat()
        yield _row(draft, tried)
    info: StoreInfo | None = None
    if not any(each.code in _BLIND for each in failed):
        try:
            info = read_back(draft, held)
        except ChannelError as error:
            failed = failed or [Check("Store read back", False, error.message, code=error.code)]
            if len(failed) == 1 and failed[0].name == "Store read back":
                yield _row(draft, Tried(failed[0], 0))
    if info and (wrong := identity_check(draft, info)):
        failed.append(wrong)
        yield _row(draft, Tried(wrong, 0))
    is_kept = _keep(draft, replace(held, ends_at=ends_at), info, is_good=not failed and info is not None)
    context = {
        "draft": draft,
        "failed": failed,
        "store": info,
        "is_good": is_kept and not failed and info is not None,
        "is_stale": not is_kept,
        "is_silent": bool(failed) and all(each.code in _SILENT for each in failed),
        "connector": connector_class(draft.kind),
        "integration": draft.integration,
    }
    template = "channels/reauthorise_outcome.html" if draft.integration else "channels/wizard/outcome.html"
    yield render_to_string(template, context, request=request)


# The store did not answer: nobody has anything to mend.
_SILENT = {"store_unavailable", "store_unreachable", "rate_limited"}
# After one of these nothing can be read back.
_BLIND = {"credentials_rejected", "wrong_address"} | _SILENT


def _row(draft: ConnectDraft, tried: Tried) -> str:
    return render_to_string(
        "channels/wizard/check_row.html",
        {
            "check": tried.check,
            "is_bad": tried.is_bad,
            "milliseconds": tried.milliseconds,
            "back": _back_to(draft, tried.check),
        },
    )


def _back_to(draft: ConnectDraft, check: Check) -> str:
    """Where the field at fault is; "" when it is none of ours."""
    names = {each.name for each in connector_class(draft.kind).credential_fields}
    if check.passed is not False or check.field not in names or draft.integration:
        return ""
    return f"{step_url(draft, 'authorise')}#id_{check.field}"


def _keep(draft: ConnectDraft, held: Held, info: StoreInfo | None, *, is_good: bool) -> bool:
    """Note the outcome; False when the credentials were changed in another window meanwhile."""
    store = {"name": info.name, "currency": info.currency, "time_zone": info.time_zone} if info else {}
    store |= {"id": info.store_id, "address": info.address} if info else {}
    checked = credentials.fingerprint(held.credentials) if is_good else ""
    try:
        drafts.change(draft, checked=checked, store=store, choices={}, ends_at=held.ends_at)
    except Conflict:
        return False
    return True
