"""Stock and prices of what is listed, in the largest batches that the store takes (vendor reference, sections 4.1 to 4.4).

Where stock and price live depends on the product: a simple product (its variant is its base variant) takes both on the product, one with choices on each
variant. So the products are looked at first, 250 a read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from channels.connectors.bigcommerce import areas
from channels.connectors.bigcommerce.bodies import without_none
from channels.connectors.bigcommerce.catalog import PRODUCTS, CatalogPart
from channels.connectors.bigcommerce.client import Row, number
from channels.connectors.bigcommerce.listings import MOST_STOCK
from channels.contract import ItemOutcome, PriceUpdate, StockUpdate
from channels.errors import Misconfigured, NotFound, Rejected, Unavailable

STOCK_BATCH = 2000
VARIANT_BATCH = 50
PRODUCT_BATCH = 10
IDS_PER_READ = 250
REASON = "Tradelane"
T = TypeVar("T")
Update = TypeVar("Update", StockUpdate, PriceUpdate)
Facts = Mapping[str, Row]


class LevelsPart(CatalogPart):
    """Absolute figures into the store. Sending the same again changes nothing."""

    def update_stock(self, updates: Sequence[StockUpdate]) -> Iterable[ItemOutcome]:
        facts = self._facts(updates)
        known, missing = _split(updates, facts)
        yield from missing
        untracked = [update for update in known if facts[update.remote_product_id].get("inventory_tracking") == "none"]
        yield from (_refused(update, _untracked()) for update in untracked)
        # A set: two thousand updates looked up in a list would be two million comparisons.
        skipped = set(untracked)
        yield from self._write_stock([update for update in known if update not in skipped], facts)

    def update_prices(self, updates: Sequence[PriceUpdate]) -> Iterable[ItemOutcome]:
        facts = self._facts(updates)
        known, missing = _split(updates, facts)
        yield from missing
        simple = [update for update in known if is_simple(facts, update)]
        yield from self._write(
            simple, PRODUCT_BATCH, f"{PRODUCTS}", lambda each: price_fields(each, each.remote_product_id)
        )
        others = [update for update in known if not is_simple(facts, update)]
        yield from self._write(
            others, VARIANT_BATCH, "/v3/catalog/variants", lambda each: price_fields(each, each.remote_variant_id)
        )

    # -- parts --
    def _facts(self, updates: Iterable[StockUpdate | PriceUpdate]) -> Facts:
        """Tracking mode and base variant of the products concerned; absent = not in the store (any more)."""
        ids = sorted({number(update.remote_product_id) for update in updates if update.remote_product_id.isdecimal()})
        found: dict[str, Row] = {}
        for start in range(0, len(ids), IDS_PER_READ):
            pages = self.client.v3_pages(
                PRODUCTS,
                areas.PRODUCTS,
                limit=IDS_PER_READ,
                id__in=",".join(str(each) for each in ids[start : start + IDS_PER_READ]),
                include_fields="inventory_tracking,base_variant_id",
            )
            found.update({str(row["id"]): row for page in pages for row in page.rows})
        return found

    def _write_stock(self, updates: Sequence[StockUpdate], facts: Facts) -> Iterator[ItemOutcome]:
        if not updates:
            return
        try:
            location = int(self.default_location)
            yield from self._adjust(updates, facts, location)
        except Misconfigured as error:
            if error.area not in {areas.INVENTORY.name, areas.LOCATIONS.name}:
                raise
            yield from self._write_catalogue_stock(updates, facts)

    def _adjust(self, updates: Sequence[StockUpdate], facts: Facts, location: int) -> Iterator[ItemOutcome]:
        def write(batch: Sequence[StockUpdate]) -> None:
            items = [{"location_id": location, "quantity": units(each), **_item_key(facts, each)} for each in batch]
            body = {"reason": REASON, "items": items}
            self.client.put("/v3/inventory/adjustments/absolute", areas.INVENTORY_WRITE, body)

        return _outcomes(updates, STOCK_BATCH, write)

    def _write_catalogue_stock(self, updates: Sequence[StockUpdate], facts: Facts) -> Iterator[ItemOutcome]:
        """Without the inventory permissions: the catalogue's own field, which they pass on behind the scenes."""
        whole = [each for each in updates if _by_product(facts, each)]
        yield from self._write(whole, PRODUCT_BATCH, PRODUCTS, lambda each: _level(each, each.remote_product_id))
        single = [each for each in updates if not _by_product(facts, each)]
        yield from self._write(
            single, VARIANT_BATCH, "/v3/catalog/variants", lambda each: _level(each, each.remote_variant_id)
        )

    def _write(
        self, updates: Sequence[Update], size: int, path: str, fields: Callable[[Update], dict[str, Any]]
    ) -> Iterator[ItemOutcome]:
        def write(batch: Sequence[Update]) -> None:
            bodies = [fields(each) for each in batch]
            answer = self.client.put(path, areas.PRODUCTS_WRITE, bodies)
            # 207: saved, except for stock (section 4.1); which entries are meant is not told.
            if any("inventory_level" in body for body in bodies) and isinstance(answer, dict) and answer.get("errors"):
                raise Unavailable("BigCommerce saved the products but not their stock; it is sent again.", status=207)

        return _outcomes(updates, size, write)


