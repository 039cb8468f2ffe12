"""`/v2/orders/{id}/shipments`: parcels, over-shipment, what they do to the order (section 5.5)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from channels.connectors.bigcommerce.simulator import errors, statuses
from channels.connectors.bigcommerce.simulator.events import emit
from channels.connectors.bigcommerce.simulator.filters import rfc2822
from channels.connectors.bigcommerce.simulator.gate import Route, body
from channels.connectors.bigcommerce.simulator.order_place import change_status, refresh_totals
from channels.connectors.bigcommerce.simulator.orders import the_order
from channels.connectors.bigcommerce.simulator.paging import page_v2
from channels.connectors.bigcommerce.simulator.shapes import SHIPMENT_SHAPE, check_v2
from channels.connectors.bigcommerce.simulator.state import Shop
from channels.simkit.store import Document, shown

PROVIDERS = {
    "": "",
    "auspost": "Australia Post",
    "canadapost": "Canada Post",
    "endicia": "Endicia",
    "usps": "USPS",
    "fedex": "FedEx",
    "royalmail": "Royal Mail",
    "ups": "UPS",
    "upsready": "UPS Ready",
    "upsonline": "UPS Online",
    "shipperhq": "ShipperHQ",
    "custom": "Custom",
}
LIMITS = {"tracking_number": 50, "tracking_link": 500, "comments": 65_535}
_TEXTS = ("tracking_number", "shipping_method", "comments", "shipping_provider", "tracking_carrier", "tracking_link")
_TRACKING = "https://tracking.example.com/"


def list_shipments(shop: Shop, order_id: int) -> Any:
    """One page; 204 for none."""
    the_order(shop, order_id)
    return page_v2(
        shop,
        "shipments",
        render=lambda found: [_show(shipment) for shipment in found],
        where=[("order_id", "=", order_id)],
    )


def get_shipment(shop: Shop, order_id: int, shipment_id: int) -> Any:
    """One shipment."""
    return _show(_the_shipment(shop, order_id, shipment_id))


def post_shipment(shop: Shop, order_id: int) -> Any:
    """Ship lines or parts of lines to one address; not idempotent."""
    order, values = the_order(shop, order_id), body()
    check_v2(values, SHIPMENT_SHAPE)
    address = _address(shop, order_id, values.get("order_address_id"))
    items = _read_items(shop, order_id, values.get("items"), address)
    _check_texts(values)
    return _show(create_shipment(shop, order, address=address, items=items, values=values)), 201


def put_shipment(shop: Shop, order_id: int, shipment_id: int) -> Any:
    """Change tracking and comments; items cannot be changed."""
    shipment, values = _the_shipment(shop, order_id, shipment_id), body()
    if "items" in values:
        sentence = "The field 'items' cannot be written to. Please remove it from your request before trying again."
        raise errors.v2(400, sentence)
    _check_texts(values)
    changed = {**shipment, **{name: str(values[name]) for name in _TEXTS if name in values}}
    shop.put("shipments", {**changed, **_links(changed)})
    emit(shop, "store/shipment/updated", {"type": "shipment", "id": shipment_id, "orderId": order_id})
    return _show({**changed, **_links(changed)})


def delete_shipment(shop: Shop, order_id: int, shipment_id: int) -> Any:
    """Remove one; the order's status stays."""
    _remove(shop, _the_shipment(shop, order_id, shipment_id))
    return None, 204


def delete_shipments(shop: Shop, order_id: int) -> Any:
    """Remove all of an order."""
    the_order(shop, order_id)
    for shipment in shop.find("shipments", [("order_id", "=", order_id)]):
        _remove(shop, shipment)
    return None, 204


def create_shipment(
    shop: Shop, order: Document, *, address: Document, items: Mapping[int, int], values: Mapping[str, Any]
) -> Document:
    """Write a shipment of (line id: quantity), count the lines as shipped and let the status follow."""
    texts = {name: str(values.get(name) or "") for name in _TEXTS}
    texts["shipping_method"] = texts["shipping_method"] or address["shipping_method"]
    lines = {line["id"]: line for line in shop.find("order_products", [("order_id", "=", order["id"])])}
    shipment = shop.add(
        "shipments",
        {
            "order_id": order["id"],
            "customer_id": order["customer_id"],
            "order_address_id": address["id"],
            "merchant_shipping_cost": f"{float(values.get('merchant_shipping_cost') or 0):.4f}",
            **texts,
            **_links(texts),
            "billing_address": {key: value for key, value in order["billing_address"].items() if key != "form_fields"},
            "shipping_address": {key: address[key] for key in order["billing_address"] if key != "form_fields"},
            "items": [
                {"order_product_id": id, "product_id": lines[id]["product_id"], "quantity": quantity}
                for id, quantity in items.items()
            ],
            "_created": shop.now,
        },
    )
    for id, quantity in items.items():
        shop.put("order_products", {**lines[id], "quantity_shipped": lines[id]["quantity_shipped"] + quantity})
    _follow(shop, order)
    emit(shop, "store/shipment/created", {"type": "shipment", "id": shipment["id"], "orderId": order["id"]})
    emit(shop, "store/order/updated", {"type": "order", "id": order["id"]})
    return shipment


def open_items(shop: Shop, order_id: int) -> dict[int, int]:
    """Line id to quantity that is not shipped yet, physical lines only."""
    lines = shop.find("order_products", [("order_id", "=", order_id)])
    left = {line["id"]: line["quantity"] - line["quantity_shipped"] for line in lines if line["type"] == "physical"}
    return {id: quantity for id, quantity in left.items() if quantity > 0}


