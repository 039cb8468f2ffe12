"""Orders of the cast: Acme's customers buy what Kingsway ships."""

from __future__ import annotations

from decimal import Decimal

from catalog.services import assign_price_list, choose, create_price_list
from catalog.tests.factories import VariantFactory
from orders.models import SupplierOrder
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


EXAMPLES: dict[str, Maker] = {
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
