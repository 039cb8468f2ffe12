"""Orders that wait for the same thing wait under one cause, whatever their stores call the goods."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import PriceListAssignment
from channels.models import Problem, ProblemState
from orders.services import recheck_order
from orders.tests.factories import line, trade

pytestmark = pytest.mark.django_db


def causes_of(company) -> dict[str, int]:
    """How many open problems each cause has."""
    found: dict[str, int] = {}
    for key in Problem.objects.filter(company=company, state=ProblemState.OPEN).values_list("cause_key", flat=True):
        found[key] = found.get(key, 0) + 1
    return found


def test_one_unknown_sku_under_two_names_and_in_two_spellings_is_one_cause():
    pair = trade("85123A")
    pair.place(line("LAN-9", name="Red lantern"), number="AC-1", source_id="1")
    pair.place(line("lan-9", name="Lantern, red"), number="AC-2", source_id="2")
    pair.place(line("LAN-8", name="Red lantern"), number="AC-3", source_id="3")
    assert causes_of(pair.retailer) == {"no_such_sku:lan-9": 2, "no_such_sku:lan-8": 1}


def test_totals_that_do_not_add_up_are_one_cause_however_much_they_differ_by():
    pair = trade("85123A")
    for number, total in (("1", Decimal(99)), ("2", Decimal(77))):
        pair.place(line(variant=pair.goods["85123A"]), number=f"AC-{number}", source_id=number, total=total)
    assert causes_of(pair.retailer) == {"order_sum:": 2}


def test_a_missing_price_list_is_one_cause_for_all_goods_of_the_supplier_and_ends_with_it():
    pair = trade("85123A", "22423")
    assignment = PriceListAssignment.objects.get()
    price_list, partnership = assignment.price_list, assignment.partnership
    assignment.delete()
    orders = [
        pair.place(line(sku, variant=pair.goods[sku]), number=f"AC-{sku}", source_id=sku).order for sku in pair.goods
    ]
    assert causes_of(pair.retailer) == {f"no_price_list:{pair.supplier.name}": 2}
    PriceListAssignment.objects.create(price_list=price_list, partnership=partnership)
    for order in orders:
        recheck_order(order.pk)
    assert causes_of(pair.retailer) == {}
