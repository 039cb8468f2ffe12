"""Small helpers of the partners' pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

register = template.Library()

# The first that stands in what a browser says of itself; most name others as well, for compatibility.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@register.filter
def of(values: Mapping[Any, Any], key: Any) -> Any:
    """``values[key]``, None where it is missing."""
    return values.get(key)


@register.filter
def confirmed(addresses: Iterable[Any]) -> list[bool]:
    """Of each of a person's e-mail addresses whether its owner followed our link."""
    return [one.verified for one in addresses]


@register.filter
def browser(agent: str) -> str:
    """``Firefox on Windows`` for what a browser says of itself; its first words where it is none that is known."""
    found = [next((name for mark, name in names if mark in agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return " on ".join(found) if all(found) else found[0] or agent[:40] or "Not known"
