"""Vendor dicts out of our requests: the new order and the customer that stands for a partner (vendor reference, sections 4.3 and 4.7). Pure."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from channels.connectors.shift4shop import limits
from channels.connectors.shift4shop.limits import cut, fitted
from channels.connectors.shift4shop.mapping_products import PLAIN
from channels.connectors.shift4shop.records import total
from channels.connectors.shift4shop.statuses import NEW
from channels.connectors.shift4shop.times import write_time
from channels.contract import OrderRequest, OrderRequestLine
from channels.errors import Rejected
from portal.lib.address import Address

# Written where a store insists on a last name (section 4.5).
NO_NAME = "."
LINE_MARK = "ItemAdditionalField3"
COMMENT_MARK = "Not all of the address fits into its fields. In full:"


def invoice_prefix(reference_prefix: str) -> str:
    """The prefix of our invoice numbers: with the number behind it the reference as people read it."""
    return f"{reference_prefix}-"


def order_body(request: OrderRequest, *, customer_id: str, payment_method: str, zone: ZoneInfo) -> dict[str, Any]:
    """The body of ``POST /Orders``: net prices, tax 0, totals given. What fits no field stands whole in the internal comments.

    Raises Rejected for a line whose product is not in the store.
    """
    billing, lost_billing = fitted(_billing(request.bill_to), limits.ORDER)
    shipment, lost_shipment = fitted(_shipment(request), limits.SHIPMENT)
    goods = total(line.quantity * line.unit_price for line in request.lines)
    payment_id, _, payment_name = payment_method.partition(" ")
    return {
        "InvoiceNumberPrefix": invoice_prefix(request.reference_prefix),
        "InvoiceNumber": request.number,
        "AlternateOrderID": request.reference,
        "CustomerID": int(customer_id),
        "OrderDate": write_time(request.placed_at, zone),
        "OrderStatusID": NEW,
        **billing,
        "BillingPaymentMethod": payment_name,
        "BillingOnLinePayment": False,
        "BillingPaymentMethodID": payment_id,
        "ShipmentList": [shipment],
        "OrderItemList": [_line(line, request, zone) for line in request.lines],
        "OrderDiscount": 0,
        "SalesTax": 0,
        "SalesTax2": 0,
        "SalesTax3": 0,
        "OrderAmount": goods + request.shipping_cost,
        "CustomerComments": limits.clean(request.comment),
        "InternalComments": _internal_comment(request, [*lost_billing, *lost_shipment]),
    }


def customer_email(address: Address, *, key: str) -> str:
    """The e-mail of the customer record of one partnership: the partner's own with ``key`` behind a plus, so that it is unique."""
    tag = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
    local, _, domain = limits.clean(address.email).partition("@")
    if not local or "." not in domain or len(f"{local}+{tag}@{domain}") > limits.CUSTOMER["Email"]:
        # A name that can never be delivered to: nobody else's post may be opened by it.
        return f"{tag}@orders.invalid"
    return f"{local.split('+')[0]}+{tag}@{domain}".lower()


def customer_body(address: Address, *, email: str) -> dict[str, Any]:
    """The body of ``POST /Customers``: the partner's company, with a password that nobody knows."""
    values = {
        "Email": email,
        "BillingCompany": address.company,
        "BillingFirstName": address.first_name or address.company or "Trading",
        "BillingLastName": address.last_name or "Partner",
        "BillingAddress1": address.address1,
        "BillingAddress2": address.address2,
        "BillingCity": address.city,
        "BillingState": address.state,
        "BillingZipCode": address.postcode,
        "BillingCountry": address.country,
        "BillingPhoneNumber": address.phone,
        "Comments": "Trading partner. Made by Tradelane for the orders of this company.",
    }
    short, _ = fitted(values, limits.CUSTOMER)
    return {**short, "Password": secrets.token_urlsafe(24), "Enabled": True, "MailList": False}


def line_ids(items: list[dict[str, Any]]) -> dict[str, str]:
    """Our line id → theirs, as far as the lines carry our mark."""
    return {
        str(item[LINE_MARK]): str(item["ItemIndexID"])
        for item in items
        if item.get(LINE_MARK) and item.get("ItemIndexID")
    }


def _billing(address: Address) -> dict[str, Any]:
    return {
        "BillingFirstName": address.first_name,
        "BillingLastName": address.last_name or NO_NAME,
        "BillingCompany": address.company,
        "BillingAddress": address.address1,
        "BillingAddress2": address.address2,
        "BillingCity": address.city,
        "BillingState": address.state,
        "BillingZipCode": address.postcode,
        "BillingCountry": address.country,
        "BillingPhoneNumber": address.phone,
        "BillingEmail": address.email,
    }


def _shipment(request: OrderRequest) -> dict[str, Any]:
    """The one parcel, without an id. The consumer's e-mail stays with us, so that the supplier's store never writes to somebody else's customer."""
    address = request.ship_to
    return {
        "ShipmentFirstName": address.first_name,
        "ShipmentLastName": address.last_name or NO_NAME,
        "ShipmentCompany": address.company,
        "ShipmentAddress": address.address1,
        "ShipmentAddress2": address.address2,
        "ShipmentCity": address.city,
        "ShipmentState": address.state,
        "ShipmentZipCode": address.postcode,
        "ShipmentCountry": address.country,
        "ShipmentPhone": address.phone,
        "ShipmentEmail": "",
        "ShipmentMethodName": request.shipping_method,
        "ShipmentCost": request.shipping_cost,
        "ShipmentOrderStatus": NEW,
    }


def _line(line: OrderRequestLine, request: OrderRequest, zone: ZoneInfo) -> dict[str, Any]:
    if not line.remote_product_id.isdigit():
        raise Rejected(
            f"{line.sku or line.name} is not linked to a product of the supplier's store. Link it, then try again.",
            field="product",
            code="product_not_linked",
        )
    is_plain = line.remote_variant_id in {"", PLAIN}
    return {
        "CatalogID": int(line.remote_product_id),
        "ItemID": cut(line.sku, limits.ITEM["ItemID"]),
        "ItemQuantity": line.quantity,
        "ItemUnitPrice": line.unit_price,
        "ItemOptionPrice": 0,
        "ItemDescription": _markup(line.name),
        "ItemOptions": "" if is_plain else "," + line.remote_variant_id.replace("-", ","),
        "ItemDateAdded": write_time(request.placed_at, zone),
        LINE_MARK: cut(line.line_id, limits.ITEM[LINE_MARK]),
    }


def _markup(name: str) -> str:
    """A name for a field that the store shows as HTML."""
    cleaned = limits.clean(name)
    return cleaned.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _internal_comment(request: OrderRequest, lost: list[str]) -> str:
    said = [f"Tradelane order {request.reference}"]
    return "\n".join([*said, *([COMMENT_MARK, *lost] if lost else [])])


def parse_payment_method(chosen: Mapping[str, str]) -> str:
    """The chosen payment method, "52 Purchase Order" or only its id; "" when none is chosen."""
    value = " ".join(str(chosen.get("payment_method") or chosen.get("payment_method_id") or "").split())
    return value if value.split(" ", 1)[0].isdigit() else ""
