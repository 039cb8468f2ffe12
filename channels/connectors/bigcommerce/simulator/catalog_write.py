"""Making and changing products, variants and images: shared by the API, the state door and the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.catalog_rules import (
    MAX_VARIANTS,
    NEW_PRODUCT,
    NEW_VARIANT,
    PRODUCT_FIELDS,
    VARIANT_FIELDS,
    check_categories,
    check_unique_name,
    check_unique_sku,
    clamp,
    make_url,
    product_changes,
)
from channels.connectors.bigcommerce.simulator.events import emit
from channels.connectors.bigcommerce.simulator.option_write import resolve_options
from channels.connectors.bigcommerce.simulator.shapes import PRODUCT_SHAPE, VARIANT_SHAPE, check_v3
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.connectors.bigcommerce.simulator.stock import find_item, set_stock, sync_items
from channels.simkit.store import Document


def create_product(shop: Shop, values: Mapping[str, Any], *, checked: bool = True) -> Document:
    """A product with its base variant, or with the variants of the body. Raises 409 and 422 as the vendor does.

    `checked=False` takes what the vendor would refuse: the state door stocks bad data with it.
    """
    if checked:
        _check_product(shop, values, product_id=None)
    product = shop.add("products", {**NEW_PRODUCT, "_created": shop.now, "_custom_fields": []})
    product.update(product_changes(shop, {"sku": "", **values}))
    product.setdefault("custom_url", {"url": make_url(product["name"], product["id"]), "is_customized": False})
    product["base_variant_id"] = _add_variant(shop, product, {"sku": product["sku"]}, option_values=[])["id"]
    shop.put("products", product)
    for image in values.get("images", []):
        add_image(shop, product["id"], image)
    for variant in values.get("variants", []):
        create_variant(shop, product["id"], variant, checked=checked, is_announced=False)
    product = _stored(shop, product["id"])
    sync_items(shop, product)
    _stock_new(shop, product, values)
    emit(shop, "store/product/created", {"type": "product", "id": product["id"]})
    return _stored(shop, product["id"])


def update_product(shop: Shop, product: Document, values: Mapping[str, Any], *, checked: bool = True) -> Document:
    """Change what is given. Product-level stock is written only when the product is tracked by product."""
    if checked:
        _check_product(shop, values, product_id=product["id"])
    changed = {**product, **product_changes(shop, values)}
    shop.put("products", changed)
    if changed["base_variant_id"]:
        _update_base_variant(shop, changed)
    for variant in values.get("variants", []):
        _update_listed_variant(shop, changed, variant, checked=checked)
    sync_items(shop, _stored(shop, product["id"]))
    if "inventory_level" in values and not shop.on("products_207"):
        set_catalog_stock(shop, changed, None, values["inventory_level"])
    emit(shop, "store/product/updated", {"type": "product", "id": product["id"]})
    return _stored(shop, product["id"])


def delete_product(shop: Shop, product: Document) -> None:
    """Remove a product with everything that belongs to it; order lines keep its id."""
    for collection in ("variants", "options", "images", "items"):
        for record in shop.find(collection, [("product_id", "=", product["id"])]):
            shop.delete(collection, record["id"])
    shop.delete("products", product["id"])
    emit(shop, "store/product/deleted", {"type": "product", "id": product["id"]})


def create_variant(
    shop: Shop, product_id: int, values: Mapping[str, Any], *, checked: bool = True, is_announced: bool = True
) -> Document:
    """A variant with option values. The first one replaces the product's base variant."""
    product = _stored(shop, product_id)
    if checked:
        _check_variant(shop, values, product=product, variant_id=None)
    option_values = resolve_options(shop, product, values.get("option_values") or [])
    if checked:
        _check_combination(shop, product, option_values)
    if product["base_variant_id"]:
        shop.delete("variants", product["base_variant_id"])
        shop.put("products", {**product, "base_variant_id": None})
    variant = _add_variant(shop, product, values, option_values=option_values)
    if is_announced:
        sync_items(shop, _stored(shop, product_id))
        touch(shop, product_id)
        _announce_sku(shop, "created", variant)
    if "inventory_level" in values and is_announced and not shop.on("products_207"):
        set_catalog_stock(shop, product, variant, values["inventory_level"])
    return shop.get("variants", variant["id"]) or variant


def update_variant(shop: Shop, variant: Document, values: Mapping[str, Any], *, checked: bool = True) -> Document:
    """Change what is given; `option_values` are ignored, as the vendor does."""
    product = _stored(shop, variant["product_id"])
    if checked:
        _check_variant(shop, values, product=product, variant_id=variant["id"])
    changed = {**variant, **_variant_changes(values)}
    shop.put("variants", changed)
    if product["base_variant_id"] == variant["id"] and "sku" in values:
        shop.put("products", {**product, "sku": changed["sku"], "_sku": changed["_sku"]})
    if "sku" in values:
        sync_items(shop, _stored(shop, product["id"]))
    if "inventory_level" in values and not shop.on("products_207"):
        set_catalog_stock(shop, product, changed, values["inventory_level"])
    touch(shop, product["id"])
    _announce_sku(shop, "updated", changed)
    return shop.get("variants", variant["id"]) or changed


def delete_variant(shop: Shop, variant: Document) -> None:
    """Remove a variant with its stock."""
    shop.delete("variants", variant["id"])
    sync_items(shop, _stored(shop, variant["product_id"]))
    touch(shop, variant["product_id"])
    _announce_sku(shop, "deleted", variant)


