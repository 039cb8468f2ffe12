"""Values as the database holds them: what comes from outside is cut to our columns, never refused for its length."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catalog.data import ProductData, VariantData
from catalog.models import sku_key
from catalog.services.bulk import Row, raw_decimal, raw_json

PRODUCT_COLUMNS = ("name", "description", "brand", "category", "image_url", "is_active")
# What a source tells of a variant, in one order everywhere.
VARIANT_FACTS = (
    "sku",
    "name",
    "options",
    "barcode",
    "price",
    "cost",
    "msrp",
    "map_price",
    "weight",
    "image_url",
    "tracks_stock",
    "is_active",
)
VARIANT_COLUMNS = (*VARIANT_FACTS, "position", "sku_key", "currency")
SKU_AT = VARIANT_COLUMNS.index("sku")
OPTIONS_AT = VARIANT_COLUMNS.index("options")
ACTIVE_AT = VARIANT_COLUMNS.index("is_active")
# The figures whose changes are kept as history.
PRICED = tuple((name, VARIANT_COLUMNS.index(name)) for name in ("price", "cost", "msrp"))
TOO_LARGE = Decimal(10) ** 10
URL_LENGTH = 1000


def product_row(item: ProductData) -> Row:
    """``item`` in the order of PRODUCT_COLUMNS."""
    return (
        clip(item.name, 255),
        clip(item.description, None),
        clip(item.brand, 120),
        clip(item.category, 200),
        url(item.image_url),
        item.is_active,
    )


def variant_row(item: VariantData, *, currency: str) -> Row:
    """``item`` in the order of VARIANT_COLUMNS."""
    sku = clip(item.sku, 255)
    return (
        sku,
        clip(item.name, 255),
        raw_options(item.options),
        clip(item.barcode, 50),
        amount(item.price),
        amount(item.cost),
        amount(item.msrp),
        amount(item.map_price),
        amount(item.weight),
        url(item.image_url),
        item.tracks_stock,
        item.is_active,
        item.position,
        sku_key(sku)[:255],
        currency,
    )


def same_variant(before: Row, after: Row) -> bool:
    """Whether both rows say the same; options are compared as values, since PostgreSQL keeps their keys in an order of its own."""
    if before == after:
        return True
    return (
        before[:OPTIONS_AT] == after[:OPTIONS_AT]
        and before[OPTIONS_AT + 1 :] == after[OPTIONS_AT + 1 :]
        and json.loads(before[OPTIONS_AT]) == json.loads(after[OPTIONS_AT])
    )


def clip(text: str, length: int | None) -> str:
    """``text`` without the one character that PostgreSQL cannot store, at most ``length`` long."""
    clean = text.replace("\x00", "") if "\x00" in text else text
    return clean[:length] if length else clean


def url(text: str) -> str:
    """An address, or nothing where it is too long to be kept whole: half an address shows no picture."""
    return text if len(text) <= URL_LENGTH else ""


def amount(value: Decimal | None) -> Any:
    """A price, cost or weight; a figure that no column holds counts as none."""
    if value is None or not -TOO_LARGE < value < TOO_LARGE:
        return None
    return raw_decimal(value)


def raw_options(options: Mapping[str, str]) -> str:
    return raw_json(dict(options)) if options else "{}"
