"""Panels of a price list: a fragment in the drawer, or a page of its own that holds the same."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from catalog.models import PriceList


def list_of(request: HttpRequest, pk: int) -> PriceList:
    """The company's list ``pk``; 404 for anybody else's."""
    return get_object_or_404(request.scope.rows(PriceList), pk=pk)


def panel(
    request: HttpRequest, name: str, title: str, *, price_list: PriceList | None = None, note: str = "", **context: Any
) -> HttpResponse:
    """``catalog/panels/<name>.html`` as a drawer's fragment, or inside a page. ``note`` is said in a bar beside a fragment."""
    is_drawer = bool(request.headers.get("HX-Request"))
    everything = {
        "title": title,
        "price_list": price_list,
        "panel": f"catalog/panels/{name}.html",
        "is_drawer": is_drawer,
        "help_slug": "prices",
        "note": note,
        **context,
    }
    return render(request, f"catalog/panels/{'drawer' if is_drawer else 'page'}.html", everything)
