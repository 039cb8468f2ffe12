"""Listings into a retailer's store (vendor reference, section 3).

The API can change options but not make them: a variant becomes a product of its own, or adopts what the store has under its SKU.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from channels.connectors.shift4shop import bulk, listings
from channels.connectors.shift4shop.base import Shift4ShopBase
from channels.connectors.shift4shop.mapping_products import PLAIN, code_of
from channels.connectors.shift4shop.records import part, rows, text
from channels.connectors.shift4shop.rows import Row
from channels.contract import (
    ItemOutcome,
    ListingRequest,
    ListingVariant,
    PriceUpdate,
    PublishedListing,
    PublishResult,
    StockUpdate,
)
from channels.errors import NotFound, Rejected

Place = tuple[str, str]
# Products that are read to find options by SKU before new products are made: ten requests.
SCANNED = 2000


class Publishing(Shift4ShopBase):
    """Writing listings, stock and prices."""

    def publish(self, request: ListingRequest) -> PublishResult:
        """Create or update, safe to repeat: what has the SKU is adopted, and keeps the retailer's own texts. Raises Rejected, UnclearOutcome."""
        places = self._update_known(request)
        missing = [variant for variant in request.variants if variant.listing_id not in places]
        adopted = self._find(request, missing) if missing else {}
        self._write(request, adopted, texts=frozenset())
        places |= adopted
        for variant in missing:
            # A stopped sibling that was never there need not be made to be hidden.
            if variant.listing_id not in places and (variant.is_active or not request.is_visible):
                places[variant.listing_id] = self._create(request, variant)
        order = [variant.listing_id for variant in request.variants]
        places = {listing_id: places[listing_id] for listing_id in order if listing_id in places}
        split = sum(variant_id == PLAIN for _, variant_id in places.values())
        return PublishResult(
            tuple(PublishedListing(listing_id, *place) for listing_id, place in places.items()),
            listings.notes_on(request, split=split),
        )

    def unpublish(self, request: ListingRequest) -> None:
        """Stock 0 and hidden; what the store does not have any more is fine."""
        changes = [listings.withdrawn(variant) for variant in request.variants if variant.remote_product_id]
        for outcome in bulk.write(self.client, changes):
            if outcome.error and not isinstance(outcome.error, NotFound):
                raise outcome.error

    def update_stock(self, updates: Sequence[StockUpdate]) -> Iterable[ItemOutcome]:
        """Available figures: 100 products a request, the variants of one product together."""
        return bulk.write(self.client, [listings.stock_change(update) for update in updates])

    def update_prices(self, updates: Sequence[PriceUpdate]) -> Iterable[ItemOutcome]:
        """Shelf prices and costs, batched as stock is."""
        return bulk.write(self.client, [listings.price_change(update) for update in updates])

    # -- parts of publishing --
    def _update_known(self, request: ListingRequest) -> dict[str, Place]:
        """Update what is known to be there; what the store deleted meanwhile is left out."""
        known = {
            variant.listing_id: (variant.remote_product_id, variant.remote_variant_id or PLAIN)
            for variant in request.variants
            if variant.remote_product_id
        }
        by_habit = self.session.settings.get("update_texts") == "yes"
        texts = frozenset(name for name in ("title", "description") if request.writes(name, by_habit=by_habit))
        return self._write(request, known, texts=texts)

    def _write(self, request: ListingRequest, places: dict[str, Place], *, texts: frozenset[str]) -> dict[str, Place]:
        changes = [
            listings.listing_change(request, variant, place=places[variant.listing_id], texts=texts)
            for variant in request.variants
            if variant.listing_id in places
        ]
        gone: set[Place] = set()
        for outcome in bulk.write(self.client, changes):
            if isinstance(outcome.error, NotFound):
                gone.add((outcome.remote_product_id, outcome.remote_variant_id))
            elif outcome.error:
                raise outcome.error
        return {listing_id: place for listing_id, place in places.items() if place not in gone}

    def _find(self, request: ListingRequest, variants: Sequence[ListingVariant]) -> dict[str, Place]:
        """What the store has under these SKUs. The filter knows SKUs of products only, so options are looked for by name and in a small catalogue."""
        by_name = _places_in(self.client.rows("Products", {"name": request.name}))
        found: dict[str, Place] = {}
        for variant in variants:
            sku = _same(variant.sku)
            place = by_name.get(sku) or self._place_of(variant.sku) or self._option_places.get(sku)
            if sku and place:
                found[variant.listing_id] = place
        return found

    @cached_property
    def _option_places(self) -> dict[str, Place]:
        """Every option of a catalogue that is quickly read; {} for a large one."""
        if self.client.count("Products") > SCANNED:
            return {}
        pages = self.client.walk("Products", key="SKUInfo.CatalogID")
        return _places_in(row for page in pages for row in page if rows(row, "AdvancedOptionList"))

    def _place_of(self, sku: str) -> Place | None:
        return _places_in(self.client.rows("Products", {"sku": sku})).get(_same(sku)) if sku else None

    def _create(self, request: ListingRequest, variant: ListingVariant) -> Place:
        category = str(self.session.settings.get("category") or "")
        if not variant.sku:
            raise Rejected(
                f"{listings.listing_name(request, variant)} has no SKU, so it could never be found again in the store.",
                field="sku",
                code="sku_missing",
            )
        body = listings.product_body(request, variant, category=category)
        return self.client.post("Products", body), PLAIN


def _places_in(found: Iterable[Row]) -> dict[str, Place]:
    """Where each SKU of some products can be sold: a product without options, or an option with a SKU of its own."""
    return {_same(sku): place for row in found for sku, place in _sellable(row) if sku}


def _sellable(row: Row) -> Iterator[tuple[str, Place]]:
    info, options = part(row, "SKUInfo"), rows(row, "AdvancedOptionList")
    product_id = text(info, "CatalogID")
    if not options:
        yield text(info, "SKU"), (product_id, PLAIN)
    for option in options:
        yield text(option, "AdvancedOptionSufix"), (product_id, code_of(option))


def _same(sku: str) -> str:
    return sku.strip().casefold()
