"""`/v3/catalog/products`: list with filters, create, update one or ten, delete (sections 3 and 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.catalog_rules import REQUIRED, show_product, show_variant_of
from channels.connectors.bigcommerce.simulator.catalog_write import create_product, delete_product, update_product
from channels.connectors.bigcommerce.simulator.filters import (
    Filter,
    boolean,
    containing,
    integer,
    integers,
    iso,
    lowered,
    lowered_list,
    moment,
    number,
    read_filters,
)
from channels.connectors.bigcommerce.simulator.gate import Route, body
from channels.connectors.bigcommerce.simulator.paging import chosen_fields, page_v3
from channels.connectors.bigcommerce.simulator.shapes import PRODUCT_SHAPE, check_v3
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document, shown

MAX_BATCH = 10
SMALL_PAGE = 10
_COMPARISONS = {"min": ">=", "max": "<=", "greater": ">", "less": "<"}
_LEVELS = {f"inventory_level:{word}": Filter("inventory_level", sign, integer) for word, sign in _COMPARISONS.items()}

FILTERS: dict[str, Filter] = {
    "id": Filter("id", "=", integer),
    "id:in": Filter("id", "in", integers),
    "id:not_in": Filter("id", "not in", integers),
    **{f"id:{word}": Filter("id", sign, integer) for word, sign in _COMPARISONS.items()},
    "sku": Filter("_sku", "=", lowered),
    "sku:in": Filter("_sku", "in", lowered_list),
    "name": Filter("_name", "=", lowered),
    "name:like": Filter("_name", "like", containing),
    "keyword": Filter("_name", "like", containing),
    "mpn": Filter("mpn"),
    "upc": Filter("upc"),
    "price": Filter("_price", "=", number),
    "date_modified": Filter("_modified", "=", moment),
    "date_modified:min": Filter("_modified", ">=", moment),
    "date_modified:max": Filter("_modified", "<=", moment),
    "is_visible": Filter("is_visible", "=", boolean),
    "is_featured": Filter("is_featured", "=", boolean),
    "is_free_shipping": Filter("is_free_shipping", "=", boolean),
    "inventory_level": Filter("inventory_level", "=", integer),
    **_LEVELS,
    "availability": Filter("availability"),
    "brand_id": Filter("brand_id", "=", integer),
    "condition": Filter("condition", "=", lambda text, shop: text.capitalize()),
    "type": Filter("type"),
}
_SORTS = {
    "id": "id",
    "name": "name",
    "sku": "_sku",
    "price": "_price",
    "date_modified": "_modified",
    "date_last_imported": "_created",
    "inventory_level": "inventory_level",
    "is_visible": "is_visible",
    "total_sold": "total_sold",
    "calculated_price": "_price",
}
_INCLUDES = frozenset(
    [
        *("bulk_pricing_rules", "channels", "custom_fields", "images", "modifiers", "options"),
        *("parent_relations", "primary_image", "reviews", "variants", "videos"),
    ]
)


def list_products(shop: Shop) -> Any:
    """One page; `include=options` or `modifiers` cuts it to ten."""
    included = _included()
    where = read_filters(shop, FILTERS)
    if "categories:in" in request.args:
        where.append(("id", "in", _ids_in_categories(shop, integers(request.args["categories:in"], shop))))
    return page_v3(
        shop,
        "products",
        render=lambda records: chosen_fields(_render(shop, records, included)),
        where=where,
        order=_order(),
        cap=SMALL_PAGE if included & {"options", "modifiers"} else None,
    )


def get_product(shop: Shop, product_id: int) -> Any:
    """One product."""
    return {"data": chosen_fields(_render(shop, [the_product(shop, product_id)], _included()))[0], "meta": {}}


def post_product(shop: Shop) -> Any:
    """Create one."""
    values = body()
    if lacking := {name: f"Please provide a {name}." for name in REQUIRED if name not in values}:
        raise errors.missing(lacking)
    product = create_product(shop, values)
    included = {"variants", "images"} & values.keys() | {"variants"}
    return saved(shop, _render(shop, [product], included)[0])


def put_product(shop: Shop, product_id: int) -> Any:
    """Change one."""
    product = update_product(shop, the_product(shop, product_id), body())
    return saved(shop, _render(shop, [product], set())[0])


def put_products(shop: Shop) -> Any:
    """Change up to ten; 413 above, nothing is changed when one is refused."""
    batch = body(list)
    if len(batch) > MAX_BATCH:
        raise errors.too_large(MAX_BATCH)
    for values in batch:
        check_v3(values, PRODUCT_SHAPE)
    lacking = {str(place): "Please provide an id." for place, values in enumerate(batch) if "id" not in values}
    if lacking:
        raise errors.missing(lacking)
    products = [update_product(shop, the_product(shop, values["id"]), values) for values in batch]
    return saved(shop, _render(shop, products, set()))


def delete_one(shop: Shop, product_id: int) -> Any:
    """Delete one."""
    delete_product(shop, the_product(shop, product_id))
    return None, 204


def delete_many(shop: Shop) -> Any:
    """Delete what a filter names; the filter is required."""
    if "id:in" not in request.args:
        raise errors.v3(422, "A filter is required to delete products.", {"id:in": "Please provide a filter."})
    for product in shop.find("products", read_filters(shop, {"id:in": FILTERS["id:in"]}), limit=250):
        delete_product(shop, product)
    return None, 204


def the_product(shop: Shop, product_id: int) -> Document:
    """The product, or 404."""
    product = shop.get("products", product_id)
    if product is None:
        raise errors.not_found("/v3/")
    return product


def saved(shop: Shop, data: Any) -> Any:
    """200, or 207 with the parts that were not saved when the switch says so."""
    if not shop.on("products_207"):
        return {"data": data, "meta": {}}
    return {"data": data, "errors": {"inventory_level": "The stock could not be saved."}, "meta": {}}, 207


def _included() -> set[str]:
    asked = {part.strip() for part in request.args.get("include", "").split(",") if part.strip()}
    if asked - _INCLUDES:
        raise errors.v3(422, "Invalid include.", {"include": f"unknown: {', '.join(sorted(asked - _INCLUDES))}"})
    return asked


def _order() -> list[tuple[str, str]]:
    sort, direction = request.args.get("sort", "id"), request.args.get("direction", "asc")
    if sort not in _SORTS or direction not in {"asc", "desc"}:
        raise errors.v3(422, "Invalid sort.", {"sort": f"{sort} {direction} is not a sort order."})
    return [(_SORTS[sort], direction)] + ([("id", "asc")] if sort != "id" else [])


def _ids_in_categories(shop: Shop, wanted: Sequence[int]) -> list[int]:
    return [product["id"] for product in shop.find("products") if set(product["categories"]) & set(wanted)]


def _render(shop: Shop, products: Sequence[Document], included: set[str]) -> list[Document]:
    return [{**show_product(shop, product), **_parts(shop, product, included)} for product in products]


def _parts(shop: Shop, product: Document, included: set[str]) -> Document:
    own = [("product_id", "=", product["id"])]
    parts: Document = {name: [] for name in included & (_INCLUDES - {"primary_image"})}
    if "variants" in included:
        parts["variants"] = [show_variant_of(shop, variant, product) for variant in shop.find("variants", own)]
    if "options" in included:
        parts["options"] = [shown(option) for option in shop.find("options", own)]
    if "custom_fields" in included:
        parts["custom_fields"] = product["_custom_fields"]
    if included & {"images", "primary_image"}:
        images = [show_image(image) for image in shop.find("images", own)]
        if "images" in included:
            parts["images"] = images
        if "primary_image" in included:
            parts["primary_image"] = next((image for image in images if image["is_thumbnail"]), None)
    return parts


def show_image(image: Document) -> Document:
    """An image as V3 shows it."""
    return {**shown(image), "date_modified": iso(image["_modified"])}


ROUTES = (
    Route("GET", "/v3/catalog/products", list_products, "products"),
    Route("POST", "/v3/catalog/products", post_product, "products"),
    Route("PUT", "/v3/catalog/products", put_products, "products"),
    Route("DELETE", "/v3/catalog/products", delete_many, "products"),
    Route("GET", "/v3/catalog/products/<int:product_id>", get_product, "products"),
    Route("PUT", "/v3/catalog/products/<int:product_id>", put_product, "products"),
    Route("DELETE", "/v3/catalog/products/<int:product_id>", delete_one, "products"),
)
