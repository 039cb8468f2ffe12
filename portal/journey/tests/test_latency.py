"""How long orders were on their way, from facts that the journey itself noted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from orders.models import SupplierOrder
from orders.tests.factories import trade
from portal.journey import latency
from portal.lib import clock


def test_median_and_p95_are_those_of_the_orders_that_arrived():
    assert latency.of([1.0, 2.0, 9.0]) == latency.Latency(orders=3, median=2.0, p95=pytest.approx(8.3))


@pytest.mark.django_db
def test_only_orders_that_reached_the_supplier_count():
    clicked, pair = clock.now(), trade()
    for seconds, number in ((2, "a"), (4, "b"), (None, "c")):
        part = pair.supplier_order(source_id=number, number=number)
        sent_at = clicked + timedelta(seconds=seconds) if seconds else None
        SupplierOrder.objects.filter(pk=part.pk).update(sent_at=sent_at)

    assert latency.order_to_supplier(pair.supplier, dict.fromkeys("abc", clicked)).median == 3.0
    assert latency.order_to_supplier(pair.supplier, {"b": clicked, "c": clicked}) is None