def add_image(shop: Shop, product_id: int, values: Mapping[str, Any]) -> Document:
    """An image by address; the addresses of its sizes are made up. A product has one thumbnail: a new one takes the old one's place."""
    url = str(values.get("image_url") or values.get("image_file") or "")
    own = shop.find("images", [("product_id", "=", product_id)])
    is_first = not own
    for other in own if values.get("is_thumbnail") else ():
        shop.put("images", {**other, "is_thumbnail": False})
    return shop.add(
        "images",
        {
            "product_id": product_id,
            "is_thumbnail": bool(values.get("is_thumbnail", is_first)),
            "sort_order": int(values.get("sort_order", 0)),
            "description": str(values.get("description", "")),
            "image_file": f"f/{product_id}/{url.rsplit('/', 1)[-1]}",
            **{f"url_{size}": url for size in ("zoom", "standard", "thumbnail", "tiny")},
            "_modified": shop.now,
        },
    )


def set_catalog_stock(shop: Shop, product: Document, variant: Document | None, level: Any) -> None:
    """A catalogue write of `inventory_level`, passed on to the default location where the tracking mode allows it."""
    tracking = product["inventory_tracking"]
    if tracking == "none" or (tracking == "variant") != (variant is not None):
        return
    item = find_item(
        shop, product_id=product["id"], variant_id=variant["id"] if variant else product["base_variant_id"]
    )
    if item:
        set_stock(shop, item, clamp(level))


def touch(shop: Shop, product_id: int) -> None:
    """Move the product's modification date."""
    shop.put("products", {**_stored(shop, product_id), "_modified": shop.now})


def _stored(shop: Shop, product_id: int) -> Document:
    product = shop.get("products", product_id)
    if product is None:
        raise errors.not_found("/v3/")
    return product


def _check_product(shop: Shop, values: Mapping[str, Any], *, product_id: int | None) -> None:
    check_v3(values, PRODUCT_FIELDS)
    check_v3(values, PRODUCT_SHAPE)
    if "name" in values:
        check_unique_name(shop, values["name"], product_id=product_id)
    if "sku" in values:
        base = (shop.get("products", product_id) or {}).get("base_variant_id") if product_id else None
        check_unique_sku(shop, values["sku"], product_id=product_id, variant_id=base)
    check_categories(shop, values)


def _check_variant(shop: Shop, values: Mapping[str, Any], *, product: Document, variant_id: int | None) -> None:
    check_v3(values, VARIANT_FIELDS)
    check_v3(values, VARIANT_SHAPE)
    if variant_id is None and shop.count("variants", [("product_id", "=", product["id"])]) >= MAX_VARIANTS:
        raise errors.invalid({"variants": f"A product can have at most {MAX_VARIANTS} variants."})
    is_base = variant_id is not None and product["base_variant_id"] == variant_id
    if "sku" in values:
        check_unique_sku(shop, values["sku"], product_id=product["id"] if is_base else None, variant_id=variant_id)


def _check_combination(shop: Shop, product: Document, option_values: list[Document]) -> None:
    options = {option["id"] for option in shop.find("options", [("product_id", "=", product["id"])])}
    if not option_values or options != {value["option_id"] for value in option_values}:
        raise errors.invalid({"option_values": "A variant needs one value of each option of its product."})
    wanted = {value["id"] for value in option_values}
    for other in shop.find("variants", [("product_id", "=", product["id"])]):
        if {value["id"] for value in other["option_values"]} == wanted:
            sentence = "A variant with these option values exists already"
            raise errors.v3(409, sentence, {"option_values": sentence})


def _add_variant(
    shop: Shop, product: Document, values: Mapping[str, Any], *, option_values: list[Document]
) -> Document:
    changes = _variant_changes(values)
    return shop.add(
        "variants",
        {
            **NEW_VARIANT,
            "product_id": product["id"],
            "_sku": "",
            **changes,
            "sku_id": shop.number("sku_ids") if option_values else None,
            "option_values": option_values,
        },
    )


def _variant_changes(values: Mapping[str, Any]) -> Document:
    changes = {key: value for key, value in values.items() if key in VARIANT_FIELDS and key != "inventory_level"}
    return {**changes, "_sku": changes["sku"].lower()} if "sku" in changes else changes


def _update_base_variant(shop: Shop, product: Document) -> None:
    variant = shop.get("variants", product["base_variant_id"])
    if variant and variant["sku"] != product["sku"]:
        shop.put("variants", {**variant, "sku": product["sku"], "_sku": product["_sku"]})


def _update_listed_variant(shop: Shop, product: Document, values: Mapping[str, Any], *, checked: bool) -> None:
    variant = shop.get("variants", values.get("id", 0))
    if variant and variant["product_id"] == product["id"]:
        update_variant(shop, variant, values, checked=checked)
    elif "id" not in values:
        create_variant(shop, product["id"], values, checked=checked)


def _stock_new(shop: Shop, product: Document, values: Mapping[str, Any]) -> None:
    if shop.on("products_207"):
        return
    if product["inventory_tracking"] == "product" and "inventory_level" in values:
        set_catalog_stock(shop, product, None, values["inventory_level"])
    given = values.get("variants", [])
    made = shop.find("variants", [("product_id", "=", product["id"])]) if given else []
    for variant, wanted in zip(made, given, strict=True):
        if "inventory_level" in wanted:
            set_catalog_stock(shop, product, variant, wanted["inventory_level"])


def _announce_sku(shop: Shop, verb: str, variant: Document) -> None:
    if variant["sku_id"] is None:
        emit(shop, "store/product/updated", {"type": "product", "id": variant["product_id"]})
        return
    sku = {"product_id": variant["product_id"], "variant_id": variant["id"]}
    emit(shop, f"store/sku/{verb}", {"type": "sku", "id": variant["sku_id"], "sku": sku})
