"""Parcels: as a store or provider has them, and as we tell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ChannelShipmentLine:
    remote_line_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ChannelShipment:
    """A parcel as a store or provider has it. Empty ``lines`` = everything that was still open."""

    remote_id: str
    tracking_number: str
    carrier: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    lines: tuple[ChannelShipmentLine, ...] = ()
    tracking_url: str = ""


@dataclass(frozen=True, slots=True)
class ShipmentRequest:
    """A parcel to tell to the retailer's store. ``lines`` are the store's own line ids; ``completes`` says nothing is left open after it.

    ``other_tracking`` are the numbers told before, for channels that keep all numbers in one field.
    """

    remote_order_id: str
    tracking_number: str
    carrier: str
    shipped_at: datetime
    lines: tuple[ChannelShipmentLine, ...]
    completes: bool
    service: str = ""
    tracking_url: str = ""
    other_tracking: tuple[str, ...] = ()
