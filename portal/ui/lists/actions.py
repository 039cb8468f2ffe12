"""What can be done with many rows at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from portal.companies.permissions import Can


@dataclass(frozen=True, slots=True)
class BulkAction:
    """A button of the bulk bar. ``run(view, rows)`` gets the chosen rows, scoped and filtered again, and returns the sentence to show.

    A DomainError that it raises is shown as its sentence. ``consequence`` asks first, in a dialog: "12 partners are told."
    """

    key: str
    label: str
    run: Callable[[Any, QuerySet], str]
    permission: Can
    icon: str = ""
    is_danger: bool = False
    consequence: str = ""
