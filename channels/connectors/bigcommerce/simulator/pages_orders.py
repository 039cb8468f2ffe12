"""Pages where a person places a customer order, ships a parcel and makes trouble."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from channels.connectors.bigcommerce.simulator import statuses
from channels.connectors.bigcommerce.simulator.catalog_rules import show_variant
from channels.connectors.bigcommerce.simulator.countries import find_country
from channels.connectors.bigcommerce.simulator.door_orders import buy_goods, ship_goods
from channels.connectors.bigcommerce.simulator.events import emit
from channels.connectors.bigcommerce.simulator.order_place import change_status
from channels.connectors.bigcommerce.simulator.orders import show_order
from channels.connectors.bigcommerce.simulator.page_kit import PER_PAGE, asked_page, done, shop_or_404, show
from channels.connectors.bigcommerce.simulator.rates import RateLimits
from channels.connectors.bigcommerce.simulator.shipments import first_address, listed, open_items
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.connectors.bigcommerce.simulator.trouble import TROUBLES
from channels.simkit.app import Parts
from channels.simkit.store import Document

MANY = 20
PICKER = 500


def add_order_pages(pages: Blueprint, parts: Parts, rates: RateLimits) -> None:
    """Add the order pages to the blueprint."""
    _add_orders(pages, parts, rates)
    _add_order(pages, parts)
    _add_trouble(pages, parts)


def _add_orders(pages: Blueprint, parts: Parts, rates: RateLimits) -> None:
    @pages.get("/admin/<hash>/")
    def orders(hash: str) -> str:
        shop = shop_or_404(parts, hash)
        total = shop.count("orders")
        place = asked_page(total)
        used, quota = rates.used(shop)
        return show(
            "orders",
            parts,
            shop=shop,
            tab="orders",
            total=total,
            orders=shop.find("orders", (), [("id", "desc")], limit=PER_PAGE, offset=place.pop("offset")),
            statuses=statuses.NAMES.items(),
            goods=_goods(shop),
            troubles=[(name, trouble.label) for name, trouble in TROUBLES.items()],
            rate_used=used,
            rate_quota=quota,
            products=shop.count("products"),
            query="",
            **place,
            **_activity(shop),
        )

    @pages.post("/admin/<hash>/orders")
    def place(hash: str) -> Response:
        shop = shop_or_404(parts, hash)
        if find_country(iso2=request.form.get("country", "")) is None:
            return done("No order was placed: the country is not a code of two letters.", "orders", bad=True, hash=hash)
        how = request.form.get("how", "paid")
        placed = [buy_goods(shop, _bought(request.form, how)) for _ in range(MANY if how == "many" else 1)]
        if how == "many":
            return done(f"{len(placed)} paid orders were placed.", "orders", hash=hash)
        state = placed[0]["status"]
        return done(f"Order {placed[0]['id']} was placed. It is now {state}.", "orders", hash=hash)


def _add_order(pages: Blueprint, parts: Parts) -> None:
    @pages.get("/admin/<hash>/orders/<int:id>")
    def order(hash: str, id: int) -> str:
        shop = shop_or_404(parts, hash)
        found = _order_or_404(shop, id)
        own = [("order_id", "=", id)]
        return show(
            "order",
            parts,
            shop=shop,
            tab="orders",
            order=show_order(shop, found),
            lines=shop.find("order_products", own),
            open=open_items(shop, id),
            shipments=listed(shop.find("shipments", own)),
            address=first_address(shop, id),
            statuses=statuses.NAMES.items(),
            suggested=f"SBX{id:08d}{shop.count('shipments', own) + 1}GB",
        )

    @pages.post("/admin/<hash>/orders/<int:id>/ship")
    def ship(hash: str, id: int) -> Response:
        shop = shop_or_404(parts, hash)
        found, left = _order_or_404(shop, id), open_items(shop, id)
        lines = [{"line_id": line, "quantity": asked} for line in left if (asked := _asked(line, left[line]))]
        if not lines:
            return done("No parcel left: choose at least one unit to ship.", "order", bad=True, hash=hash, id=id)
        ship_goods(shop, found, {**request.form.to_dict(), "lines": lines})
        units, status = sum(line["quantity"] for line in lines), _order_or_404(shop, id)["status"]
        sentence = f"A parcel with {units} unit{'' if units == 1 else 's'} left. The order is now {status}."
        return done(sentence, "order", hash=hash, id=id)

    @pages.post("/admin/<hash>/orders/<int:id>/status")
    def set_status(hash: str, id: int) -> Response:
        shop = shop_or_404(parts, hash)
        wanted = request.form.get("status", "")
        if not wanted.isdigit() or int(wanted) not in statuses.NAMES:
            abort(400)
        changed = change_status(shop, _order_or_404(shop, id), int(wanted))
        emit(shop, "store/order/updated", {"type": "order", "id": id})
        return done(f"Order {id} is now {changed['status']}.", "order", hash=hash, id=id)


def _add_trouble(pages: Blueprint, parts: Parts) -> None:
    @pages.post("/admin/<hash>/trouble")
    def trouble(hash: str) -> Response:
        shop = shop_or_404(parts, hash)
        chosen = TROUBLES.get(request.form.get("action", ""))
        if chosen is None:
            abort(400)
        return done(chosen.make(shop), "orders", hash=hash)


def _activity(shop: Shop) -> dict[str, Any]:
    calls = shop.parts.calls.listed(shop.hash)
    deliveries = shop.parts.hooks.listed(shop.hash)
    return {
        "calls": calls[-15:][::-1],
        "calls_made": len(calls),
        "hooks_sent": len(deliveries),
        "delivered": sum(delivery["state"] == "delivered" for delivery in deliveries),
    }


def _goods(shop: Shop) -> list[Document]:
    variants = [show_variant(shop, variant) for variant in shop.find("variants", [("_sku", "!=", "")], limit=PICKER)]
    names = {product["id"]: product["name"] for product in shop.find("products", limit=PICKER)}
    return [{"sku": variant["sku"], "name": names.get(variant["product_id"], "")} for variant in variants]


def _bought(form: Any, how: str) -> Document:
    first, _, last = form.get("customer", "").strip().partition(" ")
    method, _, cost = form.get("shipping", "Standard|0").partition("|")
    quantity = form.get("quantity", "1")
    return {
        "lines": [{"sku": form.get("sku", ""), "quantity": max(1, int(quantity) if quantity.isdigit() else 1)}],
        "customer": {
            "first_name": first,
            "last_name": last,
            "email": form.get("email", ""),
            "address1": form.get("address", ""),
            "city": form.get("city", ""),
            "postcode": form.get("postcode", ""),
            "country": form.get("country", "GB").upper(),
        },
        "shipping_method": method,
        "shipping_cost": cost or "0",
        "status": statuses.AWAITING_PAYMENT if how == "unpaid" else None,
    }


def _asked(line_id: int, left: int) -> int:
    raw = request.form.get(f"line_{line_id}", "0")
    return min(left, int(raw)) if raw.isdigit() else 0


def _order_or_404(shop: Shop, id: int) -> Document:
    order = shop.get("orders", id)
    if order is None:
        abort(404)
    return order
