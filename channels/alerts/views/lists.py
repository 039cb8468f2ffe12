"""The inbox of alerts, and the list of rules."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from channels.alerts import inbox
from channels.alerts.counting import count_of
from channels.alerts.news import worth_of
from channels.alerts.words import pace_words, tells_words, when_words
from channels.models import Alert, AlertRule
from channels.views.problems_lists import integration_choices
from portal.companies.permissions import Can
from portal.ui.lists import ChoiceFilter, Column, Empty, ListView, PeriodFilter, Tab
from portal.ui.looks import FINE, OFF, SLOW, STUCK

_LOOKS = {
    "open": STUCK.named("Open"),
    "away": SLOW.named("Looks over"),
    "over": FINE.named("Back to normal"),
    "put away": OFF.named("Put away"),
}


def state_of(alert: Alert) -> str:
    """Open, away for the moment, over with something caught up, or put away."""
    if alert.cleared_at:
        return "over" if alert.caught_up else "put away"
    return "away" if alert.away_since else "open"


def ended_words(alert: Alert) -> str:
    return f"{alert.caught_up:,} caught up" if alert.cleared_at and alert.caught_up else ""


class AlertList(ListView):
    """What the rules told, the newest first. Looking at it counts as having read it; what was new is marked this once."""

    name, title, permission, model = "alerts", "Alerts", Can.VIEW, Alert
    template = "channels/alerts/alerts.html"
    help_slug = "alerts"
    order = "-opened_at"
    columns = (
        Column("title", "What", cell="channels/alerts/cell_title.html", export="title", place="1l", extra_class="wide"),
        Column("state", "State", value=state_of, kind="state", looks=_LOOKS, place="2l", export=state_of),
        Column("amounts", "Stuck", value=lambda row: worth_of(row.amounts), kind="text", place="1r", extra_class="num"),
        Column("integration", "Connection", value="integration.name", hide="lg"),
        Column("rule", "Rule", value="rule.name", hide="md", place="3l"),
        Column("opened_at", "Since", kind="time", sort="opened_at", newest_first=True, place="2r"),
        Column("cleared_at", "Over", kind="time", sub=ended_words),
    )
    tabs = (
        Tab("open", "Open", Q(cleared_at=None), tone="bad"),
        Tab("over", "Back to normal", Q(cleared_at__isnull=False, caught_up__gt=0), counted=False),
        Tab("all", "All", counted=False),
    )
    search, search_hint = ("title",), "Order, SKU, words"
    filters = (
        ChoiceFilter("integration", "Connection", integration_choices, field="integration_id"),
        ChoiceFilter("rule", "Rule", lambda view: _rule_choices(view), field="rule_id"),
        PeriodFilter("opened", "Opened", field="opened_at"),
    )
    empty = Empty(
        "bell",
        "No alerts",
        "When something needs somebody, it is told here within a minute, and by e-mail. You need not set anything up.",
        "alert-rules",
        "Look at the rules",
    )

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        self.read_until = inbox.read_until(request.scope)
        answer = super().get(request, **kwargs)
        if not answer.streaming and "export" not in request.GET:
            inbox.mark_read(request.scope)
        return answer

    def rows(self) -> QuerySet[Alert]:
        return inbox.shown_alerts(self.request.scope.company).select_related("rule", "integration")

    def lines(self) -> list[Any]:
        for row in self.page.rows:
            row.is_new = row.opened_at > self.read_until
            row.is_newly_over = bool(row.cleared_at and row.caught_up and row.cleared_at > self.read_until)
        return super().lines()


def _rule_choices(view: ListView) -> list[tuple[str, str]]:
    rows = view.request.scope.rows(AlertRule).order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


class RuleList(ListView):
    """The rules: when they alert, whom they tell, whether they are on."""

    name, title, permission, model = "alert-rules", "Alert rules", Can.VIEW, AlertRule
    template = "channels/alerts/rules.html"
    help_slug = "alerts"
    order = "pk"
    columns = (
        Column("name", "Rule", cell="channels/alerts/cell_rule.html", export="name", place="1l"),
        Column("when", "Alerts when", value=when_words, place="2l", extra_class="wide t2"),
        Column("tells", "Tells", value=tells_words, hide="md", place="3l", extra_class="wide t2"),
        Column("pace", "How soon", value=pace_words, hide="lg", place="3r"),
        Column("open_now", "Open now", kind="number", value="open_now"),
        Column("enabled", "On", cell="channels/alerts/cell_rule_switch.html", export="enabled", place="1r"),
        Column("test", "Test", cell="channels/alerts/cell_rule_test.html", export=False, place="2r"),
    )
    search, search_hint = ("name",), "Name"
    newer_word, older_word = "Previous", "Next"
    empty = Empty("bell", "No rules", "The two standard rules appear here within a minute.")

    def rows(self) -> QuerySet[AlertRule]:
        rows = self.request.scope.rows(AlertRule).select_related("integration", "endpoint").prefetch_related("people")
        open_now = Alert.objects.filter(rule=OuterRef("pk"), cleared_at=None)
        return rows.annotate(open_now=count_of(open_now, "rule"))

    def extra(self) -> dict[str, Any]:
        return {"may": self.request.scope.can(Can.INTEGRATIONS)}

    def lines(self) -> list[Any]:
        for row in self.page.rows:
            row.may = self.request.scope.can(Can.INTEGRATIONS)
        return super().lines()
