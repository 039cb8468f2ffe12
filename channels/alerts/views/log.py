"""The log of one endpoint: every delivery with its tries, sent again one by one or all since a moment."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from channels.alerts import deliveries
from channels.alerts.forms import ResendForm
from channels.alerts.views.webhooks import endpoint_of
from channels.models import Delivery, ErrandState, WebhookEndpoint
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.companies.views.answers import act
from portal.lib import clock
from portal.lib.errors import DomainError
from portal.ui.lists import BulkAction, Column, Empty, ListView, PeriodFilter, Tab
from portal.ui.looks import FINE, MOVING, QUIET, SLOW, STUCK, Look

LOOKS: dict[str, Look] = {
    ErrandState.WAITING: QUIET,
    ErrandState.SENDING: MOVING.named("Sending"),
    ErrandState.UNKNOWN: SLOW.named("Not known"),
    ErrandState.SENT: FINE.named("Arrived"),
    ErrandState.FAILED: STUCK.named("Failed"),
}


def resend_chosen(view: Any, rows: QuerySet[Delivery]) -> str:
    """The chosen deliveries are sent again; the sentence says how many. Those on their way are left alone."""
    chosen = list(rows.select_related("endpoint__company")[:1000])
    number = deliveries.resend_many(view.endpoint, chosen)
    return (
        f"{number:,} {'is' if number == 1 else 'are'} sent again."
        if number
        else "None was sent again: all are on their way."
    )


class DeliveryList(ListView):
    """What was sent to one endpoint, the newest first."""

    name, permission, model = "webhook", Can.INTEGRATIONS, Delivery
    template = "channels/alerts/webhook.html"
    help_slug = "alerts"
    order = "-created_at"
    columns = (
        Column("event", "Event", cell="channels/alerts/cell_event.html", export="event", place="1l"),
        Column("event_id", "Id", kind="code", hide="lg"),
        Column("state", "State", kind="state", looks=LOOKS, place="1r"),
        Column("last_answer", "Last answer", place="2l", extra_class="wide t2"),
        Column("attempts", "Tries", kind="number", place="2r", named=True),
        Column("next", "Next try", kind="time", value=lambda row: _next_try(row), hide="md"),
        Column("created_at", "Made", kind="time", sort="created_at", newest_first=True, place="3l"),
    )
    tabs = (
        Tab("all", "All", counted=False),
        Tab("failed", "Failed", Q(state=ErrandState.FAILED), tone="bad"),
        Tab("waiting", "Waiting", Q(state__in=(ErrandState.WAITING, ErrandState.SENDING))),
    )
    search, search_hint = ("event_id__startswith", "event__startswith"), "Event or id"
    filters = (PeriodFilter("made", "Made", field="created_at"),)
    actions = (BulkAction("resend", "Send again", resend_chosen, Can.INTEGRATIONS, icon="refresh-cw"),)
    empty = Empty("webhook", "Nothing was sent yet", "Choose this webhook in an alert rule, or send a test.")

    @property
    def title(self) -> str:
        return self.endpoint.name

    @property
    def endpoint(self) -> WebhookEndpoint:
        if not hasattr(self, "_endpoint"):
            self._endpoint = endpoint_of(self.request, self.kwargs["pk"])
        return self._endpoint

    def rows(self) -> QuerySet[Delivery]:
        return self.request.scope.rows(Delivery).filter(endpoint=self.endpoint).defer("body")

    def extra(self) -> dict[str, Any]:
        since = timezone.localtime(clock.now() - timedelta(days=1))
        return {
            "endpoint": self.endpoint,
            "may": self.request.scope.can(Can.COMPANY),
            "overlaps": bool(self.endpoint.old_secret_until and self.endpoint.old_secret_until > clock.now()),
            "resend": ResendForm(initial={"since": since}),
        }


def _next_try(row: Delivery) -> Any:
    return row.not_before if row.state == ErrandState.WAITING else None


@requires(Can.INTEGRATIONS)
def delivery(request: HttpRequest, pk: int, delivery_id: int) -> HttpResponse:
    """One delivery: what was sent, and every try with its answer."""
    row = _delivery_of(request, pk, delivery_id)
    context = {
        "row": row,
        "look": LOOKS[ErrandState(row.state)],
        "endpoint": row.endpoint,
        "body": json.dumps(row.body, indent=2, ensure_ascii=False),
        "tries": list(row.tries.all()[:50]),
        "help_slug": "alerts",
    }
    is_drawer = request.headers.get("HX-Request")
    return render(request, f"channels/alerts/delivery_{'drawer' if is_drawer else 'page'}.html", context)


@require_POST
@requires(Can.INTEGRATIONS)
def resend(request: HttpRequest, pk: int, delivery_id: int) -> HttpResponse:
    """Send one again, under its id."""
    row = _delivery_of(request, pk, delivery_id)
    log = row.endpoint.get_absolute_url()
    return act(request, lambda: deliveries.resend(row), done=f"{row.event} is sent again.", to=log)


@require_POST
@requires(Can.INTEGRATIONS)
def resend_since(request: HttpRequest, pk: int) -> HttpResponse:
    """Send again what failed, or everything, since a moment."""
    endpoint, form = endpoint_of(request, pk), ResendForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(sentence) for errors in form.errors.values() for sentence in errors))
        return redirect("webhook", pk)
    everything = form.cleaned_data["everything"]
    try:
        number = deliveries.resend_since(endpoint, form.cleaned_data["since"], only_failed=not everything)
    except DomainError as error:
        messages.error(request, error.sentence)
    else:
        nothing = "Nothing was made since then." if everything else "Nothing has failed since then."
        messages.success(request, f"{number:,} {'is' if number == 1 else 'are'} sent again." if number else nothing)
    return redirect("webhook", pk)


def _delivery_of(request: HttpRequest, pk: int, delivery_id: int) -> Delivery:
    rows = request.scope.rows(Delivery).filter(endpoint_id=pk, endpoint__removed_at=None)
    return get_object_or_404(rows.select_related("endpoint__company"), pk=delivery_id)
