"""`/v3/inventory`: locations, items, adjustments (section 4.4)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import g, request

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.fields import MAX_STOCK
from channels.connectors.bigcommerce.simulator.filters import (
    Filter,
    boolean,
    integers,
    iso,
    lowered_list,
    read_filters,
)
from channels.connectors.bigcommerce.simulator.gate import Route, body
from channels.connectors.bigcommerce.simulator.paging import page_v3
from channels.connectors.bigcommerce.simulator.shapes import ADJUSTMENT_SHAPE, SETTINGS_SHAPE, check_v3
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.connectors.bigcommerce.simulator.stock import (
    is_set,
    level_of,
    set_settings,
    set_stock,
    visible_onhand,
)
from channels.simkit.store import Document, shown

MAX_ITEMS = 2000
PAGE = 1000
_IDENTITIES = ("sku", "variant_id", "product_id")
_ITEM_FILTERS = {
    "sku:in": Filter("_sku", "in", lowered_list),
    "variant_id:in": Filter("variant_id", "in", integers),
    "product_id:in": Filter("product_id", "in", integers),
}
_LOCATION_FILTERS = {
    "location_id:in": Filter("id", "in", integers),
    "is_active": Filter("enabled", "=", boolean),
    "storefront_visibility": Filter("storefront_visibility", "=", boolean),
    "managed_by_external_source": Filter("managed_by_external_source", "=", boolean),
}


def list_locations(shop: Shop) -> Any:
    """Locations of the store."""
    where = read_filters(shop, _LOCATION_FILTERS)
    if "is_default" in request.args:
        where.append(("id", "=" if boolean(request.args["is_default"], shop) else "!=", 1))
    return page_v3(shop, "locations", render=_show_locations, where=where, maximum=PAGE)


def list_items(shop: Shop) -> Any:
    """Items with their figures at every location, or at those asked for."""
    locations = _asked_locations(shop)

    def render(items: list[Document]) -> list[Document]:
        return [
            {
                "identity": _identity(item),
                "locations": [{**_place(place), **_figures(shop, item, place)} for place in locations],
            }
            for item in items
        ]

    return page_v3(shop, "items", render=render, where=read_filters(shop, _ITEM_FILTERS), maximum=PAGE)


def list_location_items(shop: Shop, location_id: int) -> Any:
    """Items with their figures at one location."""
    location = _the_location(shop, location_id)

    def render(items: list[Document]) -> list[Document]:
        return [{"identity": _identity(item), **_figures(shop, item, location)} for item in items]

    return page_v3(shop, "items", render=render, where=read_filters(shop, _ITEM_FILTERS), maximum=PAGE)


def put_settings(shop: Shop, location_id: int) -> Any:
    """Safety stock, warning level and bin of items at a location."""
    _the_location(shop, location_id)
    values = body()
    settings = values.get("settings") or []
    if isinstance(settings, list):
        _check_size(settings)
    check_v3(values, SETTINGS_SHAPE)
    for entry in settings:
        identity = entry.get("identity", {})
        item, refusal = _find(shop, identity)
        if item is None:
            raise errors.v3(422, refusal)
        set_settings(shop, item, location_id=location_id, settings=entry)
    return _transaction()


def adjust_absolute(shop: Shop) -> Any:
    """Set stock on hand."""
    return _adjust(shop, relative=False)


def adjust_relative(shop: Shop) -> Any:
    """Add to or take from stock on hand; refused below safety stock and before a first absolute figure."""
    return _adjust(shop, relative=True)


def _adjust(shop: Shop, *, relative: bool) -> Any:
    values = body()
    entries = values.get("items")
    if not isinstance(entries, list) or not entries:
        raise errors.missing({"items": "Please provide items."})
    _check_size(entries)
    check_v3(values, ADJUSTMENT_SHAPE)
    refusals = [refusal for entry in entries if (refusal := _apply(shop, entry, relative=relative))]
    if refusals:
        g.keeps_work = not shop.on("inventory_batch_atomic")
        raise errors.v3(422, refusals[0], {str(place): text for place, text in enumerate(refusals)})
    return _transaction()


def _apply(shop: Shop, entry: Mapping[str, Any], *, relative: bool) -> str | None:
    """Make one adjustment; a sentence when it is refused."""
    quantity, location_id = entry.get("quantity"), entry.get("location_id")
    if not isinstance(quantity, int) or not isinstance(location_id, int):
        return "location_id and quantity are required whole numbers."
    location = shop.get("locations", location_id)
    if location is None or not location["enabled"]:
        return f"Location {location_id} does not exist or is disabled."
    item, refusal = _find(shop, entry)
    if item is None:
        return refusal
    if relative and not is_set(item, location_id):
        return f"Items with identity: [{_named(entry)}] requires absolute adjustment before relative"
    level = level_of(item, location_id)
    new = level["onhand"] + quantity if relative else quantity
    if new < (level["safety"] if relative else 0) or new > MAX_STOCK:
        return f"Items with identity: [{_named(entry)}] cannot have the quantity {new}."
    set_stock(shop, item, new, location_id=location_id)
    return None


def _find(shop: Shop, entry: Mapping[str, Any]) -> tuple[Document | None, str]:
    """The item behind exactly one identity, or the reason why there is none."""
    given = [name for name in _IDENTITIES if name in entry]
    if len(given) != 1:
        return None, "Exactly one of sku, variant_id and product_id is required."
    finders = {"sku": _by_sku, "variant_id": _by_variant, "product_id": _by_product}
    return finders[given[0]](shop, entry[given[0]])


def _by_sku(shop: Shop, sku: Any) -> tuple[Document | None, str]:
    item = shop.first("items", [("_sku", "=", str(sku).lower())])
    return item, f"Items with identity: [sku {sku}] do not exist."


def _by_variant(shop: Shop, id: Any) -> tuple[Document | None, str]:
    variant = shop.get("variants", id)
    product = shop.get("products", variant["product_id"]) if variant else None
    if product and product["inventory_tracking"] == "product":
        return None, f"[Item with variant_id {id} is tracked by product, please update stock by product id]"
    return shop.first("items", [("variant_id", "=", id)]), f"Items with identity: [variant_id {id}] do not exist."


def _by_product(shop: Shop, id: Any) -> tuple[Document | None, str]:
    product = shop.get("products", id)
    if product and product["inventory_tracking"] == "variant" and not product["base_variant_id"]:
        return None, f"[Item with product_id {id} is tracked by variant, please update stock by variant id]"
    return shop.first("items", [("product_id", "=", id)]), f"Items with identity: [product_id {id}] do not exist."


def _named(entry: Mapping[str, Any]) -> str:
    name = next(name for name in _IDENTITIES if name in entry)
    return f"{name} {entry[name]}"


def _check_size(entries: Sequence[Any]) -> None:
    if len(entries) > MAX_ITEMS:
        raise errors.too_large(MAX_ITEMS)


def _transaction() -> dict[str, str]:
    return {"transaction_id": str(uuid.uuid4())}


def _the_location(shop: Shop, location_id: int) -> Document:
    location = shop.get("locations", location_id)
    if location is None:
        raise errors.not_found("/v3/")
    return location


def _asked_locations(shop: Shop) -> list[Document]:
    where = read_filters(shop, {"location_id:in": Filter("id", "in", integers)})
    codes = request.args.get("location_code:in")
    return shop.find("locations", where + ([("code", "in", codes.split(","))] if codes else []))


def _identity(item: Document) -> Document:
    return {name: item[name] for name in ("sku", "variant_id", "product_id", "sku_id")}


def _place(location: Document) -> Document:
    return {
        "location_id": location["id"],
        "location_code": location["code"],
        "location_name": location["label"],
        "location_enabled": location["enabled"],
    }


def _figures(shop: Shop, item: Document, location: Document) -> Document:
    level = level_of(item, location["id"])
    onhand = visible_onhand(level, shop.now)
    return {
        "available_to_sell": onhand - level["safety"],
        "total_inventory_onhand": onhand,
        "settings": {
            "safety_stock": level["safety"],
            "is_in_stock": onhand - level["safety"] > 0,
            "warning_level": level["warning"],
            "bin_picking_number": level["bin"],
        },
    }


def _show_locations(locations: list[Document]) -> list[Document]:
    return [
        {**shown(place), "created_at": iso(place["_created"]), "updated_at": iso(place["_created"])}
        for place in locations
    ]


ROUTES = (
    Route("GET", "/v3/inventory/locations", list_locations, "locations"),
    Route("GET", "/v3/inventory/items", list_items, "inventory"),
    Route("GET", "/v3/inventory/locations/<int:location_id>/items", list_location_items, "inventory"),
    Route("PUT", "/v3/inventory/locations/<int:location_id>/items", put_settings, "inventory"),
    Route("PUT", "/v3/inventory/adjustments/absolute", adjust_absolute, "inventory"),
    Route("POST", "/v3/inventory/adjustments/relative", adjust_relative, "inventory"),
)
