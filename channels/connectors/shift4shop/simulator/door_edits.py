"""The state door's part for a merchant's own hands: an order edited, an order deleted, a parcel taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify

from channels.connectors.shift4shop.simulator import neutral, orders, shapes, statuses
from channels.connectors.shift4shop.simulator.door import shop_or_404
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop
from channels.simkit.door import guard_local, read_json, refuse

routes = Blueprint("sim_shop_edits", __name__)
routes.before_request(guard_local)


@routes.patch("/stores/<store>/orders/<int:order_id>")
def patch_order(store: str, order_id: int) -> Response:
    """Change lines of an order."""
    shop = shop_or_404(store)
    edit_order(shop, order_id, read_json())
    return jsonify(neutral.show_order(shop, shop.get("orders", order_id) or {}))


@routes.delete("/stores/<store>/orders/<int:order_id>")
def delete_order(store: str, order_id: int) -> Response:
    """Delete an order for good."""
    if not shop_or_404(store).delete("orders", order_id):
        refuse(f"The shop has no order {order_id}.", 404)
    return jsonify(deleted=order_id)


@routes.delete("/stores/<store>/orders/<int:order_id>/shipments/<int:shipment_id>")
def take_back_parcel(store: str, order_id: int, shipment_id: int) -> Response:
    """Clear the tracking of a shipment."""
    shop = shop_or_404(store)
    before = _order(shop, order_id)
    after = orders.copy_of(before)
    for shipment in after["ShipmentList"]:
        if shipment["ShipmentID"] == shipment_id:
            shipment |= {"ShipmentTrackingCode": "", "ShipmentShippedDate": "", "ShipmentOrderStatus": statuses.NEW}
    after["LastUpdate"] = shop.now()
    orders.store_order(shop, after)
    return jsonify(neutral.show_order(shop, shop.get("orders", order_id) or {}))


def edit_order(shop: Shop, order_id: int, values: Mapping[str, Any]) -> None:
    """Change lines by ``line_id``: their ``quantity`` and ``price``; the total follows, stock does not."""
    before = _order(shop, order_id)
    after = orders.copy_of(before)
    for given in values.get("lines") or []:
        line = next(line for line in after["OrderItemList"] if line["ItemIndexID"] == int(given["line_id"]))
        line["ItemQuantity"] = shapes.number(given.get("quantity", line["ItemQuantity"]))
        line["ItemUnitPrice"] = shapes.number(given.get("price", line["ItemUnitPrice"]))
    after["OrderAmount"] = shapes.number(orders.total_of(after))
    orders.change_order(shop, before, after, by="")


def _order(shop: Shop, order_id: int) -> Record:
    order = orders.get_order(shop, order_id)
    if order is None:
        refuse(f"The shop has no order {order_id}.", 404)
    return order or {}
