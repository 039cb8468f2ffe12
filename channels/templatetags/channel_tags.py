"""Small helpers of the integration pages."""

from __future__ import annotations

from django import template

from channels.causes import FAMILIES, Cause, Owner
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


@register.simple_tag
def cause_families() -> tuple[tuple[str, tuple[Cause, ...]], ...]:
    """The catalogue of causes as its guide lists it."""
    return FAMILIES


_ACTS = {
    Owner.SUPPLIER: "The supplier acts.",
    Owner.RETAILER: "The retailer acts.",
    Owner.INTEGRATION: "Whoever owns the connection acts.",
    Owner.STAFF: "We act.",
    Owner.NOBODY: "Nobody has to act.",
}


@register.filter
def who_acts_on(cause: Cause) -> str:
    """Who must act on a cause, whoever reads it."""
    return _ACTS[cause.owner]
