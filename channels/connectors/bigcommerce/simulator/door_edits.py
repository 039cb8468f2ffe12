"""The state door's part for a merchant's own hands: an order edited, an order deleted, a parcel deleted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, jsonify

from channels.connectors.bigcommerce.simulator.amounts import both_taxes
from channels.connectors.bigcommerce.simulator.door import the_shop
from channels.connectors.bigcommerce.simulator.door_orders import describe
from channels.connectors.bigcommerce.simulator.events import emit
from channels.connectors.bigcommerce.simulator.order_place import LineDraft, line_amounts, refresh_totals
from channels.connectors.bigcommerce.simulator.orders import archive_order
from channels.connectors.bigcommerce.simulator.shipments import delete_shipment
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.app import Parts
from channels.simkit.door import guard_local, read_json, refuse
from channels.simkit.store import Document


def door_of_edits(parts: Parts) -> Blueprint:
    """The blueprint, to be mounted at the door's prefix."""
    door = Blueprint("sim_edits", __name__)
    door.before_request(guard_local)

    @door.patch("/stores/<hash>/orders/<int:id>")
    def edit(hash: str, id: int) -> Response:
        shop = the_shop(parts, hash)
        return jsonify(describe(shop, edit_order(shop, id, read_json())))

    @door.delete("/stores/<hash>/orders/<int:id>")
    def delete(hash: str, id: int) -> Response:
        archive_order(the_shop(parts, hash), id)
        return jsonify(deleted=id)

    @door.delete("/stores/<hash>/orders/<int:id>/shipments/<int:shipment_id>")
    def drop_parcel(hash: str, id: int, shipment_id: int) -> Response:
        delete_shipment(the_shop(parts, hash), id, shipment_id)
        return jsonify(deleted=shipment_id)

    return door


def edit_order(shop: Shop, order_id: int, values: Mapping[str, Any]) -> Document:
    """Change lines by ``line_id``: their ``quantity`` and ``price``; totals follow, stock does not."""
    order = shop.get("orders", order_id)
    if order is None:
        refuse(f"There is no order {order_id}.", 404)
        return {}
    for given in values.get("lines") or []:
        line = shop.get("order_products", int(given["line_id"])) or {}
        quantity = int(given.get("quantity", line["quantity"]))
        ex, inc = both_taxes(shop, Decimal(str(given.get("price", line["price_ex_tax"]))))
        draft = LineDraft(name=line["name"], quantity=quantity, ex_tax=ex, inc_tax=inc)
        shop.put("order_products", {**line, **line_amounts(draft, quantity), "quantity": quantity})
    changed = refresh_totals(shop, order)
    emit(shop, "store/order/updated", {"type": "order", "id": order_id})
    return changed
