"""Small helpers of the partners' pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(values: Mapping[Any, Any], key: Any) -> Any:
    """``values[key]``, None where it is missing."""
    return values.get(key)
