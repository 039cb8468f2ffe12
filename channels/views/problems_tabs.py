"""The views of problems: Open, Waiting for retry, Snoozed, Resolved, Ignored."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from channels.models import Outbound, OutboundState, Problem
from portal.ui.lists import Tab
from portal.ui.lists.counting import Bounded, count
from portal.ui.lists.shown import ShownTab

_TABS = (
    ("open", "Open", "problems"),
    ("waiting", "Waiting for retry", "problems-waiting"),
    ("snoozed", "Snoozed", "problems-snoozed"),
    ("resolved", "Resolved", "problems-resolved"),
    ("ignored", "Ignored", "problems-ignored"),
)


def tabs(request: HttpRequest, current: str) -> list[ShownTab]:
    """The tabs with the counts that tell of something to do."""
    problems = Problem.objects.for_company(request.scope.company).order_by()
    counts = {
        "open": _causes(problems.awake()),
        "waiting": count(lambda: waiting_rows(request)),
        "snoozed": _causes(problems.snoozed()),
    }
    return [
        ShownTab(Tab(key, label, tone="bad" if key == "open" else ""), reverse(name), key == current, counts.get(key))
        for key, label, name in _TABS
    ]


def _causes(rows: QuerySet[Problem]) -> Bounded:
    return Bounded(rows.values("cause_key", "code").distinct().count())


def waiting_rows(request: HttpRequest) -> QuerySet[Outbound]:
    """Changes that were tried at least once and are tried again at their time, or are looked up first."""
    rows = Outbound.objects.for_company(request.scope.company)
    return rows.filter(
        state__in=(OutboundState.WAITING, OutboundState.UNKNOWN), attempts__gt=0, integration__removed_at=None
    )
