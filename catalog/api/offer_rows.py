"""Offers as the API writes them, straight from the rows of a walk; ``OfferSerializer`` says the same to the schema and for single offers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Self

from catalog.offers import Walk

FIELDS = (
    "id",
    "product_id",
    "product",
    "brand",
    "category",
    "supplier_id",
    "supplier",
    "sku",
    "name",
    "options",
    "barcode",
    "price",
    "breaks",
    "currency",
    "suggested_price",
    "suggested_currency",
    "image_url",
    "tracks_stock",
    "available",
)


class OfferPages:
    """A walk as the paginator reads it: ordered, filtered by a position, sliced."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk

    def order_by(self, order: str) -> Self:
        return type(self)(replace(self._walk, is_up=not order.startswith("-")))

    def filter(self, **position: str) -> Self:
        (beyond,) = position.values()
        return type(self)(replace(self._walk, beyond=int(beyond)))

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        return [written(row) for row in self._walk.read(part.stop)[part.start :]]


def written(row: tuple[Any, ...]) -> dict[str, Any]:
    """One row of ``catalog.offers.COLUMNS`` as the API writes it."""
    said = dict(zip(FIELDS, row, strict=True))
    said["options"] = _options(said["options"])
    said["breaks"] = _breaks(said["breaks"])
    said["price"] = f"{said['price']:.4f}"
    said["suggested_price"] = f"{said['suggested_price']:.4f}"
    return said


def _options(text: str) -> dict[str, str]:
    return {} if text == "{}" else {name: str(value) for name, value in json.loads(text).items()}


def _breaks(text: str) -> list[list[str]]:
    return [] if text == "[]" else [[str(one) for one in step] for step in json.loads(text)]
