"""Variants: of one product and store-wide, in batches of fifty (section 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.catalog_products import saved, the_product
from channels.connectors.bigcommerce.simulator.catalog_rules import show_variant
from channels.connectors.bigcommerce.simulator.catalog_write import create_variant, delete_variant, update_variant
from channels.connectors.bigcommerce.simulator.filters import Filter, integer, integers, lowered, read_filters
from channels.connectors.bigcommerce.simulator.gate import Route, body
from channels.connectors.bigcommerce.simulator.paging import chosen_fields, page_v3
from channels.connectors.bigcommerce.simulator.shapes import VARIANT_SHAPE, check_v3
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document

MAX_BATCH = 50
FILTERS = {
    "id": Filter("id", "=", integer),
    "sku": Filter("_sku", "=", lowered),
    "upc": Filter("upc"),
    "product_id:in": Filter("product_id", "in", integers),
}


def list_variants(shop: Shop) -> Any:
    """All variants of the store; there is no date filter."""
    return _page(shop, read_filters(shop, FILTERS))


def list_product_variants(shop: Shop, product_id: int) -> Any:
    """The variants of one product, the base variant of a simple one too."""
    the_product(shop, product_id)
    return _page(shop, [("product_id", "=", product_id)])


def get_variant(shop: Shop, product_id: int, variant_id: int) -> Any:
    """One variant."""
    return {"data": show_variant(shop, _the_variant(shop, variant_id, product_id)), "meta": {}}


def post_variant(shop: Shop, product_id: int) -> Any:
    """Create one out of option values."""
    values = body()
    the_product(shop, product_id)
    lacking = {name: f"Please provide {name}." for name in ("sku", "option_values") if name not in values}
    if lacking:
        raise errors.missing(lacking)
    return saved(shop, show_variant(shop, create_variant(shop, product_id, values)))


def put_variant(shop: Shop, product_id: int, variant_id: int) -> Any:
    """Change one."""
    variant = update_variant(shop, _the_variant(shop, variant_id, product_id), body())
    return saved(shop, show_variant(shop, variant))


def put_variants(shop: Shop) -> Any:
    """Change up to fifty by id, or create by product, SKU and option values; 413 above fifty."""
    batch = body(list)
    if len(batch) > MAX_BATCH:
        raise errors.v3(
            413, f"The request payload is too large. The maximum items allowed in the array is {MAX_BATCH}."
        )
    return saved(shop, [show_variant(shop, _upsert(shop, values)) for values in batch])


def delete_one(shop: Shop, product_id: int, variant_id: int) -> Any:
    """Delete one."""
    delete_variant(shop, _the_variant(shop, variant_id, product_id))
    return None, 204


def _upsert(shop: Shop, values: Mapping[str, Any]) -> Document:
    check_v3(values, VARIANT_SHAPE)
    if "id" in values:
        return update_variant(shop, _the_variant(shop, values["id"], values.get("product_id")), values)
    if not {"product_id", "sku", "option_values"} <= values.keys():
        raise errors.missing({"id": "Please provide an id."})
    return create_variant(shop, values["product_id"], values)


def _the_variant(shop: Shop, variant_id: int, product_id: int | None) -> Document:
    variant = shop.get("variants", variant_id)
    if variant is None or product_id not in {None, variant["product_id"]}:
        raise errors.not_found("/v3/")
    return variant


def _page(shop: Shop, where: list[tuple[str, str, Any]]) -> Any:
    def render(variants: list[Document]) -> list[Document]:
        return chosen_fields([show_variant(shop, variant) for variant in variants])

    return page_v3(shop, "variants", render=render, where=where)


ROUTES = (
    Route("GET", "/v3/catalog/variants", list_variants, "products"),
    Route("PUT", "/v3/catalog/variants", put_variants, "products"),
    Route("GET", "/v3/catalog/products/<int:product_id>/variants", list_product_variants, "products"),
    Route("POST", "/v3/catalog/products/<int:product_id>/variants", post_variant, "products"),
    Route("GET", "/v3/catalog/products/<int:product_id>/variants/<int:variant_id>", get_variant, "products"),
    Route("PUT", "/v3/catalog/products/<int:product_id>/variants/<int:variant_id>", put_variant, "products"),
    Route("DELETE", "/v3/catalog/products/<int:product_id>/variants/<int:variant_id>", delete_one, "products"),
)
