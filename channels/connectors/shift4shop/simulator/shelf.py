"""What people of a shop do by hand: products, stock, prices, orders, parcels. Used by the state door and the pages."""

from __future__ import annotations

from copy import deepcopy

from channels.connectors.shift4shop.simulator import neutral, orders, products, shapes, statuses
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop


def put_on_shelf(shop: Shop, given: Record) -> Record:
    """Add a product from the door's JSON, whatever it is; returns the vendor's record."""
    return products.add_product(shop, neutral.product_values(shop, given))


def set_stock(shop: Shop, sku: str, stock: int | float) -> None:
    """Set the stock of a product or variant. Raises ValueError when the shop does not have it."""
    _change_sellable(shop, sku, info={"Stock": shapes.number(stock)}, option={"AdvancedOptionStock": int(stock)})


def set_price(shop: Shop, sku: str, price: object) -> None:
    """Set the price of a product or variant. Raises ValueError when the shop does not have it."""
    amount = shapes.number(price)
    _change_sellable(shop, sku, info={"Price": amount}, option={"AdvancedOptionPrice": amount})


def edit_product(shop: Shop, catalog_id: int, given: Record) -> Record:
    """Change name, sku, price, cost, stock, visible, description of a product. Raises ValueError if there is none."""
    before = products.get_product(shop, catalog_id)
    if before is None:
        raise ValueError(f"the shop has no product {catalog_id}")
    after = deepcopy(before)
    for ours, theirs in (("name", "Name"), ("sku", "SKU")):
        if ours in given:
            after["SKUInfo"][theirs] = str(given[ours])
    for ours, theirs in (("price", "Price"), ("cost", "Cost"), ("stock", "Stock")):
        if ours in given:
            after["SKUInfo"][theirs] = shapes.number(given[ours])
    if "visible" in given:
        after["Hide"] = not given["visible"]
    if "description" in given:
        after["Description"] = str(given["description"])
    products.change_product(shop, before, after)
    return after


def place_order(shop: Shop, given: Record) -> Record:
    """A customer orders. Totals are added up, stock is taken as the shop does. Raises ValueError for unknown goods."""
    values = neutral.order_values(shop, given)
    if "OrderID" in values and orders.get_order(shop, values["OrderID"]):
        raise ValueError(f"the shop has an order {values['OrderID']} already")
    return orders.add_order(shop, values, by="", finish=lambda order: _add_up(shop, order))


def ship_parcel(shop: Shop, order_id: int, *, tracking: str, carrier: str, lines: list[Record] | None = None) -> Record:
    """Send a parcel with what is open, or with some lines of it; the order becomes Partial or Shipped.

    `lines` are `{"line_id", "quantity"}`. A part of a line becomes a line of its own in a new shipment, since one line
    is in one shipment only. Raises ValueError when there is nothing to send, and statuses.RefusedMove.
    """
    before = _order(shop, order_id)
    after = orders.copy_of(before)
    open_lines = [line for line in after["OrderItemList"] if not _is_sent(after, line)]
    wanted = {line["ItemIndexID"]: line["ItemQuantity"] for line in open_lines}
    if lines is not None:
        wanted = {int(line["line_id"]): shapes.number(line["quantity"]) for line in lines}
    chosen = [line for line in open_lines if wanted.get(line["ItemIndexID"])]
    if not chosen:
        raise ValueError("there is nothing open to send")
    everything = all(wanted.get(line["ItemIndexID"], 0) >= line["ItemQuantity"] for line in open_lines)
    main = orders.main_shipment(after)
    if everything and main is not None and all(line["ItemShipmentID"] == main["ShipmentID"] for line in open_lines):
        shipment = main
    else:
        shipment = orders.add_shipment(shop, after, _same_address(after))
        for line in chosen:
            _move(shop, after, line, wanted[line["ItemIndexID"]], shipment["ShipmentID"])
    shipment |= {"ShipmentTrackingCode": tracking, "ShipmentOrderStatus": statuses.SHIPPED}
    shipment["ShipmentMethodName"] = carrier or shipment["ShipmentMethodName"]
    shipment["ShipmentShippedDate"] = _us_date(shop.now())
    after["OrderStatusID"] = statuses.SHIPPED if everything else statuses.PARTIAL
    orders.change_order(shop, before, after, by="")
    return after


