"""/Products: list, add, change, delete, skuinfo, variants and sub-lists (section 3)."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from flask import Blueprint, Response, g

from channels.connectors.shift4shop.simulator import answers, lists, payloads, products, shapes
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop

GREATEST = 200
SUB_LISTS = {
    "categories": "CategoryList",
    "discount": "DiscountList",
    "distributors": "DistributorList",
    "eproducts": "EProductList",
    "features": "FeatureList",
    "images": "ImageGalleryList",
    "options": "OptionSetList",
    "related": "RelatedProductList",
    "serials": "SerialList",
    "upselling": "UpSellingItemList",
}
_LIGHT = [key for key in shapes.SKU_INFO if key != "Currency"]

routes = Blueprint("products", __name__)


def _text_filter(switch: str, field: str) -> Any:
    def compare(value: str) -> lists.Condition:
        exact = g.shop.switches.text(switch) == "exact"
        return (lists.equal if exact else lists.containing)(field)(value)

    return compare


SKU_FILTERS: lists.Filters = {
    "catalogid": lists.numbered("id"),
    "sku": _text_filter("sku_filter", "_sku"),
    "name": _text_filter("name_filter", "_name"),
}
FILTERS: lists.Filters = {
    "sku": SKU_FILTERS["sku"],
    "name": SKU_FILTERS["name"],
    "costfrom": lists.numbered("_cost", ">="),
    "costto": lists.numbered("_cost", "<="),
    "pricefrom": lists.numbered("_price", ">="),
    "priceto": lists.numbered("_price", "<="),
    "stockfrom": lists.numbered("_stock", ">="),
    "stockto": lists.numbered("_stock", "<="),
    "hide": lists.flagged("_hide"),
    "freeshipping": lists.flagged("_freeshipping"),
    "onsale": lists.flagged("_onsale"),
    "nontax": lists.flagged("_nontaxable"),
    "notforsale": lists.flagged("_notforsale"),
    "giftcertificate": lists.flagged("_giftcertificate"),
    "homespecial": lists.flagged("_homespecial"),
    "categoryspecial": lists.flagged("_categoryspecial"),
    "nonsearchable": lists.flagged("_nonsearchable"),
    "selfship": lists.flagged("_selfship"),
    "rewarddisable": lists.flagged("_disablerewards"),
    "lastupdatestart": lists.since("_updated"),
    "lastupdateend": lists.until("_updated", switched=True),
}


@routes.get("/products")
def list_products() -> Response:
    """Products, at most 200."""
    default = int(g.shop.switches.number("default_limit_products"))
    return lists.list_collection("products", filters=FILTERS, default=default, greatest=GREATEST)


@routes.post("/products")
def post_product() -> Response:
    """Add one product. Variants are made in the store's admin, so an option list is dropped."""
    body = payloads.read_object()
    try:
        values = _cleaned(g.shop, body)
    except shapes.Unfit as error:
        return answers.error(str(error), key="CatalogID")
    if not values.get("SKUInfo", {}).get("Name"):
        return answers.error("SKUInfo.Name is required", key="CatalogID")
    if not g.shop.switches.on("post_product_keeps_options"):
        values.pop("AdvancedOptionList", None)
        values.pop("OptionSetList", None)
    product = products.add_product(g.shop, values)
    return answers.created("CatalogID", product["SKUInfo"]["CatalogID"])


@routes.put("/products")
def put_products() -> Response:
    """Change up to 100 products; the answer has an entry for each."""
    return answers.updated([_put_row(g.shop, row) for row in payloads.read_array()])


@routes.get("/products/skuinfo")
def list_sku_info() -> Response:
    """The light list: only the SKUInfo parts, flat."""
    default = int(g.shop.switches.number("default_limit_products"))
    return lists.list_collection("products", filters=SKU_FILTERS, default=default, greatest=GREATEST, show=_light)


@routes.get("/products/<int:catalog_id>")
def get_product(catalog_id: int) -> Response:
    """One product, in an array."""
    return answers.answer([_product_or_end(catalog_id)])


@routes.put("/products/<int:catalog_id>")
def put_product(catalog_id: int) -> Response:
    """Change one product: keys left out stay."""
    before, body = _product_or_end(catalog_id), payloads.read_object()
    try:
        _merge(g.shop, before, body)
    except shapes.Unfit as error:
        return answers.error(str(error), key="CatalogID", value=catalog_id)
    return answers.updated([answers.written("CatalogID", catalog_id, 200, answers.UPDATED)])


@routes.delete("/products/<int:catalog_id>")
def delete_product(catalog_id: int) -> Response:
    """Delete one product."""
    products.remove_product(g.shop, _product_or_end(catalog_id))
    return answers.answer([answers.written("CatalogID", catalog_id, 200, answers.DELETED)])


