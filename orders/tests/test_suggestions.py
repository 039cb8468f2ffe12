"""What a line that nobody knows may be: proposals from partners' goods, nothing of strangers', and no more work on a large catalogue than on a small one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog import search
from catalog.models import Product
from orders.suggestions import Suggestion, search_goods, suggest
from orders.tests.factories import Trade, trade
from orders.tests.test_pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    """Lanterns of three sizes, with names."""
    made = trade("85123A", "85123B", "22423")
    for sku, name in (("85123A", "Red Lantern"), ("85123B", "Blue Lantern"), ("22423", "Regency Cakestand")):
        Product.objects.filter(variants=made.goods[sku]).update(name=name)
    search.rebuild()
    return made


def test_a_slip_in_the_sku_leads_to_the_goods_meant(pair):
    best, *_ = suggest(pair.retailer, sku="85123-a", name="")
    assert best.variant_id == pair.goods["85123A"].pk
    assert best.supplier == pair.supplier.name


def test_a_name_leads_to_the_goods_where_the_sku_says_nothing(pair):
    best, *_ = suggest(pair.retailer, sku="", name="cakestand regency")
    assert (best.sku, best.why) == ("22423", "same name")


def test_searching_finds_by_sku_first_and_forgives_a_slip_in_a_name(pair):
    assert [one.sku for one in search_goods(pair.retailer, "85123B")][0] == "85123B"
    assert {one.sku for one in search_goods(pair.retailer, "lantren")} == {"85123A", "85123B"}
    assert search_goods(pair.retailer, "xylophone") == []


def test_goods_of_others_are_proposed_to_nobody(pair):
    others = trade("85123C")
    search.rebuild()
    assert all(one.variant_id != others.goods["85123C"].pk for one in suggest(pair.retailer, sku="85123C", name=""))
    assert search_goods(others.retailer, "lantern") == []


def test_entering_an_order_offers_the_goods_in_the_order_of_their_skus(pair):
    text = client_of(pair.retailer).get(reverse("order-enter")).content.decode()
    places = [text.index(f'value="{sku}"') for sku in ("22423", "85123A", "85123B")]
    assert places == sorted(places)


def test_neither_reads_more_for_more_goods(pair):
    many = trade(*(f"85123-{number}" for number in range(40)))
    Product.objects.filter(company=many.supplier).update(name="Red Lantern")
    search.rebuild()
    for ask in (lambda one: suggest(one.retailer, sku="85123-a", name="lantern"), _looked_for):
        _statements(ask, pair)  # What is read once in a process is read here.
        assert _statements(ask, many) <= _statements(ask, pair)


def _looked_for(one: Trade) -> list[Suggestion]:
    return search_goods(one.retailer, "lantern")


def _statements(ask: Callable[[Trade], list[Suggestion]], one: Trade) -> int:
    """How many statements it takes; something must be found, or they would say nothing."""
    with CaptureQueriesContext(connection) as queries:
        assert ask(one)
    return len(queries)
