"""Small helpers of the integration pages."""

from __future__ import annotations

from django import template

from portal.companies.permissions import Can
from portal.companies.scope import Scope

register = template.Library()


@register.filter
def may_connect(scope: Scope) -> bool:
    """Whether this role may connect, pause and remove integrations."""
    return scope.can(Can.INTEGRATIONS)


@register.filter
def at(values: dict[str, str], key: str) -> str:
    """``values[key]``, "" where there is none."""
    return values.get(key, "") if values else ""
