"""/Orders: list, read, create and change (sections 2.4 and 4.1 to 4.5)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, g

from channels.connectors.shift4shop.simulator import (
    answers,
    lists,
    order_posts,
    orders,
    payloads,
    shapes,
    statuses,
)
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop

GREATEST = 300
_FIXED = ("OrderID", "ShipmentList", "OrderItemList", "TransactionList", "QuestionList", "LastUpdate", "ContinueURL")

routes = Blueprint("orders", __name__)

FILTERS: lists.Filters = {
    "invoicenumber": lists.numbered("_number"),
    "invoicenumberstart": lists.numbered("_number", ">="),
    "invoicenumberend": lists.numbered("_number", "<="),
    "invoiceprefix": lists.equal("_prefix"),
    "orderstatus": lists.numbered("_status"),
    "datestart": lists.since("_placed"),
    "dateend": lists.until("_placed"),
    "lastupdatestart": lists.since("_updated"),
    "lastupdateend": lists.until("_updated", switched=True),
    "billingemail": lists.equal("_email"),
    "orderid": lists.numbered("id"),
}


@routes.get("/orders")
def list_orders() -> Response:
    """Orders, at most 300."""
    default = int(g.shop.switches.number("default_limit_orders"))
    return lists.list_collection("orders", filters=FILTERS, default=default, greatest=GREATEST)


@routes.post("/orders")
def post_order() -> Response:
    """Create one order."""
    body = payloads.read_object()
    query = lists.arguments()
    order = order_posts.create_order(
        g.shop,
        body,
        bypass_processing=query.get("bypassorderprocessing") in {"1", "true"},
        bypass_email=query.get("bypassorderemail") in {"1", "true"},
    )
    return answers.created("OrderID", order["OrderID"])


@routes.put("/orders")
def put_orders() -> Response:
    """Change up to 100 orders, each named by `OrderID` (number or text)."""
    return answers.updated([_put_row(g.shop, row) for row in payloads.read_array()])


@routes.get("/orders/<int:order_id>")
def get_order(order_id: int) -> Response:
    """One order, in an array."""
    return answers.answer([order_or_end(order_id)])


@routes.put("/orders/<int:order_id>")
def put_order(order_id: int) -> Response:
    """Change one order: keys left out stay, InternalComments is replaced."""
    before, body = order_or_end(order_id), payloads.read_object()
    return written_or_refused(_change(g.shop, before, body))


def order_or_end(order_id: int) -> Record:
    """The order of the running call, or the end of it with 404."""
    order = orders.get_order(g.shop, order_id)
    if order is None:
        answers.end(answers.not_found())
    return order or {}


def written_or_refused(entry: dict[str, Any]) -> Response:
    """The answer to one record's change: a refusal has the HTTP status that the switch names."""
    if int(entry["Status"]) < 400:
        return answers.updated([entry])
    status = int(g.shop.switches.number("refused_move_status")) if entry["Message"] == _refusal() else 400
    return answers.answer([entry], status)


def _refusal() -> str:
    return answers.written("", "", 400, statuses.REFUSED)["Message"]


def _put_row(shop: Shop, row: Record) -> dict[str, Any]:
    given = str(payloads.pick(row, "OrderID") or "")
    before = orders.get_order(shop, int(given)) if given.isdigit() else None
    if before is None:
        return answers.written("OrderID", given, 404, "not found")
    return _change(shop, before, row)


def _change(shop: Shop, before: Record, body: Record) -> dict[str, Any]:
    order_id = before["OrderID"]
    try:
        values = payloads.clean(shop, shapes.ORDER, body)
        for name in _FIXED:
            values.pop(name, None)
        orders.change_order(shop, before, orders.copy_of(before) | values, by="API")
    except (shapes.Unfit, statuses.RefusedMove) as error:
        return answers.written("OrderID", order_id, 400, str(error))
    return answers.written("OrderID", order_id, 200, answers.UPDATED)
