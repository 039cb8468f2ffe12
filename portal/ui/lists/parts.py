"""The small declarations of a list: tabs and what an empty list says."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import Q


@dataclass(frozen=True, slots=True)
class Tab:
    """A ready-made view of the list. ``counted`` shows how many rows it holds under the present search and filters (bounded);
    ``tone`` "bad" draws the count red."""

    key: str
    label: str
    where: Q = field(default_factory=Q)
    counted: bool = True
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """A list without rows: what would fill it, within what time, one step (``url_name`` reverses without arguments)."""

    icon: str = "inbox"
    title: str = "Nothing here yet"
    text: str = ""
    url_name: str = ""
    action: str = ""
