"""Stock by inventory item and location, and the catalogue's figure kept in step with it (sections 4.3 and 4.4).

An item is what is counted: each variant when the product is tracked by variant; the product when it is tracked by
product (numbered by its base variant, or by minus its id when it has several variants); nothing without tracking.
"""

from __future__ import annotations

from typing import Any

from channels.connectors.bigcommerce.simulator.events import emit
from channels.connectors.bigcommerce.simulator.fields import MAX_STOCK
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document

DEFAULT_LOCATION = 1


def sync_items(shop: Shop, product: Document) -> None:
    """Make the product's items those that its tracking and variants ask for; figures of those that stay are kept."""
    old = {item["id"]: item for item in shop.find("items", [("product_id", "=", product["id"])])}
    new = _wanted_items(shop, product)
    for id in old.keys() - new.keys():
        shop.delete("items", id)
    for id, item in new.items():
        shop.put("items", {**item, "_levels": old.get(id, {}).get("_levels", {})})


def _wanted_items(shop: Shop, product: Document) -> dict[int, Document]:
    variants = shop.find("variants", [("product_id", "=", product["id"])])
    if product["inventory_tracking"] == "none":
        return {}
    if product["inventory_tracking"] == "variant" or product["base_variant_id"]:
        return {variant["id"]: _item(variant["id"], product["id"], variant) for variant in variants}
    whole = {"id": None, "sku": product["sku"], "sku_id": None}
    return {-product["id"]: _item(-product["id"], product["id"], whole)}


def _item(id: int, product_id: int, variant: Document) -> Document:
    return {
        "id": id,
        "product_id": product_id,
        "variant_id": variant["id"],
        "sku": variant["sku"],
        "sku_id": variant["sku_id"],
        "_sku": variant["sku"].lower(),
    }


def find_item(shop: Shop, *, product_id: int, variant_id: int | None) -> Document | None:
    """The item that a catalogue line is counted under, or None when it is not tracked."""
    if variant_id:
        item = shop.first("items", [("variant_id", "=", variant_id)])
        if item:
            return item
    return shop.get("items", -product_id)


def level_of(item: Document, location_id: int) -> Document:
    """The figures of an item at a location; zeros where none were ever set."""
    empty = {"onhand": 0, "safety": 0, "warning": 0, "bin": "", "was": 0, "visible_at": 0.0}
    return {**empty, **item["_levels"].get(str(location_id), {})}


def is_set(item: Document, location_id: int) -> bool:
    """True once an absolute figure was written for this item and location."""
    return str(location_id) in item["_levels"]


def visible_onhand(level: Document, now: float) -> int:
    """Stock on hand as a read shows it: the old figure until the change becomes visible."""
    return int(level["was"] if now < level["visible_at"] else level["onhand"])


def set_stock(
    shop: Shop, item: Document, quantity: int, *, location_id: int = DEFAULT_LOCATION, by_order: bool = False
) -> None:
    """Write the stock on hand of an item at a location, show it in the catalogue and tell the webhooks."""
    level = level_of(item, location_id)
    change = quantity - level["onhand"]
    delay = shop.parts.clock.scaled(shop.parts.switches.number("inventory_delay_seconds"))
    level.update(was=visible_onhand(level, shop.now), onhand=quantity, visible_at=shop.now + delay if delay else 0.0)
    _save_level(shop, item, location_id, level)
    _announce(shop, item, quantity=quantity, change=change, by_order=by_order)


def set_settings(shop: Shop, item: Document, *, location_id: int, settings: dict[str, Any]) -> None:
    """Write safety stock, warning level and bin of an item at a location."""
    names = {"safety_stock": "safety", "warning_level": "warning", "bin_picking_number": "bin"}
    level = level_of(item, location_id)
    level.update({names[key]: value for key, value in settings.items() if key in names})
    _save_level(shop, item, location_id, level)


def shown_level(shop: Shop, record: Document) -> int:
    """The catalogue's `inventory_level` of a product or variant at this moment."""
    late = shop.now < record.get("_visible_at", 0.0)
    return int(record["_level_was"] if late else record["inventory_level"])


def sku_of(item: Document) -> str:
    """The item's SKU."""
    return str(item["sku"])


def _save_level(shop: Shop, item: Document, location_id: int, level: Document) -> None:
    item["_levels"] = {**item["_levels"], str(location_id): level}
    shop.put("items", item)
    _mirror(shop, item)


def _mirror(shop: Shop, item: Document) -> None:
    """Carry an item's figure into the catalogue: its variant, its product, or the sum of a product's variants."""
    product = shop.get("products", item["product_id"])
    if product is None:
        return
    visible_at = level_of(item, DEFAULT_LOCATION)["visible_at"]
    if item["variant_id"]:
        _write_level(shop, "variants", item["variant_id"], _catalogue_figure(shop, item), visible_at)
    if product["inventory_tracking"] == "variant":
        variants = shop.find("variants", [("product_id", "=", product["id"])])
        _write_level(shop, "products", product["id"], sum(v["inventory_level"] for v in variants), visible_at)
    else:
        _write_level(shop, "products", product["id"], _catalogue_figure(shop, item), visible_at)


def _catalogue_figure(shop: Shop, item: Document) -> int:
    total = shop.parts.switches.text("catalog_stock") == "total"
    places = [int(id) for id in item["_levels"]] if total else [DEFAULT_LOCATION]
    levels = [level_of(item, place) for place in places]
    return min(MAX_STOCK, max(0, sum(level["onhand"] - level["safety"] for level in levels)))


def _write_level(shop: Shop, collection: str, id: int, figure: int, visible_at: float) -> None:
    record = shop.get(collection, id)
    if record is None:
        return
    changed = {**record, "_level_was": shown_level(shop, record), "inventory_level": figure, "_visible_at": visible_at}
    if collection == "products" and _moves_product(shop, record):
        changed["_modified"] = shop.now
    shop.put(collection, changed)


def _moves_product(shop: Shop, product: Document) -> bool:
    return product["inventory_tracking"] != "variant" or shop.on("variant_stock_moves_product")


def _announce(shop: Shop, item: Document, *, quantity: int, change: int, by_order: bool) -> None:
    product = shop.get("products", item["product_id"])
    if product is None:
        return
    by_variant = product["inventory_tracking"] == "variant" and product["base_variant_id"] is None
    value = change if by_order or shop.parts.switches.text("inventory_value") == "change" else quantity
    inventory = {"product_id": product["id"], "method": "relative" if by_order else "absolute", "value": value}
    cause = "inventory/order" if by_order else "inventory"
    if by_variant:
        inventory["variant_id"] = item["variant_id"]
        emit(shop, f"store/sku/{cause}/updated", {"type": "sku", "id": item["sku_id"], "inventory": inventory})
    else:
        emit(shop, f"store/product/{cause}/updated", {"type": "product", "id": product["id"], "inventory": inventory})
