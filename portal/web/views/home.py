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


def context(scope: Scope) -> dict[str, object]:
    """Everything Home shows; the checklist goes once all its steps are done."""
    steps = sorted(todo.steps.all(scope), key=lambda step: step.order)
    done = sum(step.is_done for step in steps)
    charts = [chart for chart in todo.charts.all(scope) if chart.days]
    return {
        "today": timezone.localtime(clock.now()),
        "summary": " ".join(todo.summaries.all(scope)),
        "todos": sorted(todo.todos.all(scope), key=lambda item: item.weight),
        "figures": todo.figures.all(scope)[:4],
        "chart": charts[0] if charts else None,
        "chart_data": chart_data(charts[0]) if charts else None,
        "lanes": todo.lanes.all(scope),
        "steps": steps if done < len(steps) else [],
        "steps_done": done,
        "next_step": next((step for step in steps if not step.is_done), None),
    }


def chart_data(chart: todo.Chart) -> dict[str, object]:
    """What the chart's script reads."""
    return {
        "labels": [f"{day.on:%-d %b}" for day in chart.days],
        "series": [
            {"name": name, "values": [day.parts[at] for day in chart.days]} for at, name in enumerate(chart.series)
        ],
    }
