"""Finding what is published already: by the ids that we know, then by SKU (vendor reference, sections 3 and 4.2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from channels.connectors.bigcommerce import areas
from channels.connectors.bigcommerce.catalog import PRODUCTS
from channels.connectors.bigcommerce.client import Row, data_of, number
from channels.connectors.bigcommerce.levels import LevelsPart
from channels.contract import ListingRequest, ListingVariant
from channels.errors import NotFound
from channels.http import Http

INCLUDED = "variants,primary_image"
# So many SKUs are looked up one by one before creating; of more only the ends, and a refusal of theirs finds the rest.
LOOKED_UP = 10


@dataclass
class Places:
    """Where each listing lives: product and variant as the store has them.

    ``ours`` are the products whose texts we keep; ``made`` were created just now, and ``complete`` of them took stock with their body. ``image_url`` is the
    picture that was taken now.
    """

    found: dict[str, tuple[Row, Row]] = field(default_factory=dict)
    ours: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    complete: set[int] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    image_url: str = ""

    def put(self, variant: ListingVariant, product: Row, row: Row) -> None:
        self.found[variant.listing_id] = (product, row)

    def missing(self, request: ListingRequest) -> list[ListingVariant]:
        return [variant for variant in request.variants if variant.listing_id not in self.found]

    def products(self) -> list[Row]:
        return list({product["id"]: product for product, _ in self.found.values()}.values())


class LocatingPart(LevelsPart):
    """Where the listings of a product live in the store."""

    def _locate(self, request: ListingRequest) -> Places:
        places = Places()
        ids = {variant.remote_product_id for variant in request.variants} | {request.remote_product_id}
        for product_id in sorted(filter(None, ids)):
            self._take(request, places, self._read(product_id), is_ours=True)
        missing = places.missing(request)
        if missing and not places.found:
            few = missing if len(missing) <= LOOKED_UP else [missing[0], missing[len(missing) // 2], missing[-1]]
            self._look_up(request, places, few)
        return places

    def _look_up(self, request: ListingRequest, places: Places, variants: Sequence[ListingVariant]) -> None:
        """Find the products that hold these SKUs; each brings all its variants along."""
        reads = [self._sku_reader(variant.sku) for variant in variants]
        known = {product["id"] for product in places.products()}
        for product_id in dict.fromkeys(found for found in self.client.many(reads) if found):
            if product_id not in known:
                self._take(request, places, self._read(str(product_id)), is_ours=False)

    def _sku_reader(self, sku: str) -> Callable[[Http], int]:
        def read(http: Http) -> int:
            body = self.client.get("/v3/catalog/variants", areas.PRODUCTS, http=http, sku=sku)
            rows = (body or {}).get("data") or []
            # Rows of removed products stand there with product 0 (trap 17).
            same = [row for row in rows if str(row.get("sku") or "").lower() == sku.lower() and row.get("product_id")]
            return int(same[0]["product_id"]) if same else 0

        return read

    def _read(self, product_id: str) -> Row | None:
        try:
            return data_of(self.client.get(f"{PRODUCTS}/{number(product_id)}", areas.PRODUCTS, include=INCLUDED))
        except NotFound:
            return None

    def _take(self, request: ListingRequest, places: Places, product: Row | None, *, is_ours: bool) -> None:
        """Note which of our listings this product holds: by variant id, else by SKU ignoring case, as they compare."""
        if product is None:
            return
        if is_ours:
            places.ours.add(product["id"])
        rows = product.get("variants") or []
        by_id = {str(row["id"]): row for row in rows}
        by_sku = {str(row.get("sku") or product.get("sku") or "").lower(): row for row in rows}
        for variant in places.missing(request):
            row = by_id.get(variant.remote_variant_id) or by_sku.get(variant.sku.lower())
            if row is not None:
                places.put(variant, product, row)
