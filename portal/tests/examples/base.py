"""What an example is made of and consists of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.companies.models import Company, Partnership


@dataclass(frozen=True, slots=True)
class Cast:
    """The supplier, the retailer who trades with them, and their partnership."""

    kingsway: Company
    acme: Company
    partnership: Partnership


@dataclass(frozen=True, slots=True)
class Example:
    """What the address needs, and which company may see that object."""

    owner: Company
    values: dict[str, Any]


Maker = Callable[[Cast], Example]
