"""Rules of the catalogue: fields, defaults, uniqueness, how a product and a variant are shown (sections 4.1, 4.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.fields import MAX_STOCK, Field, money, size
from channels.connectors.bigcommerce.simulator.filters import iso
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.connectors.bigcommerce.simulator.stock import shown_level
from channels.simkit.store import Document, shown

MAX_VARIANTS = 600
REQUIRED = ("name", "type", "weight", "price")

PRODUCT_FIELDS: dict[str, Field] = {
    "name": Field("text", shortest=1, longest=250),
    "type": Field("text", choices=("physical", "digital")),
    "sku": Field("text", longest=255),
    "description": Field("text"),
    **{name: size() for name in ("weight", "width", "depth", "height")},
    **{name: money() for name in ("price", "cost_price", "retail_price", "sale_price", "map_price")},
    "tax_class_id": Field("integer", low=0, high=255),
    "product_tax_code": Field("text", longest=255),
    "categories": Field("list", longest=1000),
    "brand_id": Field("integer", low=0),
    "brand_name": Field("text"),
    "inventory_tracking": Field("text", choices=("none", "product", "variant")),
    "inventory_level": Field("integer", low=0),
    "inventory_warning_level": Field("integer", low=0),
    "is_visible": Field("boolean"),
    "is_featured": Field("boolean"),
    "is_free_shipping": Field("boolean"),
    "availability": Field("text", choices=("available", "disabled", "preorder")),
    "availability_description": Field("text", longest=255),
    "is_price_hidden": Field("boolean"),
    "upc": Field("text", longest=14),
    "gtin": Field("text", longest=14),
    "mpn": Field("text"),
    "condition": Field("text", choices=("New", "Used", "Refurbished")),
    "order_quantity_minimum": Field("integer", low=0),
    "order_quantity_maximum": Field("integer", low=0),
    "bin_picking_number": Field("text", longest=255),
    "search_keywords": Field("text"),
    "warranty": Field("text"),
    "page_title": Field("text"),
    "meta_description": Field("text"),
    "sort_order": Field("integer"),
    "custom_fields": Field("list"),
    "images": Field("list"),
    "variants": Field("list", longest=MAX_VARIANTS),
    "custom_url": Field("object"),
}

VARIANT_FIELDS: dict[str, Field] = {
    "sku": Field("text", shortest=1, longest=255),
    **{
        name: money(nullable=True)
        for name in ("price", "cost_price", "sale_price", "retail_price", "map_price", "fixed_cost_shipping_price")
    },
    **{name: size(nullable=True) for name in ("weight", "width", "depth", "height")},
    "is_free_shipping": Field("boolean", nullable=True),
    "purchasing_disabled": Field("boolean"),
    "purchasing_disabled_message": Field("text", longest=255),
    "image_url": Field("text", longest=255),
    "upc": Field("text", longest=14, nullable=True),
    "gtin": Field("text", longest=14, nullable=True),
    "mpn": Field("text", nullable=True),
    "inventory_level": Field("integer", low=0),
    "inventory_warning_level": Field("integer", low=0),
    "bin_picking_number": Field("text", longest=255),
}

NEW_PRODUCT: dict[str, Any] = {
    "name": "", "type": "physical", "sku": "", "description": "", "weight": 0, "width": 0, "depth": 0, "height": 0,
    "price": 0, "cost_price": 0, "retail_price": 0, "sale_price": 0, "map_price": 0, "tax_class_id": 0,
    "product_tax_code": "", "categories": [], "brand_id": 0, "option_set_id": None, "option_set_display": "right",
    "inventory_level": 0, "inventory_warning_level": 0, "inventory_tracking": "none", "reviews_rating_sum": 0,
    "reviews_count": 0, "total_sold": 0, "fixed_cost_shipping_price": 0, "is_free_shipping": False,
    "is_visible": False, "is_featured": False, "related_products": [-1], "warranty": "", "bin_picking_number": "",
    "layout_file": "product.html", "upc": "", "mpn": "", "gtin": "", "search_keywords": "",
    "availability": "available", "availability_description": "", "gift_wrapping_options_type": "any",
    "gift_wrapping_options_list": [], "sort_order": 0, "condition": "New", "is_condition_shown": False,
    "order_quantity_minimum": 0, "order_quantity_maximum": 0, "page_title": "", "meta_keywords": [],
    "meta_description": "", "view_count": 0, "preorder_release_date": None, "preorder_message": "",
    "is_preorder_only": False, "is_price_hidden": False, "price_hidden_label": "",
    "open_graph_type": "product", "open_graph_title": "", "open_graph_description": "",
    "open_graph_use_meta_description": True, "open_graph_use_product_name": True, "open_graph_use_image": True,
    "base_variant_id": None,
}  # fmt: skip

NEW_VARIANT: dict[str, Any] = {
    "sku": "", "sku_id": None, "price": None, "cost_price": None, "sale_price": None, "retail_price": None,
    "map_price": None, "weight": None, "width": None, "height": None, "depth": None, "is_free_shipping": False,
    "fixed_cost_shipping_price": None, "purchasing_disabled": False, "purchasing_disabled_message": "",
    "image_url": "", "upc": "", "mpn": "", "gtin": "", "inventory_level": 0, "inventory_warning_level": 0,
    "bin_picking_number": "", "option_values": [],
}  # fmt: skip

_WRITE_ONLY = frozenset({"brand_name", "images", "variants", "custom_fields", "inventory_level"})


def product_changes(shop: Shop, values: Mapping[str, Any]) -> Document:
    """The part of a body that is stored on the product itself, with the simulator's own search keys."""
    changes = {key: value for key, value in values.items() if key in PRODUCT_FIELDS and key not in _WRITE_ONLY}
    if "brand_name" in values:
        changes["brand_id"] = _brand_id(shop, str(values["brand_name"]))
    if "custom_url" in changes:
        changes["custom_url"] = {"url": str(changes["custom_url"].get("url", "")), "is_customized": True}
    if "name" in changes:
        changes["_name"] = str(changes["name"]).lower()
    if "sku" in changes:
        changes["_sku"] = str(changes["sku"]).lower()
    if "price" in changes:
        changes["_price"] = float(changes["price"])
    if "custom_fields" in values:
        changes["_custom_fields"] = [_custom_field(shop, field) for field in values["custom_fields"]]
    return {**changes, "_modified": shop.now}


