"""Help: one guide a page, as a page of its own and in the drawer beside the page it explains."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.web.guides import GUIDES, Guide, find_guide


@login_required
def index(request: HttpRequest) -> HttpResponse:
    """All guides, and how to reach a person."""
    return render(request, "web/help.html", {"guides": GUIDES, "support": settings.SUPPORT_EMAIL})


@login_required
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide as a page."""
    return render(request, "web/help_page.html", {"guide": _guide(slug), "template": f"help/{slug}.html"})


@login_required
def drawer(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide as the drawer's content."""
    return render(request, "web/help_drawer.html", {"guide": _guide(slug), "template": f"help/{slug}.html"})


def _guide(slug: str) -> Guide:
    guide = find_guide(slug)
    if guide is None:
        raise Http404
    return guide
