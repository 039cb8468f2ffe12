"""What a cause is: code → sentence, who must act, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Who can clear it."""

    SUPPLIER = "supplier"
    RETAILER = "retailer"
    INTEGRATION = "integration"
    STAFF = "staff"
    NOBODY = "nobody"


class Fix(StrEnum):
    """The screen that mends a cause; "" where only waiting, the store or a word with the partner helps."""

    NONE = ""
    REAUTHORISE = "reauthorise"
    SETTINGS = "settings"
    MAPPING = "mapping"
    CONFIRM = "confirm"
    PRICES = "prices"
    PARTNERS = "partners"
    ADDRESS = "address"
    MATCH = "match"
    ORDER = "order"
    RETRY = "retry"
    BOOKS = "books"
    WEBHOOK = "webhook"
    CONNECTIONS = "connections"


@dataclass(frozen=True, slots=True)
class Cause:
    """``title`` groups rows on the Problems page, ``action`` says what to do, ``fix`` names the screen that mends it."""

    code: str
    title: str
    owner: Owner
    action: str
    fix: Fix = Fix.NONE

    @property
    def anchor(self) -> str:
        """Where the guide to the causes tells of it."""
        return f"cause-{self.code.replace('_', '-')}"