def in_batches(
    items: Sequence[T], size: int, write: Callable[[Sequence[T]], None]
) -> Iterator[tuple[T, Rejected | None]]:
    """Write in batches; a refused one is halved until the entry at fault stands alone, so that the others get through."""
    for start in range(0, len(items), size):
        yield from _halving(items[start : start + size], write)


def _halving(items: Sequence[T], write: Callable[[Sequence[T]], None]) -> Iterator[tuple[T, Rejected | None]]:
    try:
        write(items)
    except Rejected as error:
        if len(items) == 1:
            yield items[0], error
            return
        middle = len(items) // 2
        yield from _halving(items[:middle], write)
        yield from _halving(items[middle:], write)
        return
    yield from ((item, None) for item in items)


def is_simple(facts: Facts, update: StockUpdate | PriceUpdate) -> bool:
    """Whether the variant is its product's base variant."""
    return str(facts[update.remote_product_id].get("base_variant_id") or "") == update.remote_variant_id


def units(update: StockUpdate) -> int:
    """What may be sent: whole units from 0 to their maximum."""
    return min(max(update.available, 0), MOST_STOCK)


def price_fields(update: PriceUpdate, remote_id: str) -> dict[str, Any]:
    """Shelf price and cost, each in its own field."""
    return without_none({"id": number(remote_id), "price": update.price, "cost_price": update.cost})


def _level(update: StockUpdate, remote_id: str) -> dict[str, Any]:
    return {"id": number(remote_id), "inventory_level": units(update)}


def _by_product(facts: Facts, update: StockUpdate) -> bool:
    return facts[update.remote_product_id].get("inventory_tracking") == "product"


def _item_key(facts: Facts, update: StockUpdate) -> dict[str, int]:
    """Exactly one key an item: a variant of a product that is tracked as a whole is refused (trap 21)."""
    if _by_product(facts, update):
        return {"product_id": number(update.remote_product_id)}
    return {"variant_id": number(update.remote_variant_id)}


def _split(updates: Sequence[Update], facts: Facts) -> tuple[list[Update], list[ItemOutcome]]:
    known = [update for update in updates if update.remote_product_id in facts]
    gone = NotFound("The store does not have this product any more.")
    return known, [_refused(update, gone) for update in updates if update.remote_product_id not in facts]


def _outcomes(updates: Sequence[Update], size: int, write: Callable[[Sequence[Update]], None]) -> Iterator[ItemOutcome]:
    for update, error in in_batches(updates, size, write):
        yield _refused(update, error)


def _refused(update: StockUpdate | PriceUpdate, error: Rejected | None) -> ItemOutcome:
    return ItemOutcome(update.remote_product_id, update.remote_variant_id, error)


def _untracked() -> Rejected:
    return Rejected(
        "Stock is not tracked for this product in the store. Switch tracking on for it there, or publish it again.",
        field="inventory_tracking",
    )
