"""Reading the catalogue: products with variants, and stock (vendor reference, sections 3 and 4)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any

from channels.connectors.bigcommerce import areas, mapping
from channels.connectors.bigcommerce.client import INVENTORY_LIMIT, Page, data_of, now_text, number
from channels.connectors.bigcommerce.part import Part
from channels.contract import ChannelProduct, StockFigure, Topic, readable
from channels.errors import Misconfigured, UnexpectedPayload

PRODUCTS = "/v3/catalog/products"
INCLUDED = "variants,primary_image"
# Changes that became visible late, and clocks that differ, are caught by reading a little twice (section 3).
OVERLAP = timedelta(minutes=5)


class CatalogPart(Part):
    """Products and stock out of the store."""

    def products(self, *, modified_since: datetime | None = None) -> Iterator[Sequence[ChannelProduct]]:
        """Every product, or those modified since, in the order of their ids.

        Pages are fetched several at a time. When the number of products falls meanwhile, a deletion has moved the later rows up and one may
        have been skipped: the walk goes on behind the last id that is certain.
        """
        last_id: int | None = 0
        while last_id is not None:
            last_id = yield from self._stretch(last_id, modified_since)

    def product(self, remote_id: str) -> ChannelProduct:
        body = self.client.get(f"{PRODUCTS}/{number(remote_id)}", areas.PRODUCTS, include=INCLUDED)
        return mapping.product(data_of(body))

    def product_count(self) -> int | None:
        return next(self.client.v3_pages(PRODUCTS, areas.PRODUCTS, limit=1, include_fields="id")).total

    def stock(self) -> Iterator[Sequence[StockFigure]]:
        """Stock by location; without the inventory permissions, the figures that the catalogue itself shows."""
        try:
            default, places = self._places()
            pages = self.client.v3_pages(
                "/v3/inventory/items", areas.INVENTORY, limit=INVENTORY_LIMIT, location_id__in=",".join(places)
            )
            for page in pages:
                yield self._figures(page, places, default)
        except Misconfigured as error:
            if error.area not in {areas.INVENTORY.name, areas.LOCATIONS.name}:
                raise
            yield from self._catalogue_stock()

    @cached_property
    def default_location(self) -> str:
        """The id of the location that the storefront sells from; never assumed (section 4.4). Raises UnexpectedPayload when there is none."""
        page = next(
            self.client.v3_pages("/v3/inventory/locations", areas.LOCATIONS, limit=INVENTORY_LIMIT, is_default="true")
        )
        if not page.rows:
            raise UnexpectedPayload("BigCommerce told no default location.", path="/v3/inventory/locations $.data")
        return str(page.rows[0]["id"])

    def locations(self) -> list[tuple[str, str]]:
        """(id, label) of every location that takes stock."""
        pages = self.client.v3_pages("/v3/inventory/locations", areas.LOCATIONS, limit=INVENTORY_LIMIT)
        rows = [row for page in pages for row in page.rows]
        return [(str(row["id"]), str(row.get("label") or row["id"])) for row in rows if row.get("enabled", True)]

    def _stretch(
        self, after: int, modified_since: datetime | None
    ) -> Generator[Sequence[ChannelProduct], None, int | None]:
        """One walk behind the id ``after``; returns the id to go on behind when rows moved, None at the end."""
        filters: dict[str, Any] = {"sort": "id", "direction": "asc", "include": INCLUDED, "id__greater": after or ""}
        if modified_since:
            filters["date_modified__min"] = now_text(modified_since - OVERLAP)
        most, last_id = 0, after
        for page in self.client.v3_pages(PRODUCTS, areas.PRODUCTS, **filters):
            if page.total < most:
                return last_id
            most = page.total
            if page.rows:
                last_id = int(page.rows[-1]["id"])
                yield list(
                    readable(
                        self.session.reads, Topic.PRODUCT, page.rows, mapping.product, key=lambda row: row.get("id")
                    )
                )
        return None

    def _places(self) -> tuple[str, list[str]]:
        default = self.default_location
        chosen = [part.strip() for part in self.session.settings.get("stock_locations", "").split(",") if part.strip()]
        return default, chosen or [default]

    def _figures(self, page: Page, places: Sequence[str], default: str) -> list[StockFigure]:
        read = partial(mapping.stock_figures, places=places, default=default)
        rows = readable(self.session.reads, Topic.STOCK, page.rows, read, key=mapping.name_of_item)
        figures = [figure for row in rows for figure in row]
        whole = {figure.remote_product_id for figure in figures if not figure.remote_variant_id}
        variants = self._variants_of(sorted(whole, key=int)) if whole else {}
        return [each for figure in figures for each in _per_variant(figure, variants)]

    def _variants_of(self, product_ids: Sequence[str]) -> Mapping[str, list[str]]:
        """The variant ids of products that are counted as a whole."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(product_ids), 250):
            chunk = ",".join(product_ids[start : start + 250])
            pages = self.client.v3_pages(
                "/v3/catalog/variants", areas.PRODUCTS, product_id__in=chunk, include_fields="product_id"
            )
            for row in (row for page in pages for row in page.rows):
                found.setdefault(str(row.get("product_id")), []).append(str(row["id"]))
        return found

    def _catalogue_stock(self) -> Iterator[Sequence[StockFigure]]:
        for page in self.products():
            yield [
                StockFigure(product.remote_id, variant.remote_id, variant.stock)
                for product in page
                for variant in product.variants
                if variant.stock is not None
            ]


def _per_variant(figure: StockFigure, variants: Mapping[str, list[str]]) -> list[StockFigure]:
    """A figure of a whole product stands for each of its variants: they share the units."""
    if figure.remote_variant_id:
        return [figure]
    return [
        StockFigure(figure.remote_product_id, variant_id, figure.on_hand, figure.location)
        for variant_id in variants.get(figure.remote_product_id, ())
    ]
