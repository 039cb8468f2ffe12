"""Between the state door's neutral JSON, the same for every kind of store, and this vendor's records."""

from __future__ import annotations

import re

from channels.connectors.shift4shop.simulator import products, shapes, statuses, times
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop

_ADDRESS_KEYS = (
    ("first_name", "FirstName"),
    ("last_name", "LastName"),
    ("company", "Company"),
    ("address1", "Address"),
    ("address2", "Address2"),
    ("city", "City"),
    ("state", "State"),
    ("postcode", "ZipCode"),
    ("country", "Country"),
    ("email", "Email"),
)


def product_values(shop: Shop, given: Record) -> Record:
    """A product of the door as keys of the vendor; its option set gets its ids here."""
    price, cost = shapes.number(given.get("price", 0)), shapes.number(given.get("cost") or 0)
    weight = shapes.number(given.get("weight") or 0)
    variants = given.get("variants") or []
    stock = given.get("stock")
    if stock is None:
        stock = sum(variant.get("stock", 0) for variant in variants)
    info = {
        "SKU": str(given.get("sku") or ""),
        "Name": str(given.get("name") or ""),
        "Cost": cost,
        "Price": price,
        "RetailPrice": shapes.number(given.get("retail_price") or 0),
        "Stock": shapes.number(stock),
    }
    values = {
        "SKUInfo": info,
        "Description": str(given.get("description") or ""),
        "MainImageFile": _image(shop, str(given.get("image") or "")),
        "Hide": not given.get("visible", True),
        "Weight": weight,
        "GTIN": str(given.get("gtin") or ""),
    }
    if variants:
        values |= _options(shop, str(given.get("option") or "Option"), variants, info=info, weight=weight)
    return values


def show_product(product: Record) -> Record:
    """A product as the door tells it; money as text."""
    info = product["SKUInfo"]
    return {
        "id": info["CatalogID"],
        "name": info["Name"],
        "sku": info["SKU"],
        "price": money(info["Price"]),
        "cost": money(info["Cost"]),
        "stock": info["Stock"],
        "visible": not (product["Hide"] or product["NotForSale"]),
        "variants": [
            {
                "id": option["AdvancedOptionCode"],
                "sku": option["AdvancedOptionSufix"],
                "value": option["AdvancedOptionName"],
                "price": money(option["AdvancedOptionPrice"]),
                "stock": option["AdvancedOptionStock"],
            }
            for option in product["AdvancedOptionList"]
        ],
    }


# The number of payment by card on the shop's own page.
ONLINE = "49"


def order_values(shop: Shop, given: Record) -> Record:
    """An order of the door as keys of the vendor. Raises ValueError for a SKU that the shop does not have."""
    status = int(given.get("status") or statuses.NEW)
    customer = given.get("customer") or {}
    values: Record = {"OrderStatusID": status, "CustomerComments": str(given.get("comment") or "")}
    values |= _invoice(shop, str(given.get("number") or ""))
    values |= {f"Billing{theirs}": str(customer.get(ours) or "") for ours, theirs in _ADDRESS_KEYS}
    values |= {"BillingPhoneNumber": str(customer.get("phone") or ""), "IP": "203.0.113.9"}
    values |= _payment(shop, str(given.get("payment_method") or ONLINE))
    values["BillingOnLinePayment"] = status != statuses.UNPAID and values["BillingPaymentMethodID"] == ONLINE
    if given.get("created_at"):
        values["OrderDate"] = times.local_text(times.read_utc(str(given["created_at"])), shop.zone)
    if given.get("id"):
        values["OrderID"] = int(given["id"])
    shipment: Record = {f"Shipment{theirs}": str(customer.get(ours) or "") for ours, theirs in _ADDRESS_KEYS}
    shipment |= {
        "ShipmentPhone": str(customer.get("phone") or ""),
        "ShipmentMethodName": str(given.get("shipping_method") or "Standard"),
        "ShipmentCost": shapes.number(given.get("shipping_cost") or 0),
    }
    values["ShipmentList"] = [shipment]
    values["OrderItemList"] = [_line(shop, line) for line in given.get("lines", [])]
    return values


def _payment(shop: Shop, number: str) -> Record:
    """How the customer pays: by a number of the shop's payment methods. Raises ValueError for one that it does not have."""
    name = shop.document["payment_methods"].get(number, "Online Credit Card" if number == ONLINE else "")
    if not name:
        raise ValueError(f"the shop has no payment method {number}")
    return {"BillingPaymentMethod": name, "BillingPaymentMethodID": number}


def show_order(shop: Shop, document: Record) -> Record:
    """An order as the door tells it: the books. Money as text, times aware UTC."""
    reference = invoice_of(document) if document.get("_api") else ""
    return {
        "id": document["OrderID"],
        "number": invoice_of(document),
        "reference": reference,
        "alternate_id": document["AlternateOrderID"],
        "status": document["OrderStatusID"],
        "status_name": statuses.status_text(shop, document["OrderStatusID"]),
        "total": money(document["OrderAmount"]),
        "currency": shop.currency,
        "lines": [_show_line(document, line) for line in document["OrderItemList"]],
        "shipments": [row for row in (_show_shipment(document, s) for s in document["ShipmentList"]) if row],
        "ship_to": _show_address(document["ShipmentList"][0]),
        "customer_email": document["BillingEmail"],
        "created_at": times.utc_text(document["OrderDate"], shop.zone),
    }


