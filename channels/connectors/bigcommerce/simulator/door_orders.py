"""The state door's part for orders: a customer buys, a parcel leaves, the books are read."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, jsonify

from channels.connectors.bigcommerce.simulator import statuses
from channels.connectors.bigcommerce.simulator.amounts import both_taxes
from channels.connectors.bigcommerce.simulator.countries import find_country
from channels.connectors.bigcommerce.simulator.door import the_shop
from channels.connectors.bigcommerce.simulator.door_catalog import find_sku
from channels.connectors.bigcommerce.simulator.filters import iso
from channels.connectors.bigcommerce.simulator.order_place import LineDraft, OrderDraft, change_status, place_order
from channels.connectors.bigcommerce.simulator.shipments import PROVIDERS, create_shipment, first_address, open_items
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.app import Parts
from channels.simkit.door import guard_local, read_json, refuse
from channels.simkit.store import Document

_CUSTOMER = {
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "email": "email",
    "phone": "phone",
    "address1": "street_1",
    "address2": "street_2",
    "city": "city",
    "state": "state",
    "postcode": "zip",
}


def door_of_orders(parts: Parts) -> Blueprint:
    """The blueprint, to be mounted at the door's prefix."""
    door = Blueprint("sim_orders", __name__)
    door.before_request(guard_local)

    @door.get("/stores/<hash>/orders")
    def books(hash: str) -> Response:
        shop = the_shop(parts, hash)
        return jsonify([describe(shop, order) for order in shop.find("orders")])

    @door.get("/stores/<hash>/orders/<int:id>")
    def book(hash: str, id: int) -> Response:
        shop = the_shop(parts, hash)
        return jsonify(describe(shop, _the_order(shop, id)))

    @door.post("/stores/<hash>/orders")
    def buy(hash: str) -> Response:
        shop, values = the_shop(parts, hash), read_json((dict, list))
        placed = [_receipt(buy_goods(shop, order)) for order in (values if isinstance(values, list) else [values])]
        return jsonify(placed if isinstance(values, list) else placed[0])

    @door.post("/stores/<hash>/orders/<int:id>/ship")
    def ship(hash: str, id: int) -> Response:
        shop, values = the_shop(parts, hash), read_json()
        return jsonify(describe_shipment(ship_goods(shop, _the_order(shop, id), values)))

    @door.post("/stores/<hash>/orders/<int:id>/status")
    def status(hash: str, id: int) -> Response:
        shop, wanted = the_shop(parts, hash), read_json().get("status")
        if not str(wanted).isdigit() or int(str(wanted)) not in statuses.NAMES:
            refuse("status is a number from 0 to 14.")
        return jsonify(describe(shop, change_status(shop, _the_order(shop, id), int(str(wanted)))))

    return door


def buy_goods(shop: Shop, values: Mapping[str, Any]) -> Document:
    """A customer's order from the storefront; takes zero prices and negative quantities, as real data has them."""
    person = _person(values.get("customer") or {})
    address = {**person, "shipping_method": str(values.get("shipping_method") or "Standard")}
    shipping_ex, shipping_inc = both_taxes(shop, Decimal(str(values.get("shipping_cost") or 0)))
    status_id = values.get("status")
    draft = OrderDraft(
        billing=person,
        shipping=[address],
        lines=[_line(shop, line) for line in values.get("lines") or []],
        status_id=statuses.AWAITING_FULFILLMENT if status_id is None else int(status_id),
        fields={"customer_message": str(values.get("comment") or ""), "_number": str(values.get("number") or "")},
        amounts={"shipping_cost_ex_tax": shipping_ex, "shipping_cost_inc_tax": shipping_inc},
        is_storefront=True,
    )
    return place_order(shop, draft)