def check_unique_name(shop: Shop, name: str, *, product_id: int | None) -> None:
    """409 when another product has this name."""
    other = shop.first("products", [("_name", "=", name.lower()), ("id", "!=", product_id or 0)])
    if other:
        raise errors.duplicate("name")


def check_unique_sku(shop: Shop, sku: str, *, product_id: int | None = None, variant_id: int | None = None) -> None:
    """409 when a product or variant has this SKU, ignoring case. The SKU of a simple product is its base variant's."""
    key = sku.lower()
    if not key:
        return
    products = shop.find("products", [("_sku", "=", key), ("id", "!=", product_id or 0)])
    variants = shop.find("variants", [("_sku", "=", key), ("id", "!=", variant_id or 0)])
    if products or variants:
        raise errors.duplicate("sku")


def check_categories(shop: Shop, values: Mapping[str, Any]) -> None:
    """409 when a category of the list does not exist."""
    for id in values.get("categories", []):
        if shop.get("categories", id) is None:
            sentence = f"The category {id} does not exist"
            raise errors.v3(409, sentence, {"categories": sentence})


def make_url(name: str, id: int) -> str:
    """The storefront path of a product."""
    return f"/{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-') or id}/"


def clamp(level: Any) -> int:
    """Catalogue writes above the maximum are cut to it."""
    return min(MAX_STOCK, int(level))


def show_product(shop: Shop, product: Document) -> Document:
    """A product as V3 shows it, without included parts."""
    out = shown(product)
    out["inventory_level"] = shown_level(shop, product)
    out["calculated_price"] = product["sale_price"] or product["price"]
    out["date_created"] = iso(product["_created"])
    out["date_modified"] = iso(product["_modified"])
    if shop.on("unknown_fields"):
        out["x_unannounced"] = {"since": "today"}
    return out


def show_variant(shop: Shop, variant: Document) -> Document:
    """A variant as V3 shows it: unset values are null, the calculated price falls back to the product's."""
    product = shop.get("products", variant["product_id"]) or NEW_PRODUCT
    return show_variant_of(shop, variant, product)


def show_variant_of(shop: Shop, variant: Document, product: Document) -> Document:
    """The same, for a product at hand."""
    out = shown(variant)
    inherited = product["sale_price"] or product["price"]
    own = variant["sale_price"] or variant["price"]
    out["calculated_price"] = inherited if own is None else own
    out["calculated_weight"] = product["weight"] if variant["weight"] is None else variant["weight"]
    out["inventory_level"] = shown_level(shop, variant)
    return out


def _brand_id(shop: Shop, name: str) -> int:
    brand = shop.first("brands", [("name", "=", name)]) or shop.add("brands", {"name": name})
    return int(brand["id"])


def _custom_field(shop: Shop, field: Mapping[str, Any]) -> Document:
    name, value = str(field.get("name", "")), str(field.get("value", ""))
    if not name or not value:
        raise errors.invalid({"custom_fields": "name and value must not be empty."})
    return {"id": shop.number("custom_fields"), "name": name, "value": value}
