"""Our requests → BigCommerce's bodies: pure functions, limits and tables on top (vendor reference, sections 4 and 5).

What does not fit a field is cut, and the whole of it is written into the notes for the store's people: nothing is lost silently.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from channels.connectors.bigcommerce.regions import full_name
from channels.contract import OrderRequest, OrderRequestLine
from portal.lib.address import Address

AWAITING_FULFILMENT = 11
GUEST = 0
# "Kind (vendor)" is the form that they recommend.
SOURCE = "Portal (Tradelane)"
PAYMENT = "Trade account"
NAME_LENGTH = 250
NOTES_LENGTH = 65535
# Their limits for the parts of an order's address are not published; this is the usual width of a text column.
ADDRESS_LENGTH = 255
NO_POSTCODE = "00"
NOBODY = "-"
_ADDRESS_FIELDS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "address1": "street_1",
    "address2": "street_2",
    "city": "city",
    "postcode": "zip",
    "phone": "phone",
    "email": "email",
}


class Notes:
    """Collects what did not fit, for the store's people to read."""

    def __init__(self, *lines: str) -> None:
        self._lines = [line for line in lines if line]

    def fit(self, label: str, text: str, length: int) -> str:
        """``text`` cut to ``length``; the whole goes into the notes when it was longer."""
        if len(text) <= length:
            return text
        self._lines.append(f"{label} in full: {text}")
        return text[: length - 1].rstrip() + "…"

    def text(self) -> str:
        return "\n".join(self._lines)[:NOTES_LENGTH]


def order(request: OrderRequest) -> dict[str, Any]:
    """The order to create: a guest's, net prices, our reference in the field that can be searched (section 5.3)."""
    notes = Notes(f"Order {request.reference} from Tradelane.")
    ship_to = address(request.ship_to, notes, "Ship to")
    body: dict[str, Any] = {
        "customer_id": GUEST,
        "status_id": AWAITING_FULFILMENT,
        "external_source": SOURCE,
        "external_order_id": request.reference,
        "payment_method": PAYMENT,
        "default_currency_code": request.currency,
        "billing_address": address(request.bill_to, notes, "Bill to"),
        "shipping_addresses": [{**ship_to, "shipping_method": request.shipping_method or "Standard"}],
        "products": [line(each, notes) for each in request.lines],
        **both_forms("shipping_cost", request.shipping_cost),
    }
    if request.comment:
        body["customer_message"] = notes.fit("Comment", request.comment, NOTES_LENGTH)
    return {**body, "staff_notes": notes.text()}


def line(request: OrderRequestLine, notes: Notes) -> dict[str, Any]:
    """A catalogue line at our price; a custom line where the store has no such product. Tax is 0, so both forms are equal."""
    price = both_forms("price", request.unit_price)
    if not request.remote_product_id:
        name = notes.fit("Line name", request.name or request.sku, NAME_LENGTH)
        return {"name": name, "sku": request.sku, "quantity": request.quantity, **price}
    ids = {"product_id": int(request.remote_product_id)}
    if request.remote_variant_id:
        ids["variant_id"] = int(request.remote_variant_id)
    return {**ids, "quantity": request.quantity, **price}


def line_name(request: OrderRequestLine) -> str:
    """The name that a custom line gets."""
    return Notes().fit("", request.name or request.sku, NAME_LENGTH)


def address(value: Address, notes: Notes, label: str) -> dict[str, str]:
    """An address with every field that they require; what is unknown says so rather than being invented."""
    body = {
        theirs: notes.fit(f"{label}, {ours}", getattr(value, ours).strip(), ADDRESS_LENGTH)
        for ours, theirs in _ADDRESS_FIELDS.items()
    }
    body["first_name"] = body["first_name"] or body["company"] or NOBODY
    body["last_name"] = body["last_name"] or NOBODY
    body["street_1"] = body["street_1"] or NOBODY
    body["city"] = body["city"] or NOBODY
    body["zip"] = body["zip"] if len(body["zip"]) >= 2 else NO_POSTCODE
    return {**body, "state": full_name(value.state.strip(), value.country), "country_iso2": value.country.upper()}


def both_forms(prefix: str, value: Decimal) -> dict[str, str]:
    """Both tax forms of an amount: they want both or neither (section 5.3). Text, so that no digit is lost on the way."""
    return {f"{prefix}_ex_tax": f"{value:.4f}", f"{prefix}_inc_tax": f"{value:.4f}"}


def without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
