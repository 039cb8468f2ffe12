"""Orders of the cast: Acme's customers buy what Kingsway ships."""

from __future__ import annotations

from decimal import Decimal

from catalog.services import assign_price_list, choose, create_price_list
from catalog.tests.factories import VariantFactory
from orders.data import Actor, ShipmentData
from orders.models import SupplierOrder
from orders.services import record_shipment
from orders.tests.factories import Trade
from portal.tests.examples.base import Cast, Example, Maker


def _placed(cast: Cast) -> SupplierOrder:
    variant = VariantFactory(product__company=cast.kingsway, sku="85123A", price=Decimal(10))
    price_list = create_price_list(cast.kingsway, name="Trade", percent_off=Decimal(20))
    assign_price_list(cast.partnership, price_list)
    choose(cast.acme, partnership=cast.partnership, variant_ids=[variant.pk])
    return Trade(cast.partnership, price_list, {variant.sku: variant}).supplier_order()


def _order(cast: Cast) -> Example:
    return Example(cast.acme, {"pk": _placed(cast).order_id})


def _line(cast: Cast) -> Example:
    order = _placed(cast).order
    return Example(cast.acme, {"pk": order.pk, "line_id": order.lines.get().pk})


def _supplier_order(cast: Cast) -> Example:
    return Example(cast.kingsway, {"reference": _placed(cast).reference})


def _part(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": _placed(cast).pk})


def _shipment(cast: Cast) -> Example:
    parcel = ShipmentData(source_key="p1", source="portal", carrier="UPS", tracking_number="1Z1")
    shipment, _ = record_shipment(_placed(cast), parcel, Actor(kind="store", name="Kingsway store"))
    return Example(cast.kingsway, {"pk": shipment.pk})


EXAMPLES: dict[str, Maker] = {
    "api:order-detail": _order,
    "api:supplier-order-detail": _part,
    "api:supplier-order-accept": _part,
    "api:shipment-detail": _shipment,
    "order": _order,
    "order-match": _line,
    "order-release": _order,
    "order-cancel": _order,
    "order-note": _order,
    "supplier-order": _supplier_order,
    "supplier-order-accept": _supplier_order,
    "supplier-order-ship": _supplier_order,
    "supplier-order-send-again": _supplier_order,
    "supplier-order-note": _supplier_order,
    "supplier-order-slip": _supplier_order,
}
