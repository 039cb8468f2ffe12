"""Rows of the books without a store behind them."""

from __future__ import annotations

from typing import Any

from channels.models import Difference, Integration, Reconciliation
from channels.tests.factories import make_integration
from portal.lib import clock

_LINE = {"opening": [2, "50"], "in": [1, "25"], "out": [0, "0"], "closing": [3, "75"]}
BOOK = {
    "ours": _LINE,
    "theirs": _LINE,
    "differing": [0, "0"],
    "moving": [0, "0"],
    "compared": 3,
    "differences": 0,
    "on_the_way": 0,
    "is_money": True,
    "is_whole": True,
    "book": "orders",
}


def make_reconciliation(integration: Integration, **fields: Any) -> Reconciliation:
    """A finished reconciliation in which the books of orders agree."""
    values = {"result": "agrees", "finished_at": clock.now(), "books": {"orders": BOOK}, "compared": 3, **fields}
    return Reconciliation.objects.create(integration=integration, **values)


def make_difference(integration: Integration | None = None, **fields: Any) -> Difference:
    """An order that only the store has."""
    integration = integration or make_integration()
    values: dict[str, Any] = {
        "book": "orders",
        "kind": "order_not_here",
        "key": f"remote-{Difference.objects.count() + 1}",
        "name": "Order 1001",
        "theirs": "£25.00",
        "remote_id": "1001",
        **fields,
    }
    seen_in = Reconciliation.objects.filter(integration=integration).first() or make_reconciliation(
        integration, result="differs"
    )
    return Difference.objects.create(integration=integration, seen_in=seen_in, **values)