def first_address(shop: Shop, order_id: int) -> Document:
    """The first shipping address of an order."""
    return shop.find("addresses", [("order_id", "=", order_id)], limit=1)[0]


def _follow(shop: Shop, order: Document) -> None:
    """Refresh the order's counts; its date when all is shipped; its status unless the switch is off."""
    order = refresh_totals(shop, order, _amounts_as_they_are(order))
    is_all = not open_items(shop, order["id"])
    if is_all:
        order = {**order, "_shipped": shop.now}
        shop.put("orders", order)
    wanted = statuses.SHIPPED if is_all else statuses.PARTIALLY_SHIPPED
    if shop.on("status_follows_shipment") and order["status_id"] not in {wanted, statuses.COMPLETED}:
        change_status(shop, order, wanted)


def _amounts_as_they_are(order: Document) -> dict[str, Decimal]:
    names = ("subtotal_ex_tax", "subtotal_inc_tax", "total_ex_tax", "total_inc_tax")
    return {name: Decimal(order[name]) for name in names}


def _remove(shop: Shop, shipment: Document) -> None:
    for item in shipment["items"]:
        line = shop.get("order_products", item["order_product_id"])
        if line:
            left = line["quantity_shipped"] - item["quantity"]
            shop.put("order_products", {**line, "quantity_shipped": left})
    shop.delete("shipments", shipment["id"])
    order = the_order(shop, shipment["order_id"])
    refresh_totals(shop, {**order, "_shipped": None}, _amounts_as_they_are(order))
    data = {"type": "shipment", "id": shipment["id"], "orderId": order["id"]}
    emit(shop, "store/shipment/deleted", data)


def _read_items(shop: Shop, order_id: int, items: Any, address: Document) -> dict[int, int]:
    if not isinstance(items, list) or not items:
        raise errors.v2(400, "The field 'items' is required.")
    asked: Counter[int] = Counter()
    for item in items:
        line_id, quantity = _read_item(item)
        asked[line_id] += quantity
    lines = {line["id"]: line for line in shop.find("order_products", [("order_id", "=", order_id)])}
    for line_id, quantity in asked.items():
        _check_item(lines.get(line_id), line_id, quantity, address)
    return dict(asked)


def _read_item(item: Any) -> tuple[int, int]:
    line_id = item.get("order_product_id") if isinstance(item, dict) else None
    quantity = item.get("quantity") if isinstance(item, dict) else None
    if not str(line_id).isdigit() or not str(quantity).isdigit() or int(str(quantity)) < 1:
        raise errors.v2(400, "The field 'items' needs order_product_id and a quantity from 1 on.")
    return int(str(line_id)), int(str(quantity))


def _check_item(line: Document | None, line_id: int, quantity: int, address: Document) -> None:
    if line is None or line["order_address_id"] != address["id"]:
        raise errors.v2(400, f"The order_product_id {line_id} is invalid.", {"order_product_id": line_id})
    left = line["quantity"] - line["quantity_shipped"]
    if quantity > left:
        details = {"order_product_id": line_id, "available_quantity": left}
        raise errors.v2(400, "The quantity is more than is left to ship.", details)


def _address(shop: Shop, order_id: int, address_id: Any) -> Document:
    address = shop.get("addresses", int(address_id)) if str(address_id).isdigit() else None
    if address is None or address["order_id"] != order_id:
        raise errors.v2(400, "The field 'order_address_id' is invalid.")
    return address


def _check_texts(values: Mapping[str, Any]) -> None:
    for name, longest in LIMITS.items():
        if len(str(values.get(name) or "")) > longest:
            raise errors.v2(400, f"The field '{name}' has at most {longest} characters.")
    provider = str(values.get("shipping_provider") or "")
    if provider not in PROVIDERS and not provider.startswith("carrier_"):
        raise errors.v2(400, "The field 'shipping_provider' is invalid.")


def _links(texts: Mapping[str, str]) -> Document:
    provider, number = texts["shipping_provider"], texts["tracking_number"]
    known = bool(number) and not texts["tracking_link"] and bool(provider or texts["tracking_carrier"])
    return {
        "shipping_provider_display_name": PROVIDERS.get(provider, provider),
        "generated_tracking_link": f"{_TRACKING}{number}" if known else "",
    }


def _the_shipment(shop: Shop, order_id: int, shipment_id: int) -> Document:
    shipment = shop.get("shipments", shipment_id)
    if shipment is None or shipment["order_id"] != order_id:
        raise errors.not_found("/v2/")
    return shipment


def _show(shipment: Document) -> Document:
    return {**shown(shipment), "date_created": rfc2822(shipment["_created"])}


def listed(shipments: Sequence[Document]) -> list[Document]:
    """Shipments for the state door and the pages."""
    return [_show(shipment) for shipment in shipments]


_SHIPMENTS = "/v2/orders/<int:order_id>/shipments"
ROUTES = (
    Route("GET", _SHIPMENTS, list_shipments, "orders"),
    Route("POST", _SHIPMENTS, post_shipment, "orders"),
    Route("DELETE", _SHIPMENTS, delete_shipments, "orders"),
    Route("GET", f"{_SHIPMENTS}/<int:shipment_id>", get_shipment, "orders"),
    Route("PUT", f"{_SHIPMENTS}/<int:shipment_id>", put_shipment, "orders"),
    Route("DELETE", f"{_SHIPMENTS}/<int:shipment_id>", delete_shipment, "orders"),
)
