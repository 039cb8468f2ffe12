"""Options, images, categories, brands and the summary of the catalogue (section 4.1)."""

from __future__ import annotations

from typing import Any

from flask import request

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.catalog_products import show_image, the_product
from channels.connectors.bigcommerce.simulator.catalog_write import add_image, touch
from channels.connectors.bigcommerce.simulator.filters import Filter, integer, integers, lowered, read_filters
from channels.connectors.bigcommerce.simulator.gate import Route, body
from channels.connectors.bigcommerce.simulator.option_write import create_option
from channels.connectors.bigcommerce.simulator.paging import chosen_fields, page_v3
from channels.connectors.bigcommerce.simulator.shapes import CATEGORY_SHAPE, IMAGE_SHAPE, OPTION_SHAPE, check_v3
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document, shown

OPTION_TYPES = frozenset(
    ["radio_buttons", "rectangles", "dropdown", "product_list", "product_list_with_images", "swatch"]
)
MAX_VALUES = 250
MAX_IMAGE_URL = 255
_CATEGORY_FILTERS = {
    "id": Filter("id", "=", integer),
    "id:in": Filter("id", "in", integers),
    "name": Filter("_name", "=", lowered),
    "parent_id": Filter("parent_id", "=", integer),
}


def list_options(shop: Shop, product_id: int) -> Any:
    """Options of a product with their values."""
    the_product(shop, product_id)
    return page_v3(shop, "options", render=_shown, where=[("product_id", "=", product_id)])


def post_option(shop: Shop, product_id: int) -> Any:
    """Create one; a display name stands once on a product."""
    product, values = the_product(shop, product_id), body()
    lacking = [name for name in ("display_name", "type", "option_values") if not values.get(name)]
    if lacking:
        raise errors.missing({name: f"Please provide {name}." for name in lacking})
    check_v3(values, OPTION_SHAPE)
    if values["type"] not in OPTION_TYPES or len(values["option_values"]) > MAX_VALUES:
        raise errors.invalid({"type": "unknown type, or more than 250 values"})
    known = shop.find("options", [("product_id", "=", product_id)])
    if values["display_name"] in {option["display_name"] for option in known}:
        sentence = "The option display name is a duplicate"
        raise errors.v3(409, sentence, {"display_name": sentence})
    option = create_option(shop, product, values)
    touch(shop, product_id)
    return {"data": shown(option), "meta": {}}


def list_images(shop: Shop, product_id: int) -> Any:
    """Images of a product."""
    the_product(shop, product_id)
    return page_v3(
        shop,
        "images",
        render=lambda images: [show_image(image) for image in images],
        where=[("product_id", "=", product_id)],
    )


def post_image(shop: Shop, product_id: int) -> Any:
    """Add one by address or by file; one per call."""
    the_product(shop, product_id)
    values = request.form.to_dict() | {"image_file": "upload.jpg"} if request.files else body()
    if not request.files:
        check_v3(values, IMAGE_SHAPE)
    url = str(values.get("image_url", ""))
    if "image_file" not in values and not url.startswith(("http://", "https://")):
        raise errors.missing({"image_url": "Please provide an image_url or an image_file."})
    if len(url) > MAX_IMAGE_URL:
        raise errors.invalid({"image_url": f"image_url must have at most {MAX_IMAGE_URL} characters."})
    image = add_image(shop, product_id, values)
    touch(shop, product_id)
    return {"data": show_image(image), "meta": {}}


def list_categories(shop: Shop) -> Any:
    """Categories of the store."""
    where = read_filters(shop, _CATEGORY_FILTERS)
    return page_v3(shop, "categories", render=lambda found: chosen_fields(_show_categories(found)), where=where)


def post_category(shop: Shop) -> Any:
    """Create one; a name stands once under a parent."""
    values = body()
    if lacking := [name for name in ("name", "parent_id") if name not in values]:
        raise errors.missing({name: f"Please provide {name}." for name in lacking})
    check_v3(values, CATEGORY_SHAPE)
    key = str(values["name"]).lower()
    if shop.first("categories", [("_name", "=", key), ("parent_id", "=", values["parent_id"])]):
        raise errors.v3(409, "The category name is a duplicate", {"name": "The category name is a duplicate"})
    category = shop.add("categories", {"name": values["name"], "parent_id": values["parent_id"], "_name": key})
    return {"data": _show_categories([category])[0], "meta": {}}


def list_brands(shop: Shop) -> Any:
    """Brands of the store."""
    return page_v3(shop, "brands", render=_shown, where=read_filters(shop, {"name": Filter("name")}))


def get_summary(shop: Shop) -> Any:
    """Counts and sums over the whole catalogue."""
    variants = shop.find("variants")
    products = {product["id"]: product for product in shop.find("products")}
    prices = [_price(variant, products) for variant in variants]
    levels = [variant["inventory_level"] for variant in variants]
    return {
        "data": {
            "inventory_count": sum(levels),
            "variant_count": len(variants),
            "inventory_value": sum(price * level for price, level in zip(prices, levels, strict=True)),
            "highest_variant_price": max(prices, default=0),
            "average_variant_price": sum(prices) / len(prices) if prices else 0,
            "lowest_variant_price": min(prices, default=0),
            "oldest_variant_date": "",
            "newest_variant_date": "",
            "primary_category_id": 0,
            "primary_category_name": "",
        },
        "meta": {},
    }


def _price(variant: Document, products: dict[int, Document]) -> float:
    own = variant["price"]
    return float(products[variant["product_id"]]["price"] if own is None else own)


def _shown(records: list[Document]) -> list[Document]:
    return [shown(record) for record in records]


def _show_categories(categories: list[Document]) -> list[Document]:
    more = {"description": "", "views": 0, "sort_order": 0, "is_visible": True}
    return [{**shown(category), **more} for category in categories]


_PRODUCT = "/v3/catalog/products/<int:product_id>"
ROUTES = (
    Route("GET", f"{_PRODUCT}/options", list_options, "products"),
    Route("POST", f"{_PRODUCT}/options", post_option, "products"),
    Route("GET", f"{_PRODUCT}/images", list_images, "products"),
    Route("POST", f"{_PRODUCT}/images", post_image, "products"),
    Route("GET", "/v3/catalog/categories", list_categories, "products"),
    Route("POST", "/v3/catalog/categories", post_category, "products"),
    Route("GET", "/v3/catalog/brands", list_brands, "products"),
    Route("GET", "/v3/catalog/summary", get_summary, "products"),
)
