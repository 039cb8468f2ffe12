"""One integration: what it does, its settings, its activity, what waits, and its switch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from channels import credentials, services
from channels.budget import budget_of
from channels.connecting import choices_of
from channels.credentials import NoCredentials
from channels.errors import ChannelError
from channels.forms import IntegrationForm, initial_of
from channels.key_end import day_of, end_of
from channels.models import Integration, Outbound
from channels.registry import connector_class
from channels.selectors import jobs_of, open_orders, open_problems, queue_of, waiting_of
from channels.session import open_connector
from channels.shown import connector_of, direction_of, label_of, look_of, mended_in_settings, ticks_of, way_out
from channels.steps import STEPS
from channels.views.outbound_names import name_rows
from channels.wanted import missing_settings
from portal.companies.guard import GuardedView, View, requires
from portal.companies.models import AuditEvent, PartnershipState
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

ACTIVITY = 100


def with_integration(permission: Can, *, removed: bool = False) -> Callable[[View], GuardedView]:
    """Hand the view an integration of the present company; another's, and a removed one where that is not allowed, is a 404."""

    def wrap(view: View) -> GuardedView:
        @wraps(view)
        def opened(request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
            rows = request.scope.rows(Integration).select_related("company", "connected_by")
            rows = rows if removed else rows.filter(removed_at=None)
            return view(request, get_object_or_404(rows, pk=pk), **kwargs)

        return requires(permission)(opened)

    return wrap


def frame(request: HttpRequest, integration: Integration, tab: str, **context: Any) -> dict[str, Any]:
    """What the head and the tabs of every page of an integration read."""
    jobs = jobs_of(integration)
    return {
        "integration": integration,
        "connector": connector_of(integration),
        "channel": label_of(integration.kind),
        "look": look_of(integration),
        "sentence": sentence_of(integration, jobs),
        "jobs": jobs,
        "is_moving": any(job.is_running or job.is_due for job in jobs),
        "problem_count": integration.problems.filter(state="open").count(),
        "may": request.scope.can(Can.INTEGRATIONS),
        "way_out": way_out(integration) if integration.needs_person else None,
        "can_ask": not integration.needs_person or mended_in_settings(integration),
        "tab": tab,
        "title": integration.name,
        "help_slug": "integrations",
        "zone": timezone.get_current_timezone_name(),
        **context,
    }


def sentence_of(integration: Integration, jobs: list[Any]) -> str:
    """Health in a sentence: what happened, what it means, what to do."""
    if integration.removed_at:
        return "Its key was destroyed. Orders and reports stay here under this name."
    if not integration.enabled:
        return "Nothing is sent and nothing is pulled. Webhooks are kept, and everything is caught up once you switch it on."
    if integration.health_reason:
        return integration.health_reason
    running = next((job for job in jobs if job.is_running), None)
    if running:
        return f"{running.label}: {running.progress}."
    failed = [job.label.lower() for job in jobs if job.look and job.look.tone in {"bad", "warn"}]
    if failed:
        return f"It answers. {len(failed)} of its jobs deserve{'s' if len(failed) == 1 else ''} a look: {', '.join(failed)}."
    return "All its last runs finished." if any(job.last_at for job in jobs) else "Its first runs begin in a moment."


@with_integration(Can.VIEW, removed=True)
@require_GET
def overview(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Jobs, problems, budget, what waits, and the red zone."""
    context = frame(
        request,
        integration,
        "overview",
        budget=budget_of(integration),
        waiting=waiting_of(integration),
        problems=open_problems(integration),
        ticks=ticks_of([integration])[integration.pk],
        receipts=integration.receipts.order_by("-received_at")[:5],
        direction=direction_of(integration),
        key=credentials.facts(integration),
        open_orders=open_orders(integration) if not integration.removed_at else 0,
    )
    return render(request, "channels/detail/overview.html", context)


@with_integration(Can.VIEW)
@require_GET
def jobs(request: HttpRequest, integration: Integration) -> HttpResponse:
    """The table of jobs alone: polled while something runs."""
    return render(request, "channels/detail/jobs.html", frame(request, integration, "overview"))


@with_integration(Can.INTEGRATIONS)
@require_POST
def sync_now(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Queue one job, or all of them."""
    step = request.POST.get("step", "")
    steps = [step] if step in STEPS else [job.step for job in jobs_of(integration)] if step == "all" else []
    try:
        queued = [services.sync_now(integration, each, by=request.user) for each in steps]
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect("integration", integration.pk)
    what = STEPS[step].label if step in STEPS else "Everything"
    messages.success(
        request, f"{what} of {integration.name} runs now." if any(queued) else f"{what} is queued already."
    )
    return redirect("integration", integration.pk)


@with_integration(Can.INTEGRATIONS)
@require_POST
def pause(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Switch off; asks nothing and can be undone."""
    services.disable(integration, by=request.user)
    undo = reverse("integration-resume", args=[integration.pk])
    messages.success(
        request,
        f"Orders and listing updates of {integration.name} are paused. Webhooks are kept.",
        extra_tags=f"undo:{undo}",
    )
    return _back(request, integration)


@with_integration(Can.INTEGRATIONS)
@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, integration: Integration) -> HttpResponse:
    """GET shows the catch-up exactly; POST switches on."""
    if integration.enabled:
        return redirect("integration", integration.pk)
    if request.method == "POST":
        services.enable(integration, by=request.user)
        messages.success(request, f"{integration.name} is on again and catches up now.")
        return _back(request, integration)
    context = frame(
        request, integration, "overview", plan=services.catch_up(integration), waiting=waiting_of(integration)
    )
    return render(request, "channels/detail/resume.html", context)


@with_integration(Can.INTEGRATIONS)
@require_GET
def resume_orders(request: HttpRequest, integration: Integration) -> HttpResponse:
    """How many orders wait in the store, counted there while the page is open."""
    try:
        number, is_all = services.orders_to_catch_up(integration)
        words = f"{number}{'' if is_all else ' or more'} order{'' if number == 1 else 's'} placed or changed there"
    except (ChannelError, NoCredentials) as error:
        words = f"The store could not be asked now ({getattr(error, 'message', '') or error}) Nothing is lost."
    return render(request, "channels/detail/resume_orders.html", {"words": words})


def _back(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Where the click was: the list or the integration's page."""
    came_from = request.META.get("HTTP_REFERER", "")
    return (
        redirect("integrations")
        if came_from.rstrip("/").endswith("/integrations")
        else redirect("integration", integration.pk)
    )


@with_integration(Can.INTEGRATIONS)
@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Its name, its store's clock, and the choices of the channel, read from the store."""
    connector = connector_class(integration.kind)
    form = IntegrationForm(
        request.POST or None,
        connector=connector,
        choices=_choices(integration),
        zone=integration.time_zone,
        roles={"supplies": integration.supplies, "sells": integration.sells},
        initial={"name": integration.name, "time_zone": integration.time_zone, "key_ends_on": _key_ends_on(integration)}
        | initial_of(connector, integration.settings),
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.configure(
                integration,
                name=form.cleaned_data["name"],
                time_zone=form.cleaned_data["time_zone"],
                chosen=form.chosen(),
                by=request.user,
            )
            if "key_ends_on" in form.fields:
                services.tell_key_end(integration, end_of(form.cleaned_data["key_ends_on"]), by=request.user)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.sentence)
        else:
            messages.success(request, "Saved.")
            return redirect("integration-settings", integration.pk)
    return render(request, "channels/detail/settings.html", frame(request, integration, "settings", form=form))


def _key_ends_on(integration: Integration) -> date | None:
    key = credentials.facts(integration)
    return day_of(key.expires_at) if key else None


def _choices(integration: Integration) -> dict[str, Any]:
    """What can be chosen, as the store says now; a store that cannot be asked leaves what is chosen as text."""
    if integration.needs_person and not mended_in_settings(integration):
        return {}
    try:
        found = choices_of(open_connector(integration))
    except NoCredentials:
        return {}
    return {name: _with_saved(pairs, integration.settings.get(name, "")) for name, pairs in found.items()}


def _with_saved(pairs: Sequence[tuple[str, str]], saved: str) -> list[tuple[str, str]]:
    """What is chosen stays a choice when the store does not offer it any more, or saving the page would lose it."""
    known = not saved or not pairs or saved in dict(pairs)
    return [*pairs] if known else [*pairs, (saved, f"{saved} (as saved)")]


@with_integration(Can.VIEW, removed=True)
@require_GET
def activity(request: HttpRequest, integration: Integration) -> HttpResponse:
    """Who did what to it."""
    events = (
        request.scope.rows(AuditEvent)
        .filter(target_type="integration", target_id=str(integration.pk))
        .order_by("-at", "-pk")[:ACTIVITY]
    )
    return render(
        request, "channels/detail/activity.html", frame(request, integration, "activity", events=list(events))
    )


@with_integration(Can.VIEW)
@require_GET
def queue(request: HttpRequest, integration: Integration) -> HttpResponse:
    """What waits to be sent, and what came of the last tries."""
    rows = queue_of(integration)
    recent = (
        Outbound.objects.filter(integration=integration)
        .exclude(pk__in=[row.pk for row in rows])
        .order_by("-finished_at", "-pk")[:20]
    )
    context = frame(request, integration, "queue", rows=name_rows(rows), recent=name_rows(recent))
    return render(request, "channels/detail/queue.html", context)


@with_integration(Can.INTEGRATIONS)
@require_GET
def connected(request: HttpRequest, integration: Integration) -> HttpResponse:
    """After connecting: it is connected, products arrive, and what comes next."""
    known = {"has_suppliers": _has_suppliers(request), "has_prices": request.scope.company.price_lists.exists()}
    context = frame(request, integration, "overview", missing=missing_settings(integration), **known)
    return render(request, "channels/connected.html", context)


def _has_suppliers(request: HttpRequest) -> bool:
    """Whether somebody's goods can be chosen already."""
    company = request.scope.company
    return company.as_retailer.filter(state=PartnershipState.ACCEPTED).exists()


@with_integration(Can.VIEW)
@require_GET
def arriving(request: HttpRequest, integration: Integration) -> HttpResponse:
    """The progress of the first products: polled by the page after connecting and by getting started."""
    job = next((job for job in jobs_of(integration) if job.step == "pull_products"), None)
    return render(request, "channels/arriving.html", {"integration": integration, "job": job})


@with_integration(Can.INTEGRATIONS)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, integration: Integration) -> HttpResponse:
    """What removing does, then the name typed, then it is done."""
    orders = open_orders(integration)
    errors = _removal_faults(request, integration, orders) if request.method == "POST" else {}
    if request.method == "POST" and not errors:
        was = integration.name
        services.remove(integration, by=request.user, reason=_PARKED.get(request.POST.get("orders", ""), ""))
        messages.success(
            request, f"{was} was removed. Its key is destroyed; orders and reports stay as {integration.name}."
        )
        return redirect("integrations")
    context = frame(
        request, integration, "overview", open_orders=orders, errors=errors, typed=request.POST.get("name", "")
    )
    return render(request, "channels/detail/remove.html", context)


_PARKED = {
    "finish": "Open orders are finished by hand.",
    "park": "Open orders are parked.",
}


def _removal_faults(request: HttpRequest, integration: Integration, orders: int) -> dict[str, str]:
    errors = {}
    if request.POST.get("name", "").strip() != integration.name:
        errors["name"] = f"Type the name exactly as it stands: {integration.name}. Nothing was removed."
    if orders and request.POST.get("orders") not in _PARKED:
        errors["orders"] = "Choose what becomes of the open orders."
    return errors
