"""Which of a store's order lines are ours, by content: used only for orders that were found again without line ids."""

from __future__ import annotations

from collections.abc import Iterable

from catalog.models import sku_key
from channels.contract import ChannelOrderLine
from orders.models import SupplierOrderLine


def match_lines(ours: Iterable[SupplierOrderLine], theirs: Iterable[ChannelOrderLine]) -> dict[str, str]:
    """Our line id → their line id. Lines are paired in order by SKU and quantity; one that has no partner is left out."""
    rest = list(theirs)
    pairs: dict[str, str] = {}
    for line in ours:
        for candidate in rest:
            if sku_key(candidate.sku) == sku_key(line.sku) and candidate.quantity == line.quantity:
                pairs[str(line.pk)] = candidate.remote_id
                rest.remove(candidate)
                break
    return pairs
