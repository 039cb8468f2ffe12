"""Products and stock out of a store (vendor reference, sections 3 and 9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from channels.connectors.shift4shop import mapping_products as mapping
from channels.connectors.shift4shop.base import Shift4ShopBase
from channels.connectors.shift4shop.rows import Row
from channels.connectors.shift4shop.times import filter_date, may_be_since
from channels.contract import ChannelProduct, StockFigure, Topic, readable

PATH, KEY = "Products", "SKUInfo.CatalogID"


class Catalogue(Shift4ShopBase):
    """Reading the catalogue. Hidden products come as well, or they would never be seen as hidden."""

    def products(self, *, modified_since: datetime | None = None) -> Iterator[Sequence[ChannelProduct]]:
        """Pages of at most 200, by catalogue id. The filter knows whole days only, so a day more is asked for and filtered here again."""
        params = {"lastupdatestart": filter_date(modified_since, self.zone)} if modified_since else {}
        for page in self.client.walk(PATH, params, key=KEY):
            kept = [
                row
                for row in page
                if modified_since is None or may_be_since(row.get("LastUpdate"), self.zone, since=modified_since)
            ]
            if kept:
                yield list(readable(self.session.reads, Topic.PRODUCT, kept, self._product, key=_id))

    def product(self, remote_id: str) -> ChannelProduct:
        """One product. Raises NotFound."""
        return self._product(self.client.one(f"{PATH}/{remote_id}"))

    def product_count(self) -> int | None:
        """How many products a full walk brings."""
        return self.client.count(PATH)

    def stock(self) -> Iterator[Sequence[StockFigure]]:
        """Every figure. The light list has no variants, and a change of stock need not move ``LastUpdate``: so the whole catalogue is read."""
        for page in self.client.walk(PATH, key=KEY):
            rows = readable(self.session.reads, Topic.STOCK, page, mapping.stock_figures, key=_id)
            yield [figure for row in rows for figure in row]

    def _product(self, row: Row) -> ChannelProduct:
        return mapping.product(row, zone=self.zone, host=self.host)


def _id(row: Row) -> object:
    info = row.get("SKUInfo")
    return info.get("CatalogID", "") if isinstance(info, dict) else ""
