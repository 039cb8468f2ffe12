"""Orders with their lines and shipments: building, storing, the sum, and stock (section 4.2)."""

from __future__ import annotations

import html
import secrets
from collections.abc import Callable, Iterable
from copy import deepcopy
from decimal import Decimal

from channels.connectors.shift4shop.simulator import events, products, shapes, statuses
from channels.connectors.shift4shop.simulator.products import Sellable
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop

FIRST_ORDER_ID, FIRST_INVOICE = 1001, 1001


def add_order(
    shop: Shop,
    values: Record,
    *,
    by: str,
    take_stock: bool = True,
    finish: Callable[[Record], None] | None = None,
) -> Record:
    """Store a new order from cleaned values and announce it.

    `values` are keys of the order; `ShipmentList` and `OrderItemList` hold cleaned shipments and lines. `by` is who
    wrote it (`API`, or empty for the shop). With `take_stock` the ordered goods leave the shelf. `finish` may add to
    the whole order before it is stored.
    """
    order_id = values.get("OrderID") or shop.next_number("orders", start=FIRST_ORDER_ID)
    now = shop.now()
    order = shapes.arranged(shapes.ORDER, {"OrderStatusID": statuses.NEW, "OrderDate": now, **values})
    order |= {"OrderID": order_id, "LastUpdate": now, "UserID": by}
    order["InvoiceNumber"] = order["InvoiceNumber"] or _next_invoice(shop)
    key = secrets.token_urlsafe(12)
    order["ContinueURL"] = f"http://{shop.host}/continue_order.asp?orderkey={key}{order_id}"
    order["ShipmentList"] = _number_shipments(shop, order, values.get("ShipmentList") or [{}])
    order["OrderItemList"] = [add_line(shop, order, line) for line in values.get("OrderItemList", [])]
    if take_stock:
        for line in order["OrderItemList"]:
            products.take_stock(shop, line["CatalogID"], code_of(line), line["ItemQuantity"])
    if finish is not None:
        finish(order)
    store_order(shop, order, is_from_api=by == "API")
    events.announce(shop, events.ORDER_NEW, order)
    return order


def store_order(shop: Shop, order: Record, *, is_from_api: bool | None = None) -> None:
    """Write the record with what lists filter by; who made it is kept unless told."""
    if is_from_api is None:
        is_from_api = bool((shop.get("orders", order["OrderID"]) or {}).get("_api"))
    own = {
        "_status": order["OrderStatusID"],
        "_placed": order["OrderDate"],
        "_updated": order["LastUpdate"],
        "_number": order["InvoiceNumber"],
        "_prefix": order["InvoiceNumberPrefix"].lower(),
        "_email": order["BillingEmail"].lower(),
        "_api": is_from_api,
    }
    shop.put("orders", order["OrderID"], {**order, **own})


def change_order(shop: Shop, before: Record, after: Record, *, by: str) -> None:
    """Store a changed order; its last change moves, and its row of the shipment table with it (section 6.3).

    Raises statuses.RefusedMove when the store does not allow the new status.
    """
    statuses.check_move(shop, before["OrderStatusID"], after["OrderStatusID"])
    after |= {"LastUpdate": shop.now(), "UserID": by}
    mirror_shipment(after)
    store_order(shop, after)
    if before["OrderStatusID"] != after["OrderStatusID"]:
        events.announce(shop, events.ORDER_STATUS_CHANGE, after)


def get_order(shop: Shop, order_id: int) -> Record | None:
    """The order without the simulator's own keys, or None."""
    document = shop.get("orders", order_id)
    return {key: value for key, value in document.items() if key[0] != "_"} if document else None


def main_shipment(order: Record) -> Record | None:
    """The shipment that is one row with the order: id 0, or the only one."""
    shipments = order["ShipmentList"]
    zero = next((shipment for shipment in shipments if shipment["ShipmentID"] == 0), None)
    return zero or (shipments[0] if len(shipments) == 1 else None)


def mirror_shipment(order: Record) -> None:
    """Let the main shipment show the status, the last change and the user of its order."""
    shipment = main_shipment(order)
    if shipment is not None:
        shipment["ShipmentOrderStatus"] = order["OrderStatusID"]
        shipment["ShipmentLastUpdate"] = order["LastUpdate"]
        shipment["ShipmentUserID"] = order["UserID"]


def add_shipment(shop: Shop, order: Record, values: Record) -> Record:
    """Put one more shipment on the order and give it back; its id is a new one, its number the next."""
    number = max((shipment["ShipmentNumber"] for shipment in order["ShipmentList"]), default=0) + 1
    defaults = {"ShipmentOrderStatus": order["OrderStatusID"], "ShipmentBoxes": 1}
    shipment = shapes.arranged(shapes.SHIPMENT, {**defaults, **values})
    shipment |= {
        "ShipmentID": shop.next_number("shipments"),
        "ShipmentNumber": number,
        "ShipmentLastUpdate": shop.now(),
    }
    order["ShipmentList"].append(shipment)
    return shipment


