"""Products and their variants: one record per product, the stock-keeping combinations inside (section 3)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from channels.connectors.shift4shop.simulator import events, shapes
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop

FLAGS = [
    "Hide",
    "FreeShipping",
    "NonTaxable",
    "NotForSale",
    "GiftCertificate",
    "HomeSpecial",
    "CategorySpecial",
    "NonSearchable",
    "SelfShip",
    "DisableRewards",
]


@dataclass(frozen=True, slots=True)
class Sellable:
    """A product, or one variant of it, as somebody buys it."""

    product: Record
    option: Record | None

    @property
    def price(self) -> int | float:
        """The price somebody pays: a variant's is the full one, not a surcharge."""
        info = self.product["SKUInfo"]
        if self.option is not None:
            return self.option["AdvancedOptionPrice"]
        return info["SalePrice"] if info["OnSale"] else info["Price"]

    @property
    def stock(self) -> int | float:
        """What is on the shelf; the parent's number says nothing about a variant."""
        return self.option["AdvancedOptionStock"] if self.option is not None else self.product["SKUInfo"]["Stock"]


def add_product(shop: Shop, values: Record) -> Record:
    """Store a new product from cleaned values (its `SKUInfo` cleaned as well) and announce it."""
    catalog_id = shop.next_number("products")
    now = shop.now()
    info = {"Currency": shop.currency, **values.get("SKUInfo", {}), "CatalogID": catalog_id}
    product = shapes.arranged(shapes.PRODUCT, {"InventoryControl": -1, **values})
    product["SKUInfo"] = shapes.arranged(shapes.SKU_INFO, info)
    page = f"{re.sub(r'[^A-Za-z0-9]+', '-', product['SKUInfo']['Name']).strip('-') or 'product'}_p_{catalog_id}.html"
    product |= {"LastUpdate": now, "DateCreated": f"{now[:10]}T00:00:00", "ProductLink": f"http://{shop.host}/{page}"}
    store_product(shop, product)
    events.announce(shop, events.PRODUCT_NEW, product)
    return product


def store_product(shop: Shop, product: Record) -> None:
    """Write the record with what lists filter by, and keep the table of SKUs in step."""
    info = product["SKUInfo"]
    own = {f"_{name.lower()}": int(product[name]) for name in FLAGS}
    own |= {f"_{name.lower()}": info[name] for name in ("Cost", "Price", "Stock")}
    own |= {"_sku": info["SKU"].lower(), "_name": info["Name"].lower(), "_onsale": int(info["OnSale"])}
    shop.put("products", info["CatalogID"], {**product, **own, "_updated": product["LastUpdate"]})
    _store_skus(shop, product)


def change_product(shop: Shop, before: Record, after: Record) -> None:
    """Store a changed product: its LastUpdate moves and the merchant's webhooks fire for what really changed."""
    restocked = stocks_of(before) != stocks_of(after)
    otherwise = without_stocks(before) != without_stocks(after)
    if otherwise or not restocked or shop.switches.on("stock_touches_lastupdate"):
        after["LastUpdate"] = shop.now()
    store_product(shop, after)
    if otherwise:
        events.announce(shop, events.PRODUCT_CHANGED, after)
    if restocked:
        events.announce(shop, events.PRODUCT_STOCK_CHANGED, after)


def remove_product(shop: Shop, product: Record) -> None:
    """Delete a product and announce it."""
    catalog_id = product["SKUInfo"]["CatalogID"]
    shop.delete("products", catalog_id)
    _forget_skus(shop, catalog_id)
    body = product if shop.switches.text("webhook_deleted_body") == "complete" else {"SKUInfo": product["SKUInfo"]}
    events.announce(shop, events.PRODUCT_DELETED, body)


def get_product(shop: Shop, catalog_id: int) -> Record | None:
    """The product without the simulator's own keys, or None."""
    document = shop.get("products", catalog_id)
    return {key: value for key, value in document.items() if key[0] != "_"} if document else None


def find_sellable(shop: Shop, sku: str) -> Sellable | None:
    """The product or variant with this SKU: the exact spelling first, then without case."""
    rows = shop.find("skus", where=[("sku", "=", sku.lower())])
    rows.sort(key=lambda row: (row["exact"] != sku, row["catalog"]))
    if not rows:
        return None
    product = get_product(shop, rows[0]["catalog"])
    return Sellable(product, find_option(product, code=rows[0]["code"])) if product else None


def find_option(product: Record, *, code: str = "", sku: str = "") -> Record | None:
    """The variant with this code, or else with this SKU; None when there is none."""
    options = product["AdvancedOptionList"]
    by_code = [option for option in options if code and option["AdvancedOptionCode"] == code]
    by_sku = [option for option in options if sku and option["AdvancedOptionSufix"].lower() == sku.lower()]
    return next(iter(by_code + by_sku), None)


def take_stock(shop: Shop, catalog_id: int, code: str, quantity: int | float) -> None:
    """Reduce the stock of a variant, or of the product when there is none; never of both."""
    before = get_product(shop, catalog_id)
    if before is None:
        return
    after = deepcopy(before)
    option = find_option(after, code=code)
    if option is not None:
        option["AdvancedOptionStock"] -= int(quantity)
    else:
        after["SKUInfo"]["Stock"] = shapes.number(after["SKUInfo"]["Stock"] - quantity)
    change_product(shop, before, after)


def stocks_of(product: Record) -> dict[str, Any]:
    """Stock by variant code, the product's own under an empty one."""
    stocks = {option["AdvancedOptionCode"]: option["AdvancedOptionStock"] for option in product["AdvancedOptionList"]}
    return {"": product["SKUInfo"]["Stock"], **stocks}


def without_stocks(product: Record) -> Record:
    """A copy of the product with nothing on the shelf."""
    copy = deepcopy(product)
    copy["SKUInfo"]["Stock"] = 0
    for option in copy["AdvancedOptionList"]:
        option["AdvancedOptionStock"] = 0
    return copy


def _store_skus(shop: Shop, product: Record) -> None:
    catalog_id = product["SKUInfo"]["CatalogID"]
    wanted = {f"{catalog_id}:{code}": (sku, code) for sku, code in _skus_of(product)}
    known = {row["_id"]: row for row in shop.find("skus", where=[("catalog", "=", catalog_id)])}
    for id in known.keys() - wanted.keys():
        shop.delete("skus", id)
    for id, (sku, code) in wanted.items():
        if id not in known or known[id]["exact"] != sku:
            shop.put("skus", id, {"_id": id, "sku": sku.lower(), "exact": sku, "catalog": catalog_id, "code": code})


def _forget_skus(shop: Shop, catalog_id: int) -> None:
    for row in shop.find("skus", where=[("catalog", "=", catalog_id)]):
        shop.delete("skus", row["_id"])


def _skus_of(product: Record) -> Iterable[tuple[str, str]]:
    if product["SKUInfo"]["SKU"]:
        yield product["SKUInfo"]["SKU"], ""
    for option in product["AdvancedOptionList"]:
        if option["AdvancedOptionSufix"]:
            yield option["AdvancedOptionSufix"], option["AdvancedOptionCode"]
