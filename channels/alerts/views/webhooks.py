"""Endpoints: the list, the forms, the secret that is shown once, switching, trying and removing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from channels.alerts import endpoints
from channels.alerts.counting import count_of
from channels.alerts.forms import EndpointForm
from channels.alerts.views.switching import switch_over
from channels.models import AlertRule, Delivery, ErrandState, WebhookEndpoint
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.companies.views.answers import act, saved
from portal.ui.lists import Column, Empty, ListView


class EndpointList(ListView):
    """Where alerts are sent by machine, and how it goes."""

    name, title, permission, model = "webhooks", "Webhooks", Can.INTEGRATIONS, WebhookEndpoint
    template = "channels/alerts/webhooks.html"
    help_slug = "alerts"
    order = "-created_at"
    columns = (
        Column("name", "Webhook", link=True, place="1l"),
        Column("url", "Address", kind="code", hide="md", place="2l"),
        Column("rules", "Rules", kind="number", value="rule_count"),
        Column("waiting", "Waiting", kind="number", value="waiting"),
        Column("failed", "Failed", kind="number", value="failed", place="2r", named=True),
        Column("last_sent_at", "Last arrived", kind="time", place="3l", named=True),
        Column("enabled", "On", cell="channels/alerts/cell_endpoint_switch.html", export="enabled", place="1r"),
    )
    search, search_hint = ("name", "url"), "Name or address"
    empty = Empty(
        "webhook",
        "No webhooks",
        "A webhook tells a program of yours when something is stuck and when it is back to normal. Make one, then choose it in a rule.",
    )

    def rows(self) -> QuerySet[WebhookEndpoint]:
        sent = Delivery.objects.filter(endpoint=OuterRef("pk"))
        rows = self.request.scope.rows(WebhookEndpoint).filter(removed_at=None)
        return rows.annotate(
            rule_count=count_of(AlertRule.objects.filter(endpoint=OuterRef("pk")), "endpoint"),
            waiting=count_of(sent.filter(state=ErrandState.WAITING), "endpoint"),
            failed=count_of(sent.filter(state=ErrandState.FAILED), "endpoint"),
        )

    def extra(self) -> dict[str, Any]:
        return {"may": self.request.scope.can(Can.COMPANY)}

    def lines(self) -> list[Any]:
        for row in self.page.rows:
            row.may = self.request.scope.can(Can.COMPANY)
        return super().lines()


@never_cache
@requires(Can.COMPANY)
def new(request: HttpRequest) -> HttpResponse:
    """The form of a new endpoint. The answer to making one holds its secret; no other page ever does."""
    form = EndpointForm(request.POST or None)
    made: list[endpoints.Issued] = []

    def make() -> None:
        made.append(endpoints.create(request.scope.company, by=request.scope.user, **form.cleaned_data))

    if saved(request, form, make):
        return _show_secret(request, made[0], is_new=True)
    return _form(request, form, "New webhook", "Make the webhook", reverse("webhook-new"))


@requires(Can.COMPANY)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name and address of an endpoint."""
    endpoint = endpoint_of(request, pk)
    form = EndpointForm(request.POST or None, instance=WebhookEndpoint(name=endpoint.name, url=endpoint.url))
    if saved(request, form, lambda: endpoints.change(endpoint, by=request.scope.user, **form.cleaned_data)):
        messages.success(request, f"{endpoint} is saved.")
        return redirect("webhook", pk)
    return _form(request, form, f"Webhook: {endpoint}", "Save", reverse("webhook-edit", args=[pk]))


def _form(request: HttpRequest, form: EndpointForm, title: str, button: str, address: str) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "address": address, "help_slug": "alerts"}
    is_drawer = request.method == "GET" and request.headers.get("HX-Request")
    return render(request, f"channels/alerts/webhook_{'drawer' if is_drawer else 'page'}.html", context)


@never_cache
@require_POST
@requires(Can.COMPANY)
def rotate(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown once; the old one signs beside it for a day."""
    return _show_secret(request, endpoints.rotate(endpoint_of(request, pk), by=request.scope.user), is_new=False)


def _show_secret(request: HttpRequest, issued: endpoints.Issued, *, is_new: bool) -> HttpResponse:
    context = {"issued": issued, "is_new": is_new, "help_slug": "alerts"}
    return render(request, "channels/alerts/webhook_secret.html", context)


@require_POST
@requires(Can.COMPANY)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """On becomes off and the other way; the bar offers to undo it."""
    endpoint = endpoint_of(request, pk)
    words = {"name": str(endpoint), "off": "It hears of nothing that happens now."}
    return switch_over(request, endpoint, endpoints.switch, **words, undo="webhook-switch", to="webhooks")


@require_POST
@requires(Can.INTEGRATIONS)
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test event; the log shows what came of it."""
    endpoint = endpoint_of(request, pk)
    done, log = "A test is on its way; the log shows it.", endpoint.get_absolute_url()
    return act(request, lambda: endpoints.send_test(endpoint), done=done, to=log)


@require_POST
@requires(Can.COMPANY)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Send it nothing more and destroy its secret."""
    endpoint = endpoint_of(request, pk)
    done = f"{endpoint} is removed, and its secret destroyed."
    return act(request, lambda: endpoints.remove(endpoint, by=request.scope.user), done=done, to="webhooks")


def endpoint_of(request: HttpRequest, pk: int) -> WebhookEndpoint:
    """The company's endpoint; 404 for any other and for a removed one."""
    rows = request.scope.rows(WebhookEndpoint).filter(removed_at=None).select_related("company")
    return get_object_or_404(rows, pk=pk)
