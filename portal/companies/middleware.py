"""Puts ``request.scope`` on every request: the company that the person works for now, or None."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from typing import cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from portal.companies.models import Membership, User
from portal.companies.scope import Scope

SESSION_KEY = "company"


def scope_of(request: HttpRequest) -> Scope | None:
    """The scope of the logged-in person: the company chosen in this session, else the first one."""
    if not request.user.is_authenticated:
        return None
    chosen = request.session.get(SESSION_KEY)
    membership = (_chosen(request.user, chosen) if chosen else None) or _first(request.user)
    return Scope.of_membership(membership) if membership else None


def _chosen(user: User, company_id: int) -> Membership | None:
    known = next((one for one in user.known_memberships if one.company_id == company_id), None)
    return known or _of(user).filter(company=company_id).first()


def _first(user: User) -> Membership | None:
    return user.known_memberships[0] if user.known_memberships else _of(user).first()


def _of(user: User) -> QuerySet[Membership]:
    return Membership.objects.select_related("company", "user").filter(user=user).order_by("pk")


class ScopeMiddleware:
    """Reads the scope lazily (public pages cost no query) and activates the viewer's time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Stands for the scope as soon as somebody asks; it is true only where there is one.
        request.scope = cast(Scope, SimpleLazyObject(lambda: scope_of(request)))
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