def add_line(shop: Shop, order: Record, values: Record) -> Record:
    """A whole line from cleaned values; what the caller left out is filled in from the product."""
    line = shapes.arranged(shapes.ITEM, {"ItemDateAdded": shop.now(), **values})
    line["ItemIndexID"] = shop.next_number("items")
    known = {shipment["ShipmentID"] for shipment in order["ShipmentList"]}
    if line["ItemShipmentID"] not in known:
        line["ItemShipmentID"] = order["ShipmentList"][0]["ShipmentID"]
    product = products.get_product(shop, line["CatalogID"])
    if product is not None:
        code = code_of(line)
        option = products.find_option(product, code=code, sku="" if code else line["ItemID"])
        _fill_line(shop, line, Sellable(product, option), given=values)
    return line


def code_of(line: Record) -> str:
    """The AdvancedOptionCode of a line: `",128,138"` is `"128-138"`; empty for a plain product."""
    return line["ItemOptions"].strip(",").replace(",", "-")


def total_of(order: Record) -> Decimal:
    """The sum rule: goods, shipping and taxes, less the discount."""
    goods = _sum(Decimal(str(line["ItemQuantity"])) * _money(line["ItemUnitPrice"]) for line in order["OrderItemList"])
    shipping = _sum(_money(shipment["ShipmentCost"]) for shipment in order["ShipmentList"])
    taxes = _sum(_money(order[name]) for name in ("SalesTax", "SalesTax2", "SalesTax3"))
    return (goods + shipping + taxes - _money(order["OrderDiscount"])).quantize(Decimal("0.01"))


def describe(product: Record, option: Record | None) -> str:
    """`ItemDescription`: the name, then caption and value of each choice."""
    name = html.escape(product["SKUInfo"]["Name"], quote=False)
    if option is None:
        return name
    codes = option["AdvancedOptionCode"].split("-")
    choices = [
        f"<br><b>{option_set['OptionSetName']}:</b>&nbsp;{choice['OptionName']}"
        for option_set in product["OptionSetList"]
        for choice in option_set["OptionList"]
        if str(choice["OptionID"]) in codes
    ]
    return name + "".join(choices)


def _fill_line(shop: Shop, line: Record, sellable: Sellable, *, given: Record) -> None:
    product, option = sellable.product, sellable.option
    info = product["SKUInfo"]
    filling = {
        "ItemID": _item_id(shop, info["SKU"], option),
        "ItemUnitPrice": sellable.price,
        "ItemDescription": describe(product, option),
        "ItemWeight": option["AdvancedOptionWeight"] if option else product["Weight"],
        "ItemPageAdded": product["ProductLink"].rsplit("/", 1)[-1],
    }
    line.update((name, value) for name, value in filling.items() if given.get(name) in (None, ""))
    line["ItemOptions"] = f",{option['AdvancedOptionCode'].replace('-', ',')}" if option else line["ItemOptions"]
    line["ItemUnitCost"] = option["AdvancedOptionCost"] if option else info["Cost"]
    line["ItemUnitStock"] = sellable.stock


def _item_id(shop: Shop, product_sku: str, option: Record | None) -> str:
    if option is None:
        return product_sku
    fallback = product_sku if shop.switches.text("item_id_without_sufix") == "product_sku" else ""
    return option["AdvancedOptionSufix"] or fallback


def _number_shipments(shop: Shop, order: Record, given: list[Record]) -> list[Record]:
    has_zero = len(given) == 1 and shop.switches.text("single_shipment_id") == "zero"
    shipments = []
    for number, values in enumerate(given, start=1):
        shipment = shapes.arranged(shapes.SHIPMENT, {"ShipmentBoxes": 1, **values})
        shipment["ShipmentID"] = 0 if has_zero else shop.next_number("shipments")
        shipment |= {"ShipmentNumber": number, "ShipmentOrderStatus": order["OrderStatusID"]}
        shipment |= {"ShipmentLastUpdate": order["LastUpdate"], "ShipmentUserID": order["UserID"]}
        shipments.append(shipment)
    return shipments


def _next_invoice(shop: Shop) -> int:
    return shop.next_number("invoices", start=FIRST_INVOICE)


def _money(value: object) -> Decimal:
    return Decimal(str(value))


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))


def copy_of(order: Record) -> Record:
    """A copy to change, so that before and after can be compared."""
    return deepcopy(order)
