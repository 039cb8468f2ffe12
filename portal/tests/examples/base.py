"""What an example is made of and consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.companies.models import Company, Partnership, User


@dataclass(frozen=True, slots=True)
class Cast:
    """The supplier, the retailer who trades with them, and their partnership."""

    kingsway: Company
    acme: Company
    partnership: Partnership


@dataclass(frozen=True, slots=True)
class Example:
    """What the address needs, and which company may see that object; with ``user``, that person only."""

    owner: Company
    values: dict[str, Any]
    user: User | None = None
    query: str = ""


Maker = Callable[[Cast], Example]
