"""The Problems tab of an integration: what is stuck with this connection alone, by cause."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from channels.models import Integration
from channels.problem_groups import Narrowed, open_problems, read_groups, stuck_of
from channels.views.detail import frame, with_integration
from portal.companies.permissions import Can


@with_integration(Can.VIEW)
@require_GET
def problems(request: HttpRequest, integration: Integration) -> HttpResponse:
    """The causes that ask for something now, the last seen first."""
    company = request.scope.company
    rows = open_problems(company, narrowed=Narrowed(integration=integration.pk))
    groups = read_groups(rows, company, before=request.GET.get("before", ""))
    context = frame(request, integration, "problems", groups=groups, stuck=stuck_of(rows), help_slug="problems")
    return render(request, "channels/detail/problems.html", context)
