"""The state door's part for products, prices and stock, in words that are alike for every vendor."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, jsonify

from channels.connectors.bigcommerce.simulator.amounts import show
from channels.connectors.bigcommerce.simulator.catalog_write import (
    create_product,
    delete_product,
    update_product,
    update_variant,
)
from channels.connectors.bigcommerce.simulator.door import the_shop
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.connectors.bigcommerce.simulator.stock import find_item, set_stock, shown_level
from channels.simkit.app import Parts
from channels.simkit.door import guard_local, read_json, refuse
from channels.simkit.store import Document

_WORDS = {"visible": "is_visible", "price": "price", "cost": "cost_price", "name": "name", "sku": "sku",
          "description": "description", "weight": "weight"}  # fmt: skip
_NUMBERS = frozenset({"price", "cost_price", "weight"})


def door_of_catalog(parts: Parts) -> Blueprint:
    """The blueprint, to be mounted at the door's prefix."""
    door = Blueprint("sim_catalog", __name__)
    door.before_request(guard_local)

    @door.get("/stores/<hash>/products")
    def products(hash: str) -> Response:
        shop = the_shop(parts, hash)
        return jsonify([describe(shop, product) for product in shop.find("products")])

    @door.post("/stores/<hash>/products")
    def stock_up(hash: str) -> Response:
        shop = the_shop(parts, hash)
        made = [describe(shop, add_product(shop, values)) for values in read_json(list)]
        return jsonify(products=made)

    @door.patch("/stores/<hash>/products/<int:id>")
    def change(hash: str, id: int) -> Response:
        shop = the_shop(parts, hash)
        product = update_product(shop, _the_product(shop, id), _translate(read_json()), checked=False)
        return jsonify(describe(shop, product))

    @door.delete("/stores/<hash>/products/<int:id>")
    def remove(hash: str, id: int) -> Response:
        shop = the_shop(parts, hash)
        delete_product(shop, _the_product(shop, id))
        return jsonify(deleted=id)

    @door.put("/stores/<hash>/stock")
    def stock(hash: str) -> Response:
        shop = the_shop(parts, hash)
        return jsonify(_by_sku(shop, read_json(), set_sku_stock))

    @door.put("/stores/<hash>/prices")
    def prices(hash: str) -> Response:
        shop = the_shop(parts, hash)
        return jsonify(_by_sku(shop, read_json(), set_sku_price))

    return door


def add_product(shop: Shop, values: Mapping[str, Any]) -> Document:
    """Stock one product, good or bad, from the door's neutral words."""
    body = {"type": "physical", "weight": 0, "price": 0, "is_visible": True, **_translate(values)}
    variants = values.get("variants") or []
    if variants:
        body["inventory_tracking"] = "variant"
        body["variants"] = [_variant(values, variant) for variant in variants]
    elif values.get("stock") is not None:
        body.update(inventory_tracking="product", inventory_level=int(values["stock"]))
    if values.get("image"):
        body["images"] = [{"image_url": values["image"], "is_thumbnail": True}]
    return create_product(shop, body, checked=False)


def describe(shop: Shop, product: Document) -> Document:
    """A product in the door's neutral words; money as text."""
    variants = shop.find("variants", [("product_id", "=", product["id"])])
    return {
        "id": product["id"],
        "name": product["name"],
        "sku": product["sku"],
        "price": show(product["price"]),
        "cost": show(product["cost_price"]),
        "stock": shown_level(shop, product),
        "visible": product["is_visible"],
        "variants": [_describe_variant(shop, product, variant) for variant in variants if variant["option_values"]],
    }


def set_sku_stock(shop: Shop, product: Document, variant: Document, quantity: Any) -> None:
    """Stock on hand of the goods behind a SKU."""
    item = find_item(shop, product_id=product["id"], variant_id=variant["id"])
    if item:
        set_stock(shop, item, int(quantity))


def set_sku_price(shop: Shop, product: Document, variant: Document, price: Any) -> None:
    """Price of the goods behind a SKU: the product's when it is simple."""
    amount = {"price": float(Decimal(str(price)))}
    if variant["option_values"]:
        update_variant(shop, variant, amount, checked=False)
    else:
        update_product(shop, product, amount, checked=False)


def find_sku(shop: Shop, sku: str) -> tuple[Document, Document] | None:
    """(product, variant) of a SKU; the exact spelling wins over one that differs by case."""
    found = shop.find("variants", [("_sku", "=", sku.lower())])
    variant = next((match for match in found if match["sku"] == sku), found[0] if found else None)
    product = shop.get("products", variant["product_id"]) if variant else None
    return (product, variant) if product and variant else None


def _by_sku(shop: Shop, values: Mapping[str, Any], write: Any) -> Document:
    unknown = []
    for sku, value in values.items():
        found = find_sku(shop, sku)
        if found:
            write(shop, *found, value)
        else:
            unknown.append(sku)
    return {"changed": len(values) - len(unknown), "unknown": unknown}


def _translate(values: Mapping[str, Any]) -> Document:
    out = {_WORDS[word]: value for word, value in values.items() if word in _WORDS and value is not None}
    return {name: float(str(value)) if name in _NUMBERS else value for name, value in out.items()}


def _variant(values: Mapping[str, Any], variant: Mapping[str, Any]) -> Document:
    out: Document = {
        "sku": str(variant.get("sku") or ""),
        "option_values": [
            {"option_display_name": str(values.get("option") or "Option"), "label": str(variant.get("value", ""))}
        ],
        "inventory_level": int(variant.get("stock") or 0),
    }
    out.update({_WORDS[word]: float(str(variant[word])) for word in ("price", "cost") if variant.get(word) is not None})
    return out


def _describe_variant(shop: Shop, product: Document, variant: Document) -> Document:
    price = product["price"] if variant["price"] is None else variant["price"]
    return {
        "id": variant["id"],
        "sku": variant["sku"],
        "value": " / ".join(value["label"] for value in variant["option_values"]),
        "price": show(price),
        "stock": shown_level(shop, variant),
    }


def _the_product(shop: Shop, id: int) -> Document:
    product = shop.get("products", id)
    if product is None:
        refuse(f"There is no product {id}.", 404)
    return product or {}
