"""A retailer's own goods are left alone, also those made after the last walk over its catalogue."""

from __future__ import annotations

import pytest

from channels.tests.trading import DIRECTIONS, listed
from channels.tests.world import World
from orders.models import LineKind, Order, OrderState

pytestmark = pytest.mark.django_db
both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)


@both_directions
def test_new_own_goods_hold_no_order(world: World, supplier_kind: str, retailer_kind: str):
    trade = listed(world, supplier_kind=supplier_kind)
    trade.retailer_store.on_shelf({"name": "Own mug", "sku": "OWN-1", "price": "4.00", "stock": 5})
    trade.buy({"sku": "LAN-1", "quantity": 1, "price": "12.50"}, {"sku": "OWN-1", "quantity": 1, "price": "4.00"})
    trade.pull_orders()
    order = Order.objects.get()
    assert order.state == OrderState.ROUTED
    assert dict(order.lines.values_list("sku", "kind")) == {"LAN-1": LineKind.GOODS, "OWN-1": LineKind.OWN}


def test_free_lines_still_need_a_match(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    trade.buy({"name": "Something else", "quantity": 1, "price": "2.00"})
    trade.pull_orders()
    assert Order.objects.get().state == OrderState.NEEDS_MATCH
