"""Puts ``request.scope`` on every request: the company that the person works for now, or None."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.companies.models import Membership
from portal.companies.scope import Scope
from portal.lib.prepared import Prepared

SESSION_KEY = "company"
_OWN = Membership.objects.select_related("company", "user").order_by("pk")
_FIRST = Prepared(lambda user: _OWN.filter(user=user))
_CHOSEN = Prepared(lambda user, company: _OWN.filter(user=user, company=company))


def scope_of(request: HttpRequest) -> Scope | None:
    """The scope of the logged-in person: the company chosen in this session, else the first one."""
    if not request.user.is_authenticated:
        return None
    user, chosen = request.user.pk, request.session.get(SESSION_KEY)
    found = (_CHOSEN.objects(user=user, company=chosen, limit=1) if chosen else []) or _FIRST.objects(
        user=user, limit=1
    )
    return Scope.of_membership(found[0]) if found else None


class ScopeMiddleware:
    """Reads the scope lazily (public pages cost no query) and activates the viewer's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.scope = SimpleLazyObject(lambda: scope_of(request))
        if request.user.is_authenticated:
            timezone.activate(_zone(request.user.time_zone))
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
