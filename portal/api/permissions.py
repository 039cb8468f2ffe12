"""What a caller may do: a view names its area ("orders"), a key has scopes, a person has a role."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from portal.companies.api_scopes import AREA, read_scope, write_scope
from portal.companies.permissions import Can


class HasScope(BasePermission):
    """Reads need "area:read" (or write), changes "area:write"; of a person, the role's permission. The view must declare ``scope_area``."""

    def has_permission(self, request: Request, view: Any) -> bool:
        area = AREA.get(getattr(view, "scope_area", ""))
        if area is None:
            raise ImproperlyConfigured(
                f"{type(view).__name__} does not declare a scope_area of portal.companies.api_scopes."
            )
        if not request.user.is_authenticated:
            raise NotAuthenticated
        scope = getattr(request, "scope", None)
        if not scope:
            raise PermissionDenied("You do not belong to a company yet. Create one in the portal first.")
        if request.method is None or not hasattr(view, request.method.lower()):
            # Nobody may, whatever their rights: the answer is "method not allowed", which the view gives.
            return True
        writes = request.method not in SAFE_METHODS
        return _key_may(scope.key, area.name, writes) if scope.key else _person_may(scope, area.writes, writes)


def _key_may(key: Any, area: str, writes: bool) -> bool:
    needed = {write_scope(area)} if writes else {read_scope(area), write_scope(area)}
    if needed & set(key.scopes):
        return True
    wanted = write_scope(area) if writes else read_scope(area)
    raise PermissionDenied(f"This key has no scope “{wanted}”. Make one that has, under Settings › API keys.")


def _person_may(scope: Any, permission: Can | None, writes: bool) -> bool:
    if not writes:
        return scope.can(Can.VIEW)
    if permission and scope.can(permission):
        return True
    raise PermissionDenied(f"Your role may not do that. Ask an owner or admin of {scope.company}.")
