"""Calls of our own app's addresses by a platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class AppEvent(StrEnum):
    """What a platform tells the address of our own app."""

    INSTALLED = "installed"
    OPENED = "opened"
    REMOVED = "removed"
    USER_REMOVED = "user_removed"
    AUTHORISED = "authorised"


@dataclass(frozen=True, slots=True)
class AppCall:
    """A call of our app's address, proved where the platform can prove it.

    ``store_id`` and ``address`` name the store as far as it is told. ``credentials`` is what a server told us for a wizard that waits for ``address``: where
    ``is_proved`` is False, it must be tried before it is trusted.
    """

    event: AppEvent
    store_id: str = ""
    address: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict)
    is_proved: bool = False
