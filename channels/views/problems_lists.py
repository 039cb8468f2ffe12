"""The lists beside the open problems: what is tried again by itself, what was resolved and by whom, what was ignored and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from channels.models import Integration, Outbound, OutboundKind, OutboundState, Problem, ProblemState
from channels.problem_plan import can_talk
from channels.problem_retry import try_now
from channels.views.outbound_names import name_rows
from channels.views.problems_tabs import tabs, waiting_rows
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.ui.lists import BulkAction, ChoiceFilter, Column, Empty, ListView
from portal.ui.looks import ODD, SLOW


def integration_choices(view: ListView) -> list[tuple[str, str]]:
    """The company's connections."""
    rows = view.request.scope.rows(Integration).filter(removed_at=None)
    return [(str(pk), name) for pk, name in rows.order_by("name").values_list("pk", "name")]


class _ProblemTab(ListView):
    """A list under the tabs of the Problems page."""

    title = "Problems"
    help_slug = "problems"
    tab_key = ""

    def shown_tabs(self) -> list[Any]:
        return tabs(self.request, self.tab_key)


_TRY_NOW = {
    0: "None could be tried: their connections need you or are paused.",
    1: "1 is being tried now.",
}


def run_try_now(view: ListView, rows: QuerySet[Outbound]) -> str:
    """The chosen rows go at once; the sentence says how many."""
    number = try_now(rows.select_related("integration")[:1000])
    return _TRY_NOW.get(number, f"{number:,} are being tried now.")


class WaitingList(_ProblemTab):
    """Changes that wait for their next try, the next one first."""

    name = "problems-waiting"
    tab_key = "waiting"
    model = Outbound
    order = "not_before"
    newer_word, older_word = "Sooner", "Later"
    columns = (
        Column("what", "What", value="record_name", sub="get_kind_display", place="1l", extra_class="wide"),
        Column("integration", "Connection", value="integration.name", place="2l"),
        Column(
            "state", "State", kind="state", hide="md", looks={OutboundState.WAITING: SLOW, OutboundState.UNKNOWN: ODD}
        ),
        Column("last_answer", "Last answer", hide="lg", extra_class="wide t2", place="3l"),
        Column("attempts", "Tries", kind="number", place="2r"),
        Column("not_before", "Next try", kind="time", sort="not_before", place="1r"),
        Column("now", "Try", cell="channels/problems/try_now.html", export=False),
    )
    filters = (
        ChoiceFilter("integration", "Connection", integration_choices, field="integration_id"),
        ChoiceFilter("kind", "Kind", OutboundKind.choices),
    )
    actions = (BulkAction("try-now", "Try now", run=run_try_now, permission=Can.ORDERS, icon="refresh-cw"),)
    empty = Empty(
        "circle-check",
        "Nothing waits for a retry",
        "When a store does not answer, changes wait here and go out by themselves. Nothing is lost.",
    )

    def rows(self) -> QuerySet[Outbound]:
        return waiting_rows(self.request).select_related("integration")

    def lines(self) -> list[Any]:
        for row in name_rows(self.page.rows):
            row.may_try = self.request.scope.can(Can.ORDERS) and can_talk(row.integration)
        return super().lines()


@require_POST
@requires(Can.ORDERS)
def try_now_one(request: HttpRequest, pk: int) -> HttpResponse:
    """One waiting change goes at once."""
    row = get_object_or_404(request.scope.rows(Outbound).select_related("integration"), pk=pk)
    messages.success(request, _TRY_NOW[try_now([row])])
    return redirect("problems-waiting")


class _ClosedList(_ProblemTab):
    """Problems that nobody has to act on any more."""

    model = Problem
    order = "-last_seen_at"
    state = ProblemState.RESOLVED
    search = ("sentence__icontains", "record_name__icontains")
    search_hint = "Order, SKU, words"
    filters = (ChoiceFilter("integration", "Connection", integration_choices, field="integration_id"),)

    def rows(self) -> QuerySet[Problem]:
        rows = self.request.scope.rows(Problem).filter(state=self.state)
        return rows.select_related("resolved_by", "integration")


def _page_of(row: Problem) -> str:
    return reverse("problem", args=[row.pk])


def _by(row: Problem) -> str:
    return str(row.resolved_by) if row.resolved_by else "by itself"


class ResolvedList(_ClosedList):
    """What was resolved: when, by whom, how."""

    name = "problems-resolved"
    tab_key = "resolved"
    columns = (
        Column("sentence", "What happened", link=_page_of, place="1l", extra_class="wide"),
        Column("resolution", "How it was resolved", place="2l"),
        Column("by", "By", value=_by, place="3l"),
        Column("value", "Was stuck", kind="money", hide="lg"),
        Column("last_seen_at", "Last seen", kind="time", sort="last_seen_at", newest_first=True, hide="md"),
        Column("resolved_at", "Resolved", kind="time", place="1r"),
    )
    empty = Empty("history", "Nothing was resolved yet", "What is mended, by you or by itself, is listed here.")


class IgnoredList(_ClosedList):
    """What was put away, and why."""

    name = "problems-ignored"
    tab_key = "ignored"
    state = ProblemState.IGNORED
    columns = (
        Column("sentence", "What happened", link=_page_of, place="1l", extra_class="wide"),
        Column("resolution", "Why it is ignored", place="2l"),
        Column("by", "By", value=_by, place="3l"),
        Column("value", "Stuck", kind="money", hide="lg"),
        Column("times_seen", "Seen", kind="number", hide="lg"),
        Column("last_seen_at", "Last seen", kind="time", sort="last_seen_at", newest_first=True, place="1r"),
        Column("again", "Take up", cell="channels/problems/open_again.html", export=False),
    )
    empty = Empty("circle-pause", "Nothing is ignored", "A problem that you put away with a reason is kept here.")

    def lines(self) -> list[Any]:
        for row in self.page.rows:
            row.may_open = self.request.scope.can(Can.ORDERS)
        return super().lines()
