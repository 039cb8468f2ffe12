"""The few facts in which connectors differ, as far as the promises ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from channels.contract import RemoteOrderState


class Facts:
    """What a connector's own test class sets."""

    # Products that one page of the catalogue takes.
    page_size: ClassVar[int] = 250
    # Whether a 429 of theirs tells when they will listen again.
    tells_retry: ClassVar[bool] = True
    # A path of theirs that creates an order, and one that creates a parcel (patterns for faults).
    order_path: ClassVar[str] = r"/orders$"
    order_method: ClassVar[str] = "POST"
    shipment_path: ClassVar[str] = r"/shipments$"
    shipment_method: ClassVar[str] = "POST"
    # The grants of a token that lacks what orders need, and the word that names it.
    scopes_without_orders: ClassVar[Sequence[str]] = ()
    orders_word: ClassVar[str] = "Order"

    def path_of(self, path: str) -> str:
        """The path of a call below the store's base, as the connector declares it."""
        raise NotImplementedError

    def state_of(self, status: str) -> RemoteOrderState:
        """Our meaning of a vendor's status id."""
        raise NotImplementedError
