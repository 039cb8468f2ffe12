"""What an order status of a store means to us: four meanings, the usual one by what the channel says, and what a person chose instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from django.db import models

from channels.contract import ChannelOrder, RemoteOrderState
from channels.models import Integration, ValueMap
from channels.models.valuemap import Area


class Meaning(models.TextChoices):
    """The value is stored in ``ValueMap.ours``."""

    IMPORT = "import", "Take the order over"
    WAIT = "wait", "Leave the order alone"
    SHIPPED = "shipped", "Treat it as shipped"
    CANCELLED = "cancelled", "Treat it as cancelled"


_USUAL = {
    RemoteOrderState.NEW: Meaning.IMPORT,
    RemoteOrderState.PARTLY_SHIPPED: Meaning.SHIPPED,
    RemoteOrderState.SHIPPED: Meaning.SHIPPED,
    RemoteOrderState.CANCELLED: Meaning.CANCELLED,
}
# What an order in a status with a chosen meaning is, as the steps read it.
_STATES = {
    Meaning.IMPORT: RemoteOrderState.NEW,
    Meaning.WAIT: RemoteOrderState.HELD,
    Meaning.SHIPPED: RemoteOrderState.SHIPPED,
    Meaning.CANCELLED: RemoteOrderState.CANCELLED,
}
# Carts that were never ordered: dropped always, whatever anybody chooses.
NEVER = frozenset({RemoteOrderState.INCOMPLETE})


@dataclass(frozen=True, slots=True)
class StatusTable:
    """How one integration reads its store's statuses.

    ``chosen`` holds what people chose (their id → meaning); ``import_status`` is the one status that the wizard asked for, "" for all that are usually new;
    ``written`` are the statuses that we set ourselves.
    """

    chosen: Mapping[str, str]
    import_status: str = ""
    written: frozenset[str] = frozenset()

    @classmethod
    def of(cls, integration: Integration) -> Self:
        """The table as it is stored; one query."""
        rows = ValueMap.objects.filter(integration=integration, area=Area.STATUS).exclude(ours="")
        return cls.told(dict(rows.values_list("theirs", "ours")), integration.settings)

    @classmethod
    def told(cls, chosen: Mapping[str, str], settings: Mapping[str, str]) -> Self:
        """A table from its parts."""
        written = frozenset(str(settings[name]) for name in WRITTEN if settings.get(name))
        return cls(chosen=chosen, import_status=str(settings.get("import_status") or ""), written=written)

    def usual(self, status: str, state: str) -> Meaning:
        """What ``status`` means while nobody chose otherwise; ``state`` is the channel's word for it."""
        if self.import_status:
            if status == self.import_status:
                return Meaning.IMPORT
            if state == RemoteOrderState.NEW:
                return Meaning.WAIT
        return Meaning.SHIPPED if status in self.written else _USUAL.get(RemoteOrderState(state), Meaning.WAIT)

    def meaning(self, status: str, state: str) -> Meaning:
        """What an order in ``status`` is for us."""
        if state in NEVER:
            return Meaning.WAIT
        chosen = self.chosen.get(status, "")
        return Meaning(chosen) if chosen else self.usual(status, state)

    def takes(self, order: ChannelOrder) -> bool:
        """Whether a new order in this status is taken over."""
        return self.meaning(order.status, order.state) is Meaning.IMPORT

    def read(self, order: ChannelOrder) -> ChannelOrder:
        """The order with the state that people chose for its status, or as it is."""
        chosen = self.chosen.get(order.status, "")
        if not chosen or order.state in NEVER:
            return order
        return replace(order, state=_STATES[Meaning(chosen)])

    def effects(self) -> list[str]:
        """What makes us act on orders that did not change: "import:11", "cancelled:9", sorted."""
        first = [f"import:{self.import_status or 'new'}"] if self.import_status not in self.chosen else []
        acting = (Meaning.IMPORT, Meaning.CANCELLED)
        return sorted({*first, *(f"{ours}:{theirs}" for theirs, ours in self.chosen.items() if ours in acting)})


# Settings that name a status of the store which we set: nothing is shipped there but by us.
WRITTEN = ("shipped_status", "partly_shipped_status")
