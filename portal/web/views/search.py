"""One search over everything: apps register what they can find."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.ui import finding


@requires(Can.VIEW)
def search(request: HttpRequest) -> HttpResponse:
    """``/search?q=``: at most eight hits a source, the best first."""
    text = request.GET.get("q", "").strip()[:100]
    groups = finding.find(request.scope, text) if text else []
    body_only = request.htmx and request.htmx.target == "hits"
    return render(
        request,
        "web/hits.html" if body_only else "web/search.html",
        {"q": text, "groups": groups, "help_slug": "lists"},
    )
