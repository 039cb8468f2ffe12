"""What only the supplier can mend is among the supplier's own problems: in its words, with the way to its price list, over when it is mended."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import EffectivePrice, PriceListAssignment, Variant, sku_key
from catalog.services import assign_price_list
from catalog.tests.factories import VariantFactory
from channels import supplier_told
from channels.models import Problem
from orders.data import Actor
from orders.models import Order, OrderState
from orders.services import cancel_order_before_sending
from orders.tests.factories import Trade, line, trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> Trade:
    return trade("85123A", "22423")


def forget_prices(pair: Trade, *skus: str) -> None:
    EffectivePrice.objects.filter(variant__in=[pair.goods[sku].pk for sku in skus]).delete()


def order(pair: Trade, *skus: str, number: str = "1001") -> Order:
    lines = [line(sku, variant=pair.goods[sku]) for sku in skus]
    return pair.place(*lines, number=number, source_id=number).order


def told(pair: Trade) -> list[Problem]:
    return list(Problem.objects.filter(company=pair.supplier, state="open").order_by("pk"))


def test_products_without_a_price_are_told_to_the_supplier_once_each_and_to_the_retailer_an_order(pair):
    forget_prices(pair, "85123A", "22423")
    for number in ("1001", "1002", "1003"):
        order(pair, "85123A", "22423", number=number)
    assert [(row.code, row.record_type) for row in told(pair)] == [("no_price", "variant")] * 2
    assert len({row.cause_key for row in told(pair)}) == 1
    assert Problem.objects.filter(company=pair.retailer, state="open").count() == 3
    sentence = told(pair)[0].sentence
    assert "your list “Trade autumn”" in sentence
    assert pair.retailer.name in sentence
    assert not any(
        word in " ".join(row.sentence + row.detail for row in told(pair)) for word in ("Hannah", "1001", "£")
    )


def test_the_supplier_acts_and_one_click_leads_to_the_product_on_its_list(pair, login):
    forget_prices(pair, "85123A")
    order(pair, "85123A")
    (row,) = told(pair)
    page = login(pair.supplier).get(reverse("problem", args=[row.pk])).content.decode()
    assert "Who acts: You" in page
    (address,) = re.findall(r'<a class="btn primary" href="([^"]+)"', page)
    assert address == f"{reverse('price-list', args=[pair.price_list.pk])}?q=85123A"


def test_a_sku_with_a_blank_in_it_leads_to_its_own_product(pair, login):
    forget_prices(pair, "85123A")
    order(pair, "85123A")
    (row,) = told(pair)
    Variant.objects.filter(pk=row.record_id).update(sku="85123 A", sku_key=sku_key("85123 A"))
    page = login(pair.supplier).get(reverse("problem", args=[row.pk])).content.decode()
    assert f"{reverse('price-list', args=[pair.price_list.pk])}?q=85123+A" in page


def test_the_retailer_sees_nothing_of_the_suppliers_problem_and_a_stranger_neither(pair, login, stranger):
    forget_prices(pair, "85123A")
    order(pair, "85123A")
    (row,) = told(pair)
    for company in (pair.retailer, stranger):
        assert login(company).get(reverse("problem", args=[row.pk])).status_code == 404


def test_it_is_over_when_a_price_is_set(pair):
    forget_prices(pair, "85123A", "22423")
    order(pair, "85123A", "22423")
    EffectivePrice.objects.create(
        price_list=pair.price_list, variant=pair.goods["85123A"], amount=Decimal(8), retail_amount=Decimal(10)
    )
    supplier_told.close_priced(pair.price_list.pk, [one.pk for one in pair.goods.values()])
    assert [row.record_id for row in told(pair)] == [pair.goods["22423"].pk]


def test_it_is_over_when_no_order_waits_for_it_any_more_and_not_before(pair):
    forget_prices(pair, "85123A")
    first, second = order(pair, "85123A", number="1"), order(pair, "85123A", number="2")
    cancel_order_before_sending(first, actor=Actor(), reason="The customer changed her mind.")
    assert len(told(pair)) == 1
    cancel_order_before_sending(second, actor=Actor(), reason="The customer changed her mind.")
    assert told(pair) == []


def test_a_missing_list_is_told_with_the_partner_and_over_once_one_is_assigned(
    pair, django_capture_on_commit_callbacks
):
    PriceListAssignment.objects.all().delete()
    held = order(pair, "85123A", "22423")
    (row,) = told(pair)
    assert (row.code, row.record_type, row.record_name) == ("no_price_list", "partnership", pair.retailer.name)
    with django_capture_on_commit_callbacks(execute=True):
        assign_price_list(pair.partnership, pair.price_list)
    assert told(pair) == []
    held.refresh_from_db()
    assert held.state == OrderState.ROUTED


def test_own_goods_of_a_company_that_is_both_are_told_once(pair):
    own = VariantFactory(product__company=pair.retailer, sku="OWN-1")
    held = pair.place(line("OWN-1", variant=own)).order
    assert Problem.objects.filter(record_type__in=("variant", "partnership")).count() == 0
    assert held.company == pair.retailer
