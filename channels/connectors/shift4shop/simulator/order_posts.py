"""POST /Orders: what the service demands of a new order, and what becomes of it (section 4.3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from channels.connectors.shift4shop.simulator import answers, orders, payloads, products, shapes, statuses
from channels.connectors.shift4shop.simulator.shapes import Record
from channels.connectors.shift4shop.simulator.world import Shop


def create_order(shop: Shop, body: Record, *, bypass_processing: bool, bypass_email: bool) -> Record:
    """Check and store an order written by an app; a missing part ends the call with 400.

    The caller gives the totals, they are not computed. Without the two switches stock is taken and the customer hears
    of the order by mail.
    """
    try:
        values = _cleaned(shop, body)
    except shapes.Unfit as error:
        answers.refuse(str(error), key="OrderID")
        raise
    complaint = _complaint(shop, values)
    if complaint:
        answers.refuse(complaint, key="OrderID")
    order = orders.add_order(shop, values, by="API", take_stock=not bypass_processing)
    if not bypass_email:
        send_mail(shop, order)
    return order


def send_mail(shop: Shop, order: Record) -> None:
    """Note that the customer was written to; this shop sends no real mail."""
    number = shop.next_number("mails")
    mail = {"id": number, "order": order["OrderID"], "to": order["BillingEmail"], "at": shop.now()}
    shop.put("mails", number, mail)


def _cleaned(shop: Shop, body: Record) -> Record:
    values = payloads.clean(shop, shapes.ORDER, body)
    for name in ("OrderID", "TransactionList", "QuestionList", "LastUpdate", "ContinueURL", "UserID"):
        values.pop(name, None)
    if not shop.switches.on("keep_alternate_order_id"):
        values.pop("AlternateOrderID", None)
    values["ShipmentList"] = _rows(shop, shapes.SHIPMENT, values.get("ShipmentList", []))
    values["OrderItemList"] = _rows(shop, shapes.ITEM, values.get("OrderItemList", []))
    return values


def _rows(shop: Shop, shape: shapes.Shape, rows: list[Any]) -> list[Record]:
    if not all(isinstance(row, dict) for row in rows):
        raise shapes.Unfit("a list takes objects")
    return [payloads.clean(shop, shape, row) for row in rows]


def _complaint(shop: Shop, values: Record) -> str:
    """The first thing the service has against the order, or an empty text."""
    status = values.get("OrderStatusID", statuses.NEW)
    checks = (
        (lambda: not shop.get("customers", values.get("CustomerID", 0)), "CustomerID is required"),
        (lambda: not values.get("BillingPaymentMethodID"), "BillingPaymentMethodID is required"),
        (lambda: _payment_unknown(shop, values), "BillingPaymentMethodID does not exist"),
        (lambda: not values["OrderItemList"], "OrderItemList is required"),
        (lambda: not all(line.get("CatalogID") for line in values["OrderItemList"]), "CatalogID is required"),
        (lambda: _goods_unknown(shop, values), "CatalogID does not exist"),
        (lambda: status not in statuses.DEFINITIONS, "OrderStatusID does not exist"),
        (lambda: _is_duplicate(shop, values), "InvoiceNumber already exists"),
        (lambda: _sum_is_wrong(shop, values), "OrderAmount does not match"),
    )
    return next((sentence for is_wrong, sentence in checks if is_wrong()), "")


def _payment_unknown(shop: Shop, values: Record) -> bool:
    known = shop.document["payment_methods"]
    return shop.switches.on("check_payment_method") and values["BillingPaymentMethodID"] not in known


def _goods_unknown(shop: Shop, values: Record) -> bool:
    if shop.switches.text("unknown_catalog_id") == "accept":
        return False
    return not all(products.get_product(shop, line["CatalogID"]) for line in values["OrderItemList"])


def _is_duplicate(shop: Shop, values: Record) -> bool:
    if shop.switches.text("duplicate_invoice") == "accept" or not values.get("InvoiceNumber"):
        return False
    prefix = values.get("InvoiceNumberPrefix", "").lower()
    where = [("_number", "=", values["InvoiceNumber"]), ("_prefix", "=", prefix)]
    return shop.first("orders", where=where) is not None


def _sum_is_wrong(shop: Shop, values: Record) -> bool:
    if shop.switches.text("order_amount_mismatch") == "accept":
        return False
    draft = shapes.arranged(shapes.ORDER, values)
    draft["ShipmentList"] = [shapes.arranged(shapes.SHIPMENT, row) for row in values["ShipmentList"]]
    draft["OrderItemList"] = [shapes.arranged(shapes.ITEM, row) for row in values["OrderItemList"]]
    return orders.total_of(draft) != Decimal(str(draft["OrderAmount"])).quantize(Decimal("0.01"))
