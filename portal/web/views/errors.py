"""What a person sees when a page cannot be shown: a sentence, never a trace."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

_ROLE = "Your role may not open this page. Ask an owner or admin of your company."


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the role may not; the guard's sentence is shown."""
    return render(request, "403.html", {"sentence": str(exception or "") or _ROLE}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or not yours; both look the same."""
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: our side; renders without context processors, since one of them may be what broke."""
    return HttpResponse(get_template("500.html").render({}), status=500)
