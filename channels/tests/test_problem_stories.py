"""From a stuck order to a sent one through the Problems page, with real steps against simulated stores."""

from __future__ import annotations

import pytest
from django.urls import reverse

from catalog.models import Variant
from channels.models import Problem, ProblemState, VariantLink
from channels.tests.trading import DIRECTIONS, listed
from orders import services as orders
from orders.data import Actor
from orders.models import OrderLine, SupplierOrder, SupplierOrderState

pytestmark = pytest.mark.django_db
KINDS = [supplier for supplier, _ in DIRECTIONS]


@pytest.mark.row("S5-25")
@pytest.mark.parametrize("supplier_kind", KINDS)
def test_a_refused_order_is_mended_tried_again_and_made_exactly_once(world, login, supplier_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    link = VariantLink.objects.get(variant__sku="LAN-1", integration=trade.supplies)
    trade.buy()
    trade.pull_orders()
    VariantLink.objects.filter(pk=link.pk).delete()
    trade.push_orders()
    problem = Problem.objects.get(code="product_not_linked", state=ProblemState.OPEN)
    assert trade.made() == []

    link.save(force_insert=True)
    client = login(trade.supplier)
    assert problem.sentence in client.get(reverse("problems")).context["page"].groups[0].title
    for _ in range(2):
        client.post(reverse("problem-try-again", args=[problem.pk]))
        trade.push_orders()

    assert len(trade.made()) == 1
    assert SupplierOrder.objects.get().state == SupplierOrderState.SENT
    problem.refresh_from_db()
    assert (problem.state, problem.resolution) == (ProblemState.RESOLVED, "It went through.")


def test_an_unknown_sku_is_a_problem_at_once_and_gone_once_it_is_matched(world, login):
    trade = listed(world, supplier_kind="shift4shop")
    trade.buy({"sku": "LAN-9", "name": "Old lantern", "quantity": 1, "price": "12.50"})
    trade.pull_orders()
    client = login(trade.retailer)
    assert "LAN-9" in client.get(reverse("problems")).content.decode()

    lantern = Variant.objects.get(sku="LAN-1", company=trade.supplier)
    orders.match_line(OrderLine.objects.get(sku="LAN-9"), variant=lantern, actor=Actor())
    assert "Nothing is stuck" in client.get(reverse("problems")).content.decode()
    assert "The order goes on." in client.get(reverse("problems-resolved")).content.decode()