def ship_goods(shop: Shop, order: Document, values: Mapping[str, Any]) -> Document:
    """A parcel with the lines given, or with everything that is open; refuses (400) when nothing is."""
    left = open_items(shop, order["id"])
    asked = {int(line["line_id"]): int(line["quantity"]) for line in values.get("lines") or []} or left
    if not asked:
        refuse("Nothing is left to ship.")
    for id, quantity in asked.items():
        if not 0 < quantity <= left.get(id, 0):
            refuse(f"Line {id} has {left.get(id, 0)} left to ship, not {quantity}.")
    carrier = str(values.get("carrier") or "")
    provider = carrier.lower().replace(" ", "")
    texts = {
        "tracking_number": str(values.get("tracking") or ""),
        "shipping_provider": provider if provider in PROVIDERS else "",
        "tracking_carrier": carrier.lower().replace(" ", "-"),
    }
    return create_shipment(shop, order, address=first_address(shop, order["id"]), items=asked, values=texts)


def describe(shop: Shop, order: Document) -> Document:
    """An order in the door's neutral words: the book that is compared."""
    own = [("order_id", "=", order["id"])]
    return {
        "id": order["id"],
        "number": order.get("_number") or str(order["id"]),
        "reference": order["external_order_id"] or "",
        "status": order["status_id"],
        "status_name": order["status"],
        "total": order["total_inc_tax"],
        "currency": order["default_currency_code"],
        "lines": [_describe_line(line) for line in shop.find("order_products", own)],
        "shipments": [describe_shipment(shipment) for shipment in shop.find("shipments", own)],
        "ship_to": _describe_person(first_address(shop, order["id"])),
        "customer_email": order["billing_address"]["email"],
        "archived": order["is_deleted"],
        "created_at": iso(order["_created"]),
    }


def describe_shipment(shipment: Document) -> Document:
    """A parcel in the door's neutral words."""
    return {
        "id": shipment["id"],
        "tracking": shipment["tracking_number"],
        "carrier": shipment["shipping_provider"] or shipment["tracking_carrier"],
        "lines": [{"line_id": item["order_product_id"], "quantity": item["quantity"]} for item in shipment["items"]],
    }


def _line(shop: Shop, line: Mapping[str, Any]) -> LineDraft:
    quantity = int(line.get("quantity", 1))
    found = find_sku(shop, str(line["sku"])) if line.get("sku") else None
    if found is None:
        ex, inc = both_taxes(shop, Decimal(str(line.get("price") or 0)))
        name = str(line.get("name") or line.get("sku") or "Custom goods")
        return LineDraft(name=name, quantity=quantity, ex_tax=ex, inc_tax=inc, sku=str(line.get("sku") or ""))
    product, variant = found
    price = line.get("price")
    if price is None:
        price = product["price"] if variant["price"] is None else variant["price"]
    ex, inc = both_taxes(shop, Decimal(str(price)))
    return LineDraft(
        name=str(line.get("name") or product["name"]), quantity=quantity, ex_tax=ex, inc_tax=inc,
        sku=variant["sku"], upc=str(product["upc"] or ""), product=product, variant=variant,
    )  # fmt: skip


def _person(values: Mapping[str, Any]) -> Document:
    person = {ours: str(values.get(theirs) or "") for theirs, ours in _CUSTOMER.items()}
    country = find_country(iso2=str(values.get("country") or "GB"))
    person["country"], person["country_iso2"] = country or (str(values.get("country")), "")
    return person


def _describe_person(address: Document) -> Document:
    out = {theirs: address[ours] for theirs, ours in _CUSTOMER.items()}
    return {**out, "country": address["country_iso2"], "country_name": address["country"]}


def _describe_line(line: Document) -> Document:
    return {
        "id": line["id"],
        "sku": line["sku"],
        "name": line["name"],
        "quantity": line["quantity"],
        "price": line["price_inc_tax"],
        "shipped": line["quantity_shipped"],
    }


def _receipt(order: Document) -> Document:
    return {"id": order["id"], "number": order["_number"] or str(order["id"]), "total": order["total_inc_tax"]}


def _the_order(shop: Shop, id: int) -> Document:
    order = shop.get("orders", id)
    if order is None:
        refuse(f"There is no order {id}.", 404)
    return order or {}
