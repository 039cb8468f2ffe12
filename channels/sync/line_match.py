"""Which of a store's order lines are ours, by SKU: for orders found again without line ids, and for lines that the store split."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog.models import sku_key
from channels.contract import ChannelOrderLine
from orders.models import SupplierOrderLine


def match_by_sku(ours: Sequence[SupplierOrderLine], theirs: Iterable[ChannelOrderLine]) -> dict[str, int]:
    """Their line id → our line id. Each of their lines goes to the first of ours with that SKU whose units are not used up yet; others are left out."""
    room = {line.pk: line.quantity for line in ours}
    by_sku: dict[str, list[int]] = {}
    for line in ours:
        by_sku.setdefault(sku_key(line.sku), []).append(line.pk)
    pairs: dict[str, int] = {}
    for wanted in theirs:
        for pk in by_sku.get(sku_key(wanted.sku), []):
            if room[pk] >= wanted.quantity:
                room[pk] -= int(wanted.quantity)
                pairs[wanted.remote_id] = pk
                break
    return pairs
