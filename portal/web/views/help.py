"""Help: one guide a page, as a page of its own and in the drawer beside the page it explains. Guides hold no data, so anybody may read them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from portal.web.guide_text import read_guide, search_guides
from portal.web.guides import GUIDES, find_guide

MOST_LETTERS = 100


def index(request: HttpRequest) -> HttpResponse:
    """All guides, or those in which ``?q=`` stands, and how to reach a person."""
    query = request.GET.get("q", "").strip()[:MOST_LETTERS]
    context = {"guides": GUIDES, "query": query, "found": search_guides(query), "support": settings.SUPPORT_EMAIL}
    context["frame"] = _frame(request)
    return render(request, "web/help.html", context)


def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide as a page."""
    return render(request, "web/help_page.html", {**_context(request, slug), "frame": _frame(request)})


def drawer(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide as the drawer's content."""
    return render(request, "web/help_drawer.html", _context(request, slug))


def _frame(request: HttpRequest) -> str:
    """The portal's own frame, or for a visitor that of the pages before it."""
    return f"web/help_{'inside' if request.user.is_authenticated else 'outside'}.html"


def _context(request: HttpRequest, slug: str) -> dict[str, Any]:
    guide = find_guide(slug)
    if guide is None:
        raise Http404
    text = read_guide(guide)
    return {"guide": guide, "text": text, "page": _came_from(request), "support": settings.SUPPORT_EMAIL}


def _came_from(request: HttpRequest) -> str:
    """The path of the portal's page beside which help was opened; the guide's own where that is unknown."""
    came = urlsplit(request.META.get("HTTP_REFERER", ""))
    return (came.path if came.netloc == request.get_host() else request.path)[:200]
