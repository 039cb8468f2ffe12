"""`/v3/pricelists`: lists and their records, upserted or created (section 4.5). They fire no product events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.catalog_rules import show_variant
from channels.connectors.bigcommerce.simulator.fields import Field, find_errors, money
from channels.connectors.bigcommerce.simulator.filters import Filter, integers, iso, lowered, lowered_list, read_filters
from channels.connectors.bigcommerce.simulator.gate import Route, body
from channels.connectors.bigcommerce.simulator.paging import page_v3
from channels.connectors.bigcommerce.simulator.shapes import RECORD_SHAPE, check_v3
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document, shown

MAX_UPSERT, MAX_CREATE = 1000, 100
_PRICES = ("price", "sale_price", "retail_price", "map_price")
_FIELDS = {name: money() for name in _PRICES} | {"currency": Field("text", shortest=3, longest=3)}
_FILTERS = {
    "variant_id:in": Filter("variant_id", "in", integers),
    "sku:in": Filter("_sku", "in", lowered_list),
    "currency": Filter("currency", "=", lowered),
}


def list_lists(shop: Shop) -> Any:
    """All price lists."""
    return page_v3(shop, "price_lists", render=_show_lists, where=read_filters(shop, {"name": Filter("name")}))


def post_list(shop: Shop) -> Any:
    """Create one; a name stands once."""
    values = body()
    if not values.get("name"):
        raise errors.missing({"name": "Please provide a name."})
    if shop.first("price_lists", [("name", "=", values["name"])]):
        raise errors.v3(409, "The price list name is a duplicate", {"name": "The price list name is a duplicate"})
    made = {"name": values["name"], "active": bool(values.get("active", True)), "_created": shop.now}
    return {"data": _show_lists([shop.add("price_lists", {**made, "_modified": shop.now})])[0], "meta": {}}


def list_records(shop: Shop, price_list_id: int) -> Any:
    """Records of a list."""
    _the_list(shop, price_list_id)
    where = [("price_list_id", "=", price_list_id), *read_filters(shop, _FILTERS)]
    return page_v3(shop, "price_records", render=lambda found: [_show(shop, one) for one in found], where=where)


def put_records(shop: Shop, price_list_id: int) -> Any:
    """Create or change up to a thousand."""
    return _write(shop, price_list_id, maximum=MAX_UPSERT, may_exist=True)


def post_records(shop: Shop, price_list_id: int) -> Any:
    """Create up to a hundred; 409 when one exists."""
    return _write(shop, price_list_id, maximum=MAX_CREATE, may_exist=False)


def _write(shop: Shop, price_list_id: int, *, maximum: int, may_exist: bool) -> Any:
    _the_list(shop, price_list_id)
    batch = body(list)
    if len(batch) > maximum:
        raise errors.too_large(maximum)
    for values in batch:
        _write_one(shop, price_list_id, values, may_exist=may_exist)
    return {"data": {}, "meta": {}}


def _write_one(shop: Shop, price_list_id: int, values: Mapping[str, Any], *, may_exist: bool) -> None:
    check_v3(values, RECORD_SHAPE)
    variant = _variant(shop, values)
    if "currency" not in values:
        raise errors.missing({"currency": "Please provide a currency."})
    if found := find_errors(values, _FIELDS):
        raise errors.invalid(found)
    currency = values["currency"].lower()
    id = f"{price_list_id}:{variant['id']:012d}:{currency}"
    old = shop.get("price_records", id)
    if old and not may_exist:
        raise errors.v3(409, "The price record exists already", {"variant_id": str(variant["id"])})
    record = old or {"id": id, "_created": shop.now, **dict.fromkeys(_PRICES)}
    record.update({name: values[name] for name in _PRICES if name in values})
    record.update(price_list_id=price_list_id, variant_id=variant["id"], product_id=variant["product_id"],
                  sku=variant["sku"], currency=currency, _sku=variant["_sku"], _modified=shop.now)  # fmt: skip
    shop.put("price_records", record)


def _variant(shop: Shop, values: Mapping[str, Any]) -> Document:
    if "variant_id" in values:
        variant = shop.get("variants", values["variant_id"])
    else:
        variant = shop.first("variants", [("_sku", "=", str(values.get("sku", "")).lower())])
    if variant is None:
        raise errors.invalid({"variant_id": "The variant does not exist."})
    return variant


def _the_list(shop: Shop, price_list_id: int) -> Document:
    found = shop.get("price_lists", price_list_id)
    if found is None:
        raise errors.not_found("/v3/")
    return found


def _dates(record: Document) -> Document:
    return {"date_created": iso(record["_created"]), "date_modified": iso(record["_modified"])}


def _show_lists(found: list[Document]) -> list[Document]:
    return [{**shown(one), **_dates(one)} for one in found]


def _show(shop: Shop, record: Document) -> Document:
    variant = shop.get("variants", record["variant_id"])
    own = record["sale_price"] or record["price"]
    calculated = own if own is not None else (show_variant(shop, variant)["calculated_price"] if variant else 0)
    out = {key: value for key, value in shown(record).items() if key != "id"}
    return {**out, **_dates(record), "calculated_price": calculated, "bulk_pricing_tiers": []}


_RECORDS = "/v3/pricelists/<int:price_list_id>/records"
ROUTES = (
    Route("GET", "/v3/pricelists", list_lists, "products"),
    Route("POST", "/v3/pricelists", post_list, "products"),
    Route("GET", _RECORDS, list_records, "products"),
    Route("PUT", _RECORDS, put_records, "products"),
    Route("POST", _RECORDS, post_records, "products"),
)
