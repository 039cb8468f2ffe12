"""Home: what must be done, then what is true, then history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.companies.scope import Scope
from portal.lib import clock
from portal.ui import todo


@requires(Can.VIEW)
def home(request: HttpRequest) -> HttpResponse:
    """The first page after logging in."""
    return render(request, "web/home.html", context(request.scope))


@requires(Can.VIEW)
def steps(request: HttpRequest) -> HttpResponse:
    """The checklist alone: what an arriving catalogue asks for every few seconds."""
    return render(request, "web/steps.html", checklist(request.scope))


def checklist(scope: Scope) -> dict[str, object]:
    """The steps of getting started, [] once all are done; ``is_moving`` while one shows progress."""
    found = sorted(todo.steps.all(scope), key=lambda step: step.order)
    done = sum(step.is_done for step in found)
    return {
        "steps": found if done < len(found) else [],
        "steps_done": done,
        "next_step": next((step for step in found if not step.is_done), None),
        "is_moving": any(step.total and not step.is_done for step in found),
    }


def context(scope: Scope) -> dict[str, object]:
    """Everything Home shows; the checklist goes once all its steps are done."""
    charts = [chart for chart in todo.charts.all(scope) if chart.days]
    return {
        "today": timezone.localtime(clock.now()),
        "summary": " ".join(todo.summaries.all(scope)),
        "todos": sorted(todo.todos.all(scope), key=lambda item: item.weight),
        "figures": todo.figures.all(scope)[:4],
        "chart": charts[0] if charts else None,
        "chart_data": chart_data(charts[0]) if charts else None,
        "lanes": todo.lanes.all(scope),
        "help_slug": "start",
        "may_enter": scope.company.is_retailer and scope.can(Can.ORDERS),
        **checklist(scope),
    }


def chart_data(chart: todo.Chart) -> dict[str, object]:
    """What the chart's script reads."""
    return {
        "labels": [f"{day.on:%-d %b}" for day in chart.days],
        "series": [
            {"name": name, "values": [day.parts[at] for day in chart.days]} for at, name in enumerate(chart.series)
        ],
    }
