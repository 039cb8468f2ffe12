"""Writing many figures at once, each with its own outcome (vendor reference, sections 2.2, 3.4 and 6.1).

Figures are absolute, so a batch may be written again. One bad record can spoil a batch: then it is halved until the bad one stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from channels.connectors.shift4shop.answers import Entry
from channels.connectors.shift4shop.client import BATCH, Client
from channels.connectors.shift4shop.errors import refusal
from channels.connectors.shift4shop.mapping_products import PLAIN
from channels.contract import ItemOutcome
from channels.errors import ChannelError, Rejected


@dataclass(frozen=True, slots=True)
class Change:
    """New figures of one variant: ``plain`` are keys of a product's ``SKUInfo``, ``option`` those of a variant; ``product`` further keys of a product."""

    product_id: str
    variant_id: str
    plain: Mapping[str, Any]
    option: Mapping[str, Any]
    product: Mapping[str, Any]

    @property
    def is_plain(self) -> bool:
        return self.variant_id in {"", PLAIN}


def write(client: Client, changes: Sequence[Change]) -> Iterator[ItemOutcome]:
    """An outcome for each change: products in batches of 100, variants a product at a time.

    Raises what stops everything (RateLimited, Unavailable, NeedsReauthorisation, Misconfigured, UnclearOutcome).
    """
    for change in changes:
        if not change.product_id.isdigit():
            yield _outcome(
                change, Rejected("This listing has no product in the store yet. Publish it again.", field="product")
            )
    known = [change for change in changes if change.product_id.isdigit()]
    yield from _in_batches(client, "Products", [change for change in known if change.is_plain])
    variants = sorted((change for change in known if not change.is_plain), key=lambda change: change.product_id)
    for product_id, group in groupby(variants, key=lambda change: change.product_id):
        yield from _in_batches(client, f"Products/{product_id}/AdvancedOptions", list(group))


def _in_batches(client: Client, path: str, changes: Sequence[Change]) -> Iterator[ItemOutcome]:
    for start in range(0, len(changes), BATCH):
        yield from _batch(client, path, changes[start : start + BATCH])


def _batch(client: Client, path: str, changes: Sequence[Change]) -> Iterator[ItemOutcome]:
    try:
        entries = client.put(path, [_row(change) for change in changes])
    except Rejected as error:
        if len(changes) == 1:
            yield _outcome(changes[0], error)
            return
        middle = len(changes) // 2
        yield from _batch(client, path, changes[:middle])
        yield from _batch(client, path, changes[middle:])
        return
    for position, change in enumerate(changes):
        yield _outcome(change, _error_of(change, position, entries))


def _row(change: Change) -> dict[str, Any]:
    if change.is_plain:
        return {"SKUInfo": {"CatalogID": int(change.product_id), **change.plain}, **change.product}
    return {"AdvancedOptionCode": change.variant_id, **change.option}


def _error_of(change: Change, position: int, entries: Sequence[Entry]) -> ChannelError | None:
    """What became of a change, found by its id, or by its place where the answer names none. An answer that leaves it out is taken as taken."""
    name = change.product_id if change.is_plain else change.variant_id
    named = [entry for entry in entries if entry.value == name]
    entry = (
        named[0] if named else entries[position] if position < len(entries) and not entries[position].value else None
    )
    if entry is None:
        bad = next((entry for entry in entries if not entry.is_good and not entry.value), None)
        return refusal(bad) if bad else None
    return None if entry.is_good else refusal(entry)


def _outcome(change: Change, error: ChannelError | None) -> ItemOutcome:
    return ItemOutcome(change.product_id, change.variant_id, error)
