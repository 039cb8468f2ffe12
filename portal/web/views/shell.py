"""The small pages of the frame: the company menu, "More" on phones, the sheet of components."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.companies.selectors import companies_of


@login_required
def company_menu(request: HttpRequest) -> HttpResponse:
    """The companies a person works for; the fragment of the menu, or a page without scripts."""
    template = "ui/company_menu.html" if request.htmx else "web/companies.html"
    return render(request, template, {"memberships": companies_of(request.user)})


@requires(Can.VIEW)
def more(request: HttpRequest) -> HttpResponse:
    """Everything that the four tabs of a phone leave out."""
    return render(request, "web/more.html")


@requires(Can.VIEW)
def components(request: HttpRequest) -> HttpResponse:
    """Every component in each of its states: what builders copy and what the accessibility test reads."""
    return render(request, "web/components.html", {"ticks": ["ok"] * 20 + ["warn", "ok", "bad", "idle"]})
