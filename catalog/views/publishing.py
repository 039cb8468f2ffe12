"""Preview and publish: what the draft of a list would do, and the ways from there to live prices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from catalog.models import PriceList, PriceRevision, RevisionState
from catalog.pricing.change import Change, Fixed
from catalog.services import draft_change, drop_draft, open_revision, policy_of, preview_change, undo_publish
from catalog.services.previews import trouble_of
from catalog.services.publishing import said
from catalog.services.releasing import approve_and_release, reasons_for_approval, release
from catalog.services.terms import goods_of
from catalog.views.panels import list_of, panel
from portal.companies.audit import record
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

HISTORY = 30


@requires(Can.PRICES)
def price_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What the draft would do to every price; POST publishes it, schedules it, sends it for approval, approves it or drops it."""
    price_list = list_of(request, pk)
    revision, error = open_revision(price_list), ""
    if request.method == "POST":
        try:
            done = _act(request, price_list, revision)
        except DomainError as problem:
            error, revision = problem.sentence, open_revision(price_list)
        else:
            if done:
                messages.success(request, done)
                return redirect("price-list", price_list.pk)
            revision = open_revision(price_list)
    if revision is None:
        return panel(request, "nothing", f"Publish {price_list}", price_list=price_list, error=error)
    change = Change.from_json(revision.change)
    preview = preview_change(price_list, change)
    return panel(
        request,
        "preview",
        f"Publish {price_list}",
        price_list=price_list,
        revision=revision,
        preview=preview,
        troubled=sum(preview.trouble_counts.values()),
        changed=said(change),
        reasons=reasons_for_approval(policy_of(price_list.company_id), preview),
        is_own=request.user.pk in {revision.submitted_by_id, revision.created_by_id},
        zone=request.scope.company.time_zone,
        error=error,
    )


@requires(Can.PRICES)
def price_history(request: HttpRequest, pk: int) -> HttpResponse:
    """What was published on the list, newest first; POST undoes one of them."""
    price_list = list_of(request, pk)
    if request.method == "POST":
        revision = get_object_or_404(price_list.revisions, pk=_number(request.POST.get("revision", "")))
        try:
            moved = undo_publish(revision, by=request.user)
        except DomainError as problem:
            messages.error(request, problem.sentence)
        else:
            _note(request, price_list, "price_list.undone", f"Undid on “{price_list}”: {revision.sentence}")
            messages.success(request, f"Undone. {_prices(len(moved))} back.")
        return redirect("price-list", price_list.pk)
    done = (RevisionState.PUBLISHED, RevisionState.PUBLISHING)
    rows = (
        price_list.revisions.filter(state__in=done)
        .select_related("created_by", "approved_by")
        .prefetch_related("undone_by")
    )
    return panel(request, "history", f"History of {price_list}", price_list=price_list, revisions=rows[:HISTORY])


def _act(request: HttpRequest, price_list: PriceList, revision: PriceRevision | None) -> str:
    """Do what the button says; returns the sentence to show on the list's page, "" to stay in the preview."""
    if revision is None:
        raise DomainError("There is no draft any more: somebody published or dropped it meanwhile.")
    if str(revision.edits) != request.POST.get("seen", ""):
        raise DomainError(
            "Somebody else changed this draft meanwhile. It stands here as it is now; look again, then publish."
        )
    raises = "variant" in request.POST or "all" in request.POST
    act = _raise_to_limit if raises else _ACTS.get(request.POST.get("op", ""))
    if act is None:
        raise DomainError("Choose whether to publish, keep or drop the draft.")
    return act(request, price_list, revision)


def _publish(request: HttpRequest, price_list: PriceList, revision: PriceRevision) -> str:
    at = _typed_time(request) if request.POST.get("when") == "later" else None
    return _released(request, price_list, revision, release(revision, by=request.user, at=at))


def _approve(request: HttpRequest, price_list: PriceList, revision: PriceRevision) -> str:
    return _released(request, price_list, revision, approve_and_release(revision, by=request.user))


def _drop(request: HttpRequest, price_list: PriceList, revision: PriceRevision) -> str:
    drop_draft(revision)
    _note(request, price_list, "price_list.draft_dropped", f"Dropped the draft of “{price_list}”.")
    return "The draft is dropped. Live prices are as they were."


def _raise_to_limit(request: HttpRequest, price_list: PriceList, revision: PriceRevision) -> str:
    """Set the chosen violations to the figure that they pass, in the draft."""
    preview = preview_change(price_list, Change.from_json(revision.change))
    wanted = {_number(pk) for pk in request.POST.getlist("variant")}
    goods = goods_of(price_list, [one.variant_id for one in preview.violations])
    fixed = {
        one.variant_id: Fixed(trouble_of(one.new, goods[one.variant_id])[1])
        for one in preview.violations
        if one.new is not None and (one.variant_id in wanted or "all" in request.POST)
    }
    if fixed:
        draft_change(price_list, Change(overrides=fixed), by=request.user)
    return ""


_ACTS: dict[str, Callable[[HttpRequest, PriceList, PriceRevision], str]] = {
    "publish": _publish,
    "approve": _approve,
    "drop": _drop,
}


def _released(request: HttpRequest, price_list: PriceList, revision: PriceRevision, state: str) -> str:
    to = RevisionState(state)
    sentence = {
        RevisionState.PUBLISHED: f"Published. {_prices(revision.counts.get('moved', 0))} moved; listings follow in your partners' stores.",
        RevisionState.SCHEDULED: f"Scheduled. The prices of “{price_list}” change by themselves then.",
        RevisionState.WAITING: "Sent for approval. A colleague who may change prices opens this list and approves it.",
    }[to]
    _note(
        request,
        price_list,
        f"price_list.{state}",
        f"“{price_list}”: {revision.sentence or 'a draft'}, {to.label.lower()}.",
    )
    return sentence


def _note(request: HttpRequest, price_list: PriceList, action: str, sentence: str) -> None:
    record(request.scope.company, action, target=price_list, sentence=sentence, user=request.user)


def _typed_time(request: HttpRequest) -> datetime:
    """The day and time in the company's zone."""
    try:
        moment = datetime.fromisoformat(request.POST.get("at", ""))
    except ValueError as error:
        raise DomainError("Choose the day and the time at which the prices change.", field="at") from error
    return moment.replace(tzinfo=ZoneInfo(request.scope.company.time_zone)) if moment.tzinfo is None else moment


def _number(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 18 else 0


def _prices(count: int) -> str:
    return f"{count:,} {'price' if count == 1 else 'prices'}"