def set_status(shop: Shop, order_id: int, status: int) -> Record:
    """Give an order another status. Raises ValueError (statuses.RefusedMove) when the shop does not allow it."""
    before = _order(shop, order_id)
    after = orders.copy_of(before) | {"OrderStatusID": status}
    orders.change_order(shop, before, after, by="")
    return after


def _order(shop: Shop, order_id: int) -> Record:
    order = orders.get_order(shop, order_id)
    if order is None:
        raise ValueError(f"the shop has no order {order_id}")
    return order


def _is_sent(order: Record, line: Record) -> bool:
    shipments = [row for row in order["ShipmentList"] if row["ShipmentID"] == line["ItemShipmentID"]]
    return any(neutral.is_sent(order, shipment) for shipment in shipments)


def _same_address(order: Record) -> Record:
    kept = ("ShipmentCost", "ShipmentTax", "ShipmentTrackingCode", "ShipmentShippedDate", "ShipmentWeight")
    return {key: value for key, value in order["ShipmentList"][0].items() if key not in kept}


def _move(shop: Shop, order: Record, line: Record, quantity: int | float, shipment_id: int) -> None:
    if quantity >= line["ItemQuantity"]:
        line["ItemShipmentID"] = shipment_id
        return
    part = {**line, "ItemQuantity": quantity, "ItemShipmentID": shipment_id}
    part["ItemIndexID"] = shop.next_number("items")
    line["ItemQuantity"] = shapes.number(line["ItemQuantity"] - quantity)
    order["OrderItemList"].append(part)


def _us_date(local: str) -> str:
    year, month, day = local[:10].split("-")
    return f"{int(month)}/{int(day)}/{year}"


def _change_sellable(shop: Shop, sku: str, *, info: Record, option: Record) -> None:
    found = products.find_sellable(shop, sku)
    if found is None:
        raise ValueError(f"the shop has nothing with the SKU {sku!r}")
    after = deepcopy(found.product)
    if found.option is None:
        after["SKUInfo"] |= info
    else:
        row = products.find_option(after, code=found.option["AdvancedOptionCode"])
        if row is not None:
            row |= option
    products.change_product(shop, found.product, after)


def _add_up(shop: Shop, order: Record) -> None:
    order["OrderAmount"] = shapes.number(orders.total_of(order))
    weight = sum(line["ItemWeight"] * line["ItemQuantity"] for line in order["OrderItemList"])
    order["ShipmentList"][0]["ShipmentWeight"] = shapes.number(round(weight, 4))
    if order["BillingOnLinePayment"] and order["OrderStatusID"] == statuses.NEW:
        order["TransactionList"] = [_sale(shop, order)]


def _sale(shop: Shop, order: Record) -> Record:
    number = shop.next_number("transactionlist")
    values = {
        "TransactionIndexID": number,
        "OrderID": order["OrderID"],
        "TransactionID": f"{3160000 + number}",
        "TransactionDateTime": order["OrderDate"],
        "TransactionType": "Sale",
        "TransactionMethod": "Secure Online Payment",
        "TransactionAmount": order["OrderAmount"],
        "TransactionGatewayID": 20,
    }
    return shapes.arranged(shapes.TRANSACTION, values)


def edit_option(shop: Shop, catalog_id: int, code: str, *, stock: object = None, price: object = None) -> None:
    """Change stock and price of a variant; None or an empty text leaves it. Raises ValueError if there is none."""
    before = products.get_product(shop, catalog_id)
    after = deepcopy(before)
    row = products.find_option(after, code=code) if after else None
    if before is None or after is None or row is None:
        raise ValueError("there is no such variant")
    if stock not in (None, ""):
        row["AdvancedOptionStock"] = int(str(stock))
    if price not in (None, ""):
        row["AdvancedOptionPrice"] = shapes.number(price)
    if before != after:
        products.change_product(shop, before, after)