@routes.get("/products/<int:catalog_id>/skuinfo")
def get_sku_info(catalog_id: int) -> Response:
    """The SKUInfo part of one product, in an array."""
    return lists.list_rows([_light(_product_or_end(catalog_id))])


@routes.get("/products/<int:catalog_id>/advancedoptions")
def list_advanced_options(catalog_id: int) -> Response:
    """All variants of a product."""
    return lists.list_rows(_product_or_end(catalog_id)["AdvancedOptionList"])


@routes.put("/products/<int:catalog_id>/advancedoptions")
def put_advanced_options(catalog_id: int) -> Response:
    """Change variants, matched by code; unknown codes get a 404 entry, the parent's stock stays."""
    return _change_options(catalog_id, payloads.read_array())


@routes.put("/products/<int:catalog_id>/advancedoptions/<code>")
def put_advanced_option(catalog_id: int, code: str) -> Response:
    """Change one variant."""
    product = _product_or_end(catalog_id)
    if products.find_option(product, code=code) is None:
        return answers.nothing(404)
    return _change_options(catalog_id, [{**payloads.read_object(), "AdvancedOptionCode": code}])


@routes.get("/products/<int:catalog_id>/<any({names}):name>".format(names=", ".join(SUB_LISTS)))
def list_part(catalog_id: int, name: str) -> Response:
    """A sub-list of a product, such as its images or option sets."""
    return lists.list_rows(_product_or_end(catalog_id)[SUB_LISTS[name]])


def _product_or_end(catalog_id: int) -> Record:
    product = products.get_product(g.shop, catalog_id)
    if product is None:
        answers.end(answers.not_found())
    return product or {}


def _light(product: Record) -> Record:
    return {key: product["SKUInfo"][key] for key in _LIGHT}


def _cleaned(shop: Shop, body: Record) -> Record:
    values = payloads.clean(shop, shapes.PRODUCT, body)
    if "SKUInfo" in values:
        values["SKUInfo"] = payloads.clean(shop, shapes.SKU_INFO, values["SKUInfo"])
        values["SKUInfo"].pop("CatalogID", None)
    for name in ("LastUpdate", "DateCreated", "ProductLink"):
        values.pop(name, None)
    return values


def _merge(shop: Shop, before: Record, body: Record) -> None:
    values = _cleaned(shop, body)
    info, options = values.pop("SKUInfo", {}), values.pop("AdvancedOptionList", [])
    values.pop("OptionSetList", None)
    after = deepcopy(before) | values
    after["SKUInfo"] |= info
    for row in options:
        _merge_option(shop, after, row)
    products.change_product(shop, before, after)


def _merge_option(shop: Shop, product: Record, row: Any) -> bool:
    if not isinstance(row, dict):
        raise shapes.Unfit("AdvancedOptionList takes objects")
    values = payloads.clean(shop, shapes.ADVANCED_OPTION, row)
    option = products.find_option(product, code=values.get("AdvancedOptionCode", ""))
    if option is not None:
        option.update(values)
    return option is not None


def _put_row(shop: Shop, row: Record) -> dict[str, Any]:
    info = payloads.pick(row, "SKUInfo") or {}
    catalog_id = _catalog_id(shop, info) if isinstance(info, dict) else None
    before = products.get_product(shop, catalog_id) if catalog_id is not None else None
    if before is None:
        return answers.written("CatalogID", catalog_id or "", 404, "not found")
    try:
        _merge(shop, before, row)
    except shapes.Unfit as error:
        return answers.written("CatalogID", catalog_id, 400, str(error))
    return answers.written("CatalogID", catalog_id, 200, answers.UPDATED)


def _catalog_id(shop: Shop, info: Record) -> int | None:
    given = str(payloads.pick(info, "CatalogID") or "")
    if given.isdigit():
        return int(given)
    sku = payloads.pick(info, "SKU")
    if not sku or not shop.switches.on("put_products_by_sku"):
        return None
    found = products.find_sellable(shop, str(sku))
    return found.product["SKUInfo"]["CatalogID"] if found and found.option is None else None


def _change_options(catalog_id: int, rows: list[Record]) -> Response:
    shop: Shop = g.shop
    before = _product_or_end(catalog_id)
    after = deepcopy(before)
    entries = [_option_entry(shop, after, row) for row in rows]
    products.change_product(shop, before, after)
    return answers.updated(entries)


def _option_entry(shop: Shop, product: Record, row: Record) -> dict[str, Any]:
    code = str(payloads.pick(row, "AdvancedOptionCode") or "")
    try:
        is_known = _merge_option(shop, product, row)
    except shapes.Unfit as error:
        return answers.written("AdvancedOptionCode", code, 400, str(error))
    if not is_known:
        return answers.written("AdvancedOptionCode", code, 404, "not found")
    return answers.written("AdvancedOptionCode", code, 200, answers.UPDATED)