def invoice_of(order: Record) -> str:
    """Prefix and number as one text, as the shop prints them."""
    return f"{order['InvoiceNumberPrefix']}{order['InvoiceNumber']}"


def is_sent(order: Record, shipment: Record) -> bool:
    """True when the parcel is on its way: status Shipped, or a tracking code unless the order is only partly sent."""
    if shipment["ShipmentOrderStatus"] == statuses.SHIPPED:
        return True
    has_code = bool(shipment["ShipmentTrackingCode"].strip())
    return has_code and order["OrderStatusID"] != statuses.PARTIAL


def money(value: object) -> str:
    """An amount as text with at least two decimals."""
    text = f"{float(str(value)):.4f}"
    return text[:-2] if text.endswith("00") else text


def _line(shop: Shop, given: Record) -> Record:
    line: Record = {"ItemQuantity": shapes.number(given.get("quantity", 1))}
    if given.get("price") is not None:
        line["ItemUnitPrice"] = shapes.number(given["price"])
    if not given.get("sku"):
        return line | {
            "ItemDescription": str(given.get("name") or "Item"),
            "ItemUnitPrice": line.get("ItemUnitPrice", 0),
        }
    sellable = products.find_sellable(shop, str(given["sku"]))
    if sellable is None and given.get("name"):
        # As in every kind of store: goods that the shop does not know are sold as a free line.
        return line | {
            "ItemID": str(given["sku"]),
            "ItemDescription": str(given["name"]),
            "ItemUnitPrice": line.get("ItemUnitPrice", 0),
        }
    if sellable is None:
        raise ValueError(f"the shop has nothing with the SKU {given['sku']!r}")
    code = sellable.option["AdvancedOptionCode"] if sellable.option else ""
    options = f",{code.replace('-', ',')}" if code else ""
    return line | {"CatalogID": sellable.product["SKUInfo"]["CatalogID"], "ItemOptions": options}


def _invoice(shop: Shop, number: str) -> Record:
    if not number:
        return {"InvoiceNumberPrefix": shop.document["invoice_prefix"]}
    match = re.match(r"^(.*?)(\d{1,9})$", number)
    if match is None:
        raise ValueError(f"an order number ends in digits, {number!r} does not")
    return {"InvoiceNumberPrefix": match[1], "InvoiceNumber": int(match[2])}


def _options(shop: Shop, name: str, variants: list[Record], *, info: Record, weight: int | float) -> Record:
    choices, options = [], []
    for sorting, variant in enumerate(variants, start=1):
        option_id = shop.next_number("options", start=501)
        value = str(variant.get("value") or "")
        choice = {"OptionID": option_id, "OptionName": value, "OptionSorting": sorting, "OptionBundleQuantity": 1}
        choices.append(shapes.arranged(shapes.OPTION, choice))
        price = variant.get("price")
        option = {
            "AdvancedOptionCode": str(option_id),
            "AdvancedOptionSufix": str(variant.get("sku") or ""),
            "AdvancedOptionName": value.split('"')[0],
            "AdvancedOptionCost": shapes.number(variant.get("cost") or info["Cost"]),
            "AdvancedOptionStock": int(variant.get("stock") or 0),
            "AdvancedOptionWeight": weight,
            "AdvancedOptionPrice": info["Price"] if price is None else shapes.number(price),
        }
        options.append(shapes.arranged(shapes.ADVANCED_OPTION, option))
    option_set = {
        "OptionSetID": shop.next_number("option_sets", start=40),
        "OptionSetName": name,
        "OptionRequired": True,
        "OptionType": "Dropdown",
        "OptionList": choices,
    }
    return {"OptionSetList": [shapes.arranged(shapes.OPTION_SET, option_set)], "AdvancedOptionList": options}


def _image(shop: Shop, image: str) -> str:
    if not image or image.startswith(("http://", "https://")):
        return image
    path = f"assets/images/{image.rsplit('/', 1)[-1]}"
    return f"{shop.secure_url}/{path}" if shop.switches.on("absolute_images") else path


def _show_line(order: Record, line: Record) -> Record:
    shipments = [row for row in order["ShipmentList"] if row["ShipmentID"] == line["ItemShipmentID"]]
    sent = any(is_sent(order, shipment) for shipment in shipments)
    return {
        "id": line["ItemIndexID"],
        "sku": line["ItemID"],
        "name": " ".join(re.sub(r"<[^>]+>|&nbsp;", " ", line["ItemDescription"]).split()),
        "quantity": line["ItemQuantity"],
        "price": money(line["ItemUnitPrice"]),
        "shipped": line["ItemQuantity"] if sent else 0,
    }


def _show_shipment(order: Record, shipment: Record) -> Record | None:
    lines = [line for line in order["OrderItemList"] if line["ItemShipmentID"] == shipment["ShipmentID"]]
    has_code = bool(shipment["ShipmentTrackingCode"].strip())
    if not (has_code or (lines and is_sent(order, shipment))):
        return None
    return {
        "id": shipment["ShipmentID"],
        "tracking": shipment["ShipmentTrackingCode"],
        "carrier": shipment["ShipmentMethodName"],
        "lines": [{"line_id": line["ItemIndexID"], "quantity": line["ItemQuantity"]} for line in lines],
    }


def _show_address(shipment: Record) -> Record:
    address = {ours: shipment[f"Shipment{theirs}"] for ours, theirs in _ADDRESS_KEYS}
    return address | {"phone": shipment["ShipmentPhone"]}
