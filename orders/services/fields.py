"""From what a source says to the columns of our rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from orders.data import OrderData, OrderLineData
from orders.models import LineKind

# The columns keep four places.
STORED = Decimal("0.0001")


def fields_of(data: OrderData) -> dict[str, Any]:
    """The columns of an order that its source decides; texts are as received, cut only where the column ends."""
    return {
        "number": data.number[:60],
        "currency": data.currency,
        "subtotal": data.subtotal,
        "discount": data.discount,
        "tax": data.tax,
        "shipping": data.shipping,
        "total": data.total,
        "prices_include_tax": data.prices_include_tax,
        "customer_name": data.customer_name[:255],
        "customer_email": data.customer_email[:254],
        "ship_to": data.ship_to.to_json(),
        "bill_to": data.bill_to.to_json(),
        "shipping_method": data.shipping_method[:200],
        "comment": data.comment,
    }


def line_fields(line: OrderLineData, data: OrderData) -> dict[str, Any]:
    """The columns of an order line that its source decides. A quantity that is no whole number is kept as text too, and held."""
    whole = int(line.quantity)
    return {
        "source_line_id": line.source_line_id[:60],
        "kind": _kind(line),
        "sku": line.sku[:255],
        "name": line.name[:400],
        "quantity": whole,
        "quantity_as_received": "" if whole == line.quantity else str(line.quantity.normalize())[:30],
        "unit_price": line.unit_price.quantize(STORED),
        "discount": line.discount.quantize(STORED),
        "tax": line.tax.quantize(STORED),
        "total": line.total.quantize(STORED),
        "ship_to": _destination(line.source_line_id, data),
        "variant_id": None if line.is_own or line.is_charge else line.variant_id,
        "listing_id": None if line.is_own or line.is_charge else line.listing_id,
    }


def _kind(line: OrderLineData) -> str:
    if line.is_charge:
        return LineKind.CHARGE
    return LineKind.OWN if line.is_own else LineKind.GOODS


def _destination(source_line_id: str, data: OrderData) -> dict[str, str]:
    """The line's own address where the order has several; {} = the order's."""
    for address, line_ids in data.destinations:
        if source_line_id in line_ids:
            return {} if address == data.ship_to else address.to_json()
    return {}


def digest_of(data: OrderData) -> str:
    """A fingerprint of what matters to those who ship: lines, amounts, addresses, cancelled or not."""
    record = [data.is_cancelled, data.currency, _plain(data.total), data.ship_to.to_json(), _lines(data.lines)]
    record.append([[address.to_json(), list(ids)] for address, ids in data.destinations])
    return hashlib.sha1(json.dumps(record, sort_keys=True).encode(), usedforsecurity=False).hexdigest()


def _lines(lines: Sequence[OrderLineData]) -> list[list[str]]:
    return [
        [one.source_line_id, one.sku, _plain(one.quantity), _plain(one.unit_price), _plain(one.total)] for one in lines
    ]


def _plain(number: Decimal) -> str:
    """The same text for 2, 2.0 and 2.00."""
    return str(number.normalize())
