"""Webhooks: hints that something changed at a store."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What a webhook is about: which step it wakes."""

    PRODUCT = "product"
    STOCK = "stock"
    ORDER = "order"
    SHIPMENT = "shipment"
    REMOVED = "removed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Hook:
    """A parsed webhook: a hint only. ``event_id`` is stable over redeliveries."""

    event_id: str
    topic: Topic
    remote_id: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredHook:
    remote_id: str
    topic: str
    address: str
    is_active: bool
