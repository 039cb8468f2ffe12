"""`/v2/orders`: lists, one order, its sub-resources, count, create, update, archive (sections 5.1 to 5.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import request

from channels.connectors.bigcommerce.simulator import errors, statuses
from channels.connectors.bigcommerce.simulator.events import emit
from channels.connectors.bigcommerce.simulator.filters import (
    Filter,
    integer,
    lowered,
    moment,
    number,
    read_filters,
    rfc2822,
)
from channels.connectors.bigcommerce.simulator.gate import Route, body
from channels.connectors.bigcommerce.simulator.order_create import (
    PAIRED,
    SINGLE_AMOUNTS,
    TEXTS,
    check_writable,
    read_address,
    read_amounts,
    read_line,
    read_order,
    read_status,
)
from channels.connectors.bigcommerce.simulator.order_place import (
    LineDraft,
    add_line,
    change_status,
    line_amounts,
    move_stock,
    place_order,
    refresh_totals,
)
from channels.connectors.bigcommerce.simulator.paging import page_v2
from channels.connectors.bigcommerce.simulator.shapes import ORDER_SHAPE, check_v2, known_address
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document, shown

HOST = "https://api.bigcommerce.com"
EMBEDDED_LINES = 50
FILTERS = {
    "min_id": Filter("id", ">=", integer),
    "max_id": Filter("id", "<=", integer),
    "min_total": Filter("_total", ">=", number),
    "max_total": Filter("_total", "<=", number),
    "customer_id": Filter("customer_id", "=", integer),
    "email": Filter("_email", "=", lowered),
    "status_id": Filter("status_id", "=", integer),
    "cart_id": Filter("cart_id"),
    "payment_method": Filter("payment_method"),
    "min_date_created": Filter("_created", ">=", moment),
    "max_date_created": Filter("_created", "<=", moment),
    "min_date_modified": Filter("_modified", ">=", moment),
    "max_date_modified": Filter("_modified", "<=", moment),
    "channel_id": Filter("channel_id", "=", integer),
    "external_order_id": Filter("external_order_id"),
}
_SORTS = {
    "id": "id",
    "customer_id": "customer_id",
    "date_created": "_created",
    "date_modified": "_modified",
    "status_id": "status_id",
    "channel_id": "channel_id",
    "external_id": "external_id",
}
# A merchant's reference at the other system is set at creation only.
_UPDATABLE = (TEXTS - {"external_merchant_id", "cart_id"}) | PAIRED | SINGLE_AMOUNTS
_UPDATABLE |= {"status_id", "billing_address", "products", "is_deleted", "channel_id", "is_email_opt_in"}


def list_orders(shop: Shop) -> Any:
    """One page, oldest id first unless sorted otherwise; 204 for none."""
    return page_v2(shop, "orders", render=lambda found: _show_all(shop, found), where=_where(shop), order=_order())


def count_orders(shop: Shop) -> Any:
    """How many orders match, and how many of each status."""
    where = _where(shop)
    counts = {id: shop.count("orders", [*where, ("status_id", "=", id)]) for id in statuses.NAMES}
    listed = [{**status, "count": counts[status["id"]], "sort_order": status["order"]} for status in _statuses()]
    return {"statuses": listed, "count": sum(counts.values())}


def list_statuses(shop: Shop) -> Any:
    """All statuses."""
    return _statuses()


def post_order(shop: Shop) -> Any:
    """Create one; there is no idempotency key."""
    order = place_order(shop, read_order(shop, body()))
    return show_order(shop, order), int(shop.parts.switches.text("order_create_status"))


def get_order(shop: Shop, order_id: int) -> Any:
    """One order."""
    return show_order(shop, the_order(shop, order_id))


def put_order(shop: Shop, order_id: int) -> Any:
    """Change what is sent; 400 for a read-only field."""
    order, values = the_order(shop, order_id), body()
    check_writable(values, _UPDATABLE)
    check_v2(values, ORDER_SHAPE)
    order = {**order, **{name: str(values[name]) for name in TEXTS & values.keys()}, "_modified": shop.now}
    if "billing_address" in values:
        merged = {**order["billing_address"], **known_address(values["billing_address"])}
        order["billing_address"] = read_address(merged, "billing_address")
    if "is_deleted" in values:
        order["is_deleted"] = bool(values["is_deleted"])
    shop.put("orders", order)
    order = _change_lines_and_amounts(shop, order, values)
    if "status_id" in values:
        order = change_status(shop, order, read_status(values["status_id"]))
    emit(shop, "store/order/updated", {"type": "order", "id": order_id})
    return show_order(shop, order)


def archive_order(shop: Shop, order_id: int) -> Any:
    """Archive one."""
    shop.put("orders", {**the_order(shop, order_id), "is_deleted": True, "_modified": shop.now})
    emit(shop, "store/order/archived", {"type": "order", "id": order_id})
    return None, 204


def list_lines(shop: Shop, order_id: int) -> Any:
    """The lines of an order, fifty to a page unless asked otherwise."""
    the_order(shop, order_id)
    return page_v2(shop, "order_products", render=_shown, where=[("order_id", "=", order_id)])


def get_line(shop: Shop, order_id: int, line_id: int) -> Any:
    """One line."""
    line = shop.get("order_products", line_id)
    if line is None or line["order_id"] != order_id:
        raise errors.not_found("/v2/")
    return shown(line)


def list_addresses(shop: Shop, order_id: int) -> Any:
    """The shipping addresses of an order."""
    the_order(shop, order_id)
    return page_v2(
        shop,
        "addresses",
        render=lambda found: [_show_address(shop, address) for address in found],
        where=[("order_id", "=", order_id)],
    )


def put_address(shop: Shop, order_id: int, address_id: int) -> Any:
    """Change a shipping address."""
    order, address = the_order(shop, order_id), shop.get("addresses", address_id)
    if address is None or address["order_id"] != order_id:
        raise errors.v2(400, "The shipping address does not belong to this order.")
    values = body()
    check_v2({"shipping_addresses": [values]}, ORDER_SHAPE)
    address = read_address({**address, **known_address(values)}, "shipping_addresses")
    shop.put("addresses", {**address, "id": address_id, "order_id": order_id})
    shop.put("orders", {**order, "_modified": shop.now})
    emit(shop, "store/order/updated", {"type": "order", "id": order_id})
    return _show_address(shop, address)


def list_nothing(shop: Shop, order_id: int) -> Any:
    """Coupons and fees: none on simulated orders."""
    the_order(shop, order_id)
    return None, 204


def the_order(shop: Shop, order_id: int) -> Document:
    """The order, or 404."""
    order = shop.get("orders", order_id)
    if order is None:
        raise errors.not_found("/v2/")
    return order


def show_order(shop: Shop, order: Document) -> Document:
    """An order as V2 shows it: links to its sub-resources, RFC 2822 dates."""
    out = shown(order)
    out["date_created"] = rfc2822(order["_created"])
    out["date_modified"] = rfc2822(order["_modified"])
    out["date_shipped"] = rfc2822(order["_shipped"])
    for name, path in (("products", "products"), ("shipping_addresses", "shippingaddresses"),
                       ("coupons", "coupons"), ("consignments", "consignments"), ("fees", "fees")):  # fmt: skip
        out[name] = _link(shop, f"/orders/{order['id']}/{path}")
    if "consignments" in request.args.get("include", ""):
        out["consignments"] = _consignments(shop, order)
    if shop.on("unknown_fields"):
        out["x_unannounced"] = {"since": "today"}
    return out


def _change_lines_and_amounts(shop: Shop, order: Document, values: Document) -> Document:
    amounts = read_amounts(values)
    order = {**order, **{name: str(amount) for name, amount in amounts.items() if "total" not in name}}
    for line in values.get("products", []):
        _change_line(shop, order, line)
    if not amounts and "products" not in values:
        return order
    return refresh_totals(shop, order, amounts)


def _change_line(shop: Shop, order: Document, values: Document) -> None:
    """Change a line by id, or add one. Quantity 0 leaves the line there with quantity 0, as reported."""
    line = shop.get("order_products", int(values.get("id", 0)))
    if line is None or line["order_id"] != order["id"]:
        added = add_line(shop, order, read_line(shop, values))
        _adjust_stock(shop, order, added, -added["quantity"])
        return
    quantity = int(str(values.get("quantity", line["quantity"])))
    ex = Decimal(str(values.get("price_ex_tax", line["price_ex_tax"])))
    inc = Decimal(str(values.get("price_inc_tax", line["price_inc_tax"])))
    _adjust_stock(shop, order, line, line["quantity"] - quantity)
    draft = LineDraft(name=line["name"], quantity=quantity, ex_tax=ex, inc_tax=inc)
    shop.put("order_products", {**line, **line_amounts(draft, quantity), "quantity": quantity})


def _adjust_stock(shop: Shop, order: Document, line: Document, change: int) -> None:
    if order["_stock_taken"] and shop.profile["edit_order_stock_adjustment"] and line["product_id"] and change:
        move_stock(shop, line, change)


def _where(shop: Shop) -> list[tuple[str, str, Any]]:
    where = read_filters(shop, FILTERS)
    return where if shop.on("archived_in_lists") else [*where, ("is_deleted", "=", 0)]


def _order() -> list[tuple[str, str]]:
    name, _, direction = request.args.get("sort", "id").partition(":")
    if name not in _SORTS or direction not in {"", "asc", "desc"}:
        raise errors.v2(400, "The field 'sort' is invalid.")
    return [(_SORTS[name], direction or "asc")] + ([("id", "asc")] if name != "id" else [])


def _statuses() -> list[Document]:
    return [
        {"id": id, "name": name, "system_label": name, "custom_label": name, "system_description": "", "order": id}
        for id, name in statuses.NAMES.items()
    ]


def _show_all(shop: Shop, orders: list[Document]) -> list[Document]:
    return [show_order(shop, order) for order in orders]


def _shown(records: list[Document]) -> list[Document]:
    return [shown(record) for record in records]


def _show_address(shop: Shop, address: Document) -> Document:
    path = f"/orders/{address['order_id']}/shippingaddresses/{address['id']}/shippingquotes"
    return {**shown(address), "shipping_quotes": _link(shop, path)}


def _link(shop: Shop, path: str) -> Document:
    return {"url": f"{HOST}/stores/{shop.hash}/v2{path}", "resource": path}


def _consignments(shop: Shop, order: Document) -> Document:
    """Embedded consignments; their line items stop at fifty and a warning is added."""
    own = [("order_id", "=", order["id"])]
    shipping = [_show_address(shop, address) for address in shop.find("addresses", own)]
    lines = _shown(shop.find("order_products", own))
    if "line_items" in request.args.get("include", ""):
        for address in shipping:
            address["line_items"] = [line for line in lines if line["order_address_id"] == address["id"]]
            address["line_items"] = address["line_items"][:EMBEDDED_LINES]
    embedded: Document = {"pickups": [], "shipping": shipping, "downloads": [], "email": {"gift_certificates": []}}
    if len(lines) > EMBEDDED_LINES:
        embedded["__warning__"] = {"message": f"Only {EMBEDDED_LINES} line items are included."}
    return embedded


_ORDER = "/v2/orders/<int:order_id>"
ROUTES = (
    Route("GET", "/v2/order_statuses", list_statuses, "orders"),
    Route("GET", "/v2/orders", list_orders, "orders"),
    Route("POST", "/v2/orders", post_order, "orders"),
    Route("GET", "/v2/orders/count", count_orders, "orders"),
    Route("GET", _ORDER, get_order, "orders"),
    Route("PUT", _ORDER, put_order, "orders"),
    Route("DELETE", _ORDER, archive_order, "orders"),
    Route("GET", f"{_ORDER}/products", list_lines, "orders"),
    Route("GET", f"{_ORDER}/products/<int:line_id>", get_line, "orders"),
    Route("GET", f"{_ORDER}/shipping_addresses", list_addresses, "orders"),
    Route("PUT", f"{_ORDER}/shipping_addresses/<int:address_id>", put_address, "orders"),
    Route("GET", f"{_ORDER}/coupons", list_nothing, "orders"),
    Route("GET", f"{_ORDER}/fees", list_nothing, "orders"),
)
