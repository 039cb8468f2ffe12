"""Trying a group again, watched: how far it is, what came of each, and stopping it. And the list of all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from channels import replays
from channels.models import Replay, ReplayState
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError
from portal.ui.lists import Column, Empty, ListView
from portal.ui.looks import FINE, GONE, MOVING, Look

ITEMS = 50


@requires(Can.VIEW)
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """The report: the bar, what came of it in figures, and each record with both attempts."""
    found = _of(request, pk)
    asked = request.GET.get("after", "")
    items = list(replays.items_of(found, after=int(asked) if asked.isdecimal() and len(asked) < 18 else 0, size=ITEMS))
    shown = items[:ITEMS]
    context = {
        **_progress(request, found),
        "items": [(item, replays.words_of(item)) for item in shown],
        "was_sent": any(item.first_attempt_id or item.outbound_id for item in shown),
        "older": items[ITEMS - 1].pk if len(items) > ITEMS else None,
        "help_slug": "problems",
    }
    return render(request, "channels/problems/replay.html", context)


@requires(Can.VIEW)
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar and the figures alone, asked for every two seconds while something moves."""
    return render(request, "channels/problems/replay_progress.html", _progress(request, _of(request, pk)))


def _progress(request: HttpRequest, found: Replay) -> dict[str, Any]:
    return {"report": replays.report_on(found), "may": request.scope.can(Can.ORDERS)}


@require_POST
@requires(Can.ORDERS)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave alone what was not tried yet."""
    try:
        left = replays.cancel(_of(request, pk), scope=request.scope)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        messages.success(request, f"Cancelled. {left:,} are as they were; what was sent already goes on.")
    return redirect("problem-replay", pk=pk)


def _of(request: HttpRequest, pk: int) -> Replay:
    return get_object_or_404(request.scope.rows(Replay).select_related("by"), pk=pk)


LOOKS: dict[str, Look] = {
    ReplayState.RUNNING: MOVING.named("Running"),
    ReplayState.DONE: FINE.named("Done"),
    ReplayState.CANCELLED: GONE,
}


def _address(row: Replay) -> str:
    return reverse("problem-replay", args=[row.pk])


class ReplayList(ListView):
    """What was tried again: when, by whom, how many."""

    name, title, permission, model = "problem-replays", "Tried again", Can.VIEW, Replay
    template = "channels/problems/replays.html"
    order = "-started_at"
    help_slug = "problems"
    columns = (
        Column("title", "What", link=_address, place="1l", extra_class="wide"),
        Column("number", "Records", kind="number", place="2r", named=True),
        Column(
            "state",
            "State",
            kind="state",
            looks=LOOKS,
            place="2l",
        ),
        Column("by", "By", value=lambda row: str(row.by) if row.by else "A program", place="3l"),
        Column("started_at", "Begun", kind="time", sort="started_at", newest_first=True, place="1r"),
    )
    empty = Empty("refresh-cw", "Nothing was tried again yet", "What you try again from Problems is reported here.")

    def rows(self) -> QuerySet[Replay]:
        rows = self.request.scope.rows(Replay).select_related("by")
        return rows.annotate(number=Count("items"))
