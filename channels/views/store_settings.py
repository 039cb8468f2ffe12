"""Settings › Store: way two to connect, and what a firewall must let in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from channels.models import Integration
from channels.registry import CONNECTORS
from channels.shown import look_of, reason_of
from portal.companies import platforms
from portal.companies.guard import requires
from portal.companies.permissions import Can


@requires(Can.INTEGRATIONS)
@require_GET
def store_settings(request: HttpRequest) -> HttpResponse:
    """The button to connect the company's platform while it is not connected, its state once it is."""
    company = request.scope.company
    connector = CONNECTORS.get(company.platform)
    there = list(request.scope.rows(Integration).filter(removed_at=None, kind=company.platform).order_by("pk"))
    context = {
        "connector": connector,
        "platform": platforms.label_of(company.platform) if company.platform else "",
        "connected": [(each, look_of(each), reason_of(each)) for each in there],
        "others": request.scope.rows(Integration).filter(removed_at=None).exclude(kind=company.platform).count(),
        "outgoing": settings.OUTGOING_ADDRESS,
        "support": settings.SUPPORT_EMAIL,
        "may_change": request.scope.can(Can.COMPANY),
        "title": "Settings",
        "help_slug": "connect",
        "tab": "store",
    }
    return render(request, "channels/store_settings.html", context)
