"""The bare form of a SKU: what is left when case, blanks, dashes, dots, slashes, apostrophes and leading zeros do not count.

``sku_form`` in Python and ``SkuForm`` in SQL say the same; a property test compares them.
"""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Func

# What people and spreadsheets add or drop inside a SKU.
FILLERS = (" ", "-", "_", ".", "/", "'")


def sku_form(sku: str) -> str:
    """``" 0-022423 "`` → ``"22423"``; "" for a SKU of nothing but fillers and zeros."""
    text = sku.strip().casefold()
    for one in FILLERS:
        text = text.replace(one, "")
    return text.lstrip("0")


def _template() -> str:
    inner = "%(expressions)s"
    for one in FILLERS:
        inner = "REPLACE({}, '{}', '')".format(inner, one.replace("'", "''"))
    return f"LTRIM({inner}, '0')"


class SkuForm(Func):
    """``sku_form`` of a column that holds a SKU key. Its SQL has no parameters, so that an index on it is recognised."""

    template = _template()
    arity = 1

    def __init__(self, expression: Any, **extra: Any) -> None:
        super().__init__(expression, output_field=CharField(), **extra)
