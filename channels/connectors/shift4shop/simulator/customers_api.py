"""/Customers (section 4.7)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g

from channels.connectors.shift4shop.simulator import answers, events, lists, payloads, shapes
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop

GREATEST, DEFAULT = 500, 10
EMAIL_EXISTS = "Email already exists"

routes = Blueprint("customers", __name__)

FILTERS: lists.Filters = {
    "email": lists.equal("_email"),
    "firstname": lists.equal("_firstname"),
    "lastname": lists.equal("_lastname"),
    "country": lists.equal("_country"),
    "state": lists.equal("_state"),
    "city": lists.equal("_city"),
    "phone": lists.equal("_phone"),
    "lastupdatestart": lists.since("_updated"),
    "lastupdateend": lists.until("_updated", switched=True),
}
_OWN = {
    "_email": "Email",
    "_firstname": "BillingFirstName",
    "_lastname": "BillingLastName",
    "_country": "BillingCountry",
    "_state": "BillingState",
    "_city": "BillingCity",
    "_phone": "BillingPhoneNumber",
}


def add_customer(shop: Shop, values: Record) -> Record:
    """Store a new customer from cleaned values and announce it."""
    number = shop.next_number("customers", start=81)
    customer = shapes.arranged(shapes.CUSTOMER, {"Enabled": True, **values, "CustomerID": number})
    _store(shop, customer)
    events.announce(shop, events.CUSTOMER_NEW, customer)
    return customer


@routes.get("/customers")
def list_customers() -> Response:
    """Customers, at most 500."""
    return lists.list_collection("customers", filters=FILTERS, default=DEFAULT, greatest=GREATEST, show=_without_secret)


@routes.post("/customers")
def post_customer() -> Response:
    """Create one customer."""
    values = _cleaned(payloads.read_object())
    if not values.get("Email", "").strip():
        return answers.error("Email is required", key="CustomerID")
    if _is_taken(values):
        return answers.error(EMAIL_EXISTS, key="CustomerID")
    return answers.created("CustomerID", add_customer(g.shop, values)["CustomerID"])


@routes.put("/customers")
def put_customers() -> Response:
    """Change several customers, each named by `CustomerID`."""
    return answers.updated([_put_row(row) for row in payloads.read_array()])


@routes.get("/customers/<int:customer_id>")
def get_customer(customer_id: int) -> Response:
    """One customer, in an array."""
    return answers.answer([_without_secret(_customer_or_end(customer_id))])


@routes.put("/customers/<int:customer_id>")
def put_customer(customer_id: int) -> Response:
    """Change one customer: keys left out stay."""
    customer = _customer_or_end(customer_id)
    values = _cleaned(payloads.read_object())
    _store(g.shop, customer | values)
    return answers.updated([answers.written("CustomerID", customer_id, 200, answers.UPDATED)])


@routes.delete("/customers/<int:customer_id>")
def delete_customer(customer_id: int) -> Response:
    """Delete one customer."""
    _customer_or_end(customer_id)
    g.shop.delete("customers", customer_id)
    return answers.answer([answers.written("CustomerID", customer_id, 200, answers.DELETED)])


def _store(shop: Shop, customer: Record) -> None:
    own = {key: str(customer[name]).lower() for key, name in _OWN.items()}
    shop.put("customers", customer["CustomerID"], {**customer, **own, "_updated": shop.now()})


def _without_secret(customer: Record) -> Record:
    return {key: "" if key == "Password" else customer[key] for key in shapes.CUSTOMER}


def _customer_or_end(customer_id: int) -> Record:
    customer = g.shop.get("customers", customer_id)
    if customer is None:
        answers.end(answers.not_found())
    return customer


def _cleaned(body: Record) -> Record:
    try:
        values = payloads.clean(g.shop, shapes.CUSTOMER, body)
    except shapes.Unfit as error:
        answers.refuse(str(error), key="CustomerID")
        raise
    for name in ("CustomerID", "TotalStoreCredit"):
        values.pop(name, None)
    return values


def _is_taken(values: Record) -> bool:
    if g.shop.switches.text("duplicate_email") == "accept":
        return False
    return g.shop.first("customers", where=[("_email", "=", values["Email"].lower())]) is not None


def _put_row(row: Record) -> dict[str, Any]:
    given = str(payloads.pick(row, "CustomerID") or "")
    customer = g.shop.get("customers", int(given)) if given.isdigit() else None
    if customer is None:
        return answers.written("CustomerID", given, 404, "not found")
    _store(g.shop, customer | _cleaned(row))
    return answers.written("CustomerID", given, 200, answers.UPDATED)
