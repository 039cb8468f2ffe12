"""/Orders/{id}/Items, /Shipments, /Transactions and /Questions (sections 4.1 and 4.5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g

from channels.connectors.shift4shop.simulator import answers, lists, orders, payloads, shapes, statuses
from channels.connectors.shift4shop.simulator.orders_api import order_or_end, written_or_refused
from channels.connectors.shift4shop.simulator.shapes import Record, Shape
from channels.connectors.shift4shop.simulator.world import Shop

routes = Blueprint("order_parts", __name__)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the lists inside an order: where it is, its key, its shape, how a new row is added."""

    list_key: str
    id_key: str
    shape: Shape
    add: Callable[[Shop, Record, Record], Record]


def _add_line(shop: Shop, order: Record, values: Record) -> Record:
    line = orders.add_line(shop, order, values)
    order["OrderItemList"].append(line)
    return line


def _add_row(list_key: str, id_key: str, shape: Shape) -> Callable[[Shop, Record, Record], Record]:
    def add(shop: Shop, order: Record, values: Record) -> Record:
        number = shop.next_number(list_key.lower())
        row = shapes.arranged(shape, {**values, "OrderID": order["OrderID"], id_key: number})
        order[list_key].append(row)
        return row

    return add


PARTS = {
    "items": Part("OrderItemList", "ItemIndexID", shapes.ITEM, _add_line),
    "shipments": Part("ShipmentList", "ShipmentID", shapes.SHIPMENT, orders.add_shipment),
    "transactions": Part(
        "TransactionList",
        "TransactionIndexID",
        shapes.TRANSACTION,
        _add_row("TransactionList", "TransactionIndexID", shapes.TRANSACTION),
    ),
    "questions": Part(
        "QuestionList",
        "QuestionAnswerIndexID",
        shapes.QUESTION,
        _add_row("QuestionList", "QuestionAnswerIndexID", shapes.QUESTION),
    ),
}
_PATH = f"/orders/<int:order_id>/<any({', '.join(PARTS)}):name>"


@routes.get(_PATH)
def list_part(order_id: int, name: str) -> Response:
    """All rows of the part; limit and offset default to everything."""
    return lists.list_rows(order_or_end(order_id)[PARTS[name].list_key])


@routes.post(_PATH)
def post_part(order_id: int, name: str) -> Response:
    """Add one row."""
    part, before, body = PARTS[name], order_or_end(order_id), payloads.read_object()
    after = orders.copy_of(before)
    try:
        values = payloads.clean(g.shop, part.shape, body)
    except shapes.Unfit as error:
        return answers.error(str(error), key=part.id_key)
    if name == "shipments" and _is_nameless(values):
        return answers.error("ShipmentLastName is required", key=part.id_key)
    row = part.add(g.shop, after, values)
    orders.change_order(g.shop, before, after, by="API")
    return answers.created(part.id_key, row[part.id_key])


@routes.put(_PATH)
def put_parts(order_id: int, name: str) -> Response:
    """Change several rows, each named by its id."""
    before, rows = order_or_end(order_id), payloads.read_array()
    after = orders.copy_of(before)
    entries = [_merge(g.shop, PARTS[name], after, row) for row in rows]
    return _save(PARTS[name], before, after, entries) or answers.updated(entries)


@routes.put(f"{_PATH}/<int:row_id>")
def put_part(order_id: int, name: str, row_id: int) -> Response:
    """Change one row; the id 0 is a real one."""
    part, before = PARTS[name], order_or_end(order_id)
    if _row(part, before, row_id) is None:
        return answers.nothing(404)
    after = orders.copy_of(before)
    entry = _merge(g.shop, part, after, {**payloads.read_object(), part.id_key: row_id})
    return _save(part, before, after, [entry]) or written_or_refused(entry)


def _is_nameless(values: Record) -> bool:
    return g.shop.switches.on("refuse_blank_last_name") and not values.get("ShipmentLastName", "").strip()


def _row(part: Part, order: Record, row_id: int) -> Record | None:
    return next((row for row in order[part.list_key] if row[part.id_key] == row_id), None)


def _merge(shop: Shop, part: Part, order: Record, body: Record) -> dict[str, Any]:
    given = str(payloads.pick(body, part.id_key) if payloads.pick(body, part.id_key) is not None else "")
    row = _row(part, order, int(given)) if given.isdigit() else None
    if row is None:
        return answers.written(part.id_key, given, 404, "not found")
    try:
        values = payloads.clean(shop, part.shape, body)
    except shapes.Unfit as error:
        return answers.written(part.id_key, given, 400, str(error))
    if not _shipment_exists(order, values):
        return answers.written(part.id_key, given, 400, "ItemShipmentID does not exist")
    row.update(values)
    if part.id_key == "ShipmentID":
        row["ShipmentLastUpdate"] = shop.now()
        _follow_status(order, row, values)
    return answers.written(part.id_key, given, 200, answers.UPDATED)


def _shipment_exists(order: Record, values: Record) -> bool:
    known = {shipment["ShipmentID"] for shipment in order["ShipmentList"]}
    return values.get("ItemShipmentID", next(iter(known))) in known


def _follow_status(order: Record, row: Record, values: Record) -> None:
    """The main shipment and the order are one row, so its status is the order's."""
    if "ShipmentOrderStatus" in values and row is orders.main_shipment(order):
        order["OrderStatusID"] = values["ShipmentOrderStatus"]


def _save(part: Part, before: Record, after: Record, entries: list[dict[str, Any]]) -> Response | None:
    """Store the change; an answer comes back only when the store refuses the new status."""
    try:
        orders.change_order(g.shop, before, after, by="API")
    except statuses.RefusedMove as error:
        return written_or_refused(answers.written(part.id_key, entries[0]["Value"], 400, str(error)))
    return None
