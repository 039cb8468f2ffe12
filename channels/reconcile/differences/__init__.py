"""The table of what can differ: kind → what happened, who acts, and what "ours" and "theirs" do. Screens, API and ``choose`` read it."""

from __future__ import annotations

from channels.causes import Owner
from channels.reconcile.differences.bought import BOUGHT
from channels.reconcile.differences.kind import Choice, Kind
from channels.reconcile.differences.orders import ORDERS
from channels.reconcile.differences.prices import PRICES
from channels.reconcile.differences.shipments import SHIPMENTS
from channels.reconcile.differences.stock import STOCK

__all__ = ["KINDS", "LAPSES", "Choice", "Kind", "kind_of"]

KINDS: dict[str, Kind] = {kind.code: kind for group in (ORDERS, BOUGHT, STOCK, PRICES, SHIPMENTS) for kind in group}
# What tells that a function of the portal did not do its work.
LAPSES = tuple(code for code, kind in KINDS.items() if kind.is_lapse)
_UNKNOWN = Kind("unknown", "They differ", "Both sides say something else.", Owner.STAFF)


def kind_of(code: str) -> Kind:
    """The row of a kind; a kind that is not told any more keeps a plain one."""
    return KINDS.get(code, _UNKNOWN)
