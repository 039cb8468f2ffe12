"""Long lists of offers are read another way than single offers and filtered lists: what they say must be the same."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from catalog.api import offers as api
from catalog.models import EffectivePrice, PriceListState, Reservation, Variant
from catalog.pricing import amount_of, price_of
from catalog.services.terms import inputs_of, terms_of
from catalog.tests.factories import StockLevelFactory, trading
from portal.companies.models import Company, PartnershipState
from portal.companies.tests.factories import RetailerFactory, make_key

pytestmark = pytest.mark.django_db


def answers(company: Company, *addresses: str) -> list[dict]:
    client = Client(headers={"Authorization": f"Bearer {make_key(company, 'products:read')}"})
    return [client.get(address).json() for address in addresses]


def walked(company: Company, size: int) -> list[dict]:
    """Every page by following next."""
    client = Client(headers={"Authorization": f"Bearer {make_key(company, 'products:read')}"})
    address, pages = f"/api/v1/offers/?page_size={size}", []
    while address:
        pages.append(client.get(address).json())
        address = pages[-1]["next"]
    return pages


@pytest.fixture
def partnership():
    partnership = trading(goods=7)
    first, second, *_ = Variant.objects.order_by("pk")
    StockLevelFactory(variant=first, on_hand=9)
    Reservation.objects.create(variant=first, key="order-1", quantity=2)
    Variant.objects.filter(pk=second.pk).update(options={"Size": "L", "Count": 3}, name="L & “large”")
    EffectivePrice.objects.filter(variant=second).update(breaks=[["10", "9.50"]], amount=Decimal("10.1234"))
    return partnership


def test_a_walked_page_says_what_the_serializer_says(partnership, monkeypatch):
    (walk,) = answers(partnership.retailer, "/api/v1/offers/")
    monkeypatch.setattr(api, "NARROWED", {"page_size"})
    (asked,) = answers(partnership.retailer, "/api/v1/offers/?page_size=50")
    assert walk["results"] == asked["results"]
    said = {row["id"]: row for row in walk["results"]}
    first, second = Variant.objects.order_by("pk")[:2]
    assert said[first.pk]["available"] == 7
    assert (said[second.pk]["price"], said[second.pk]["breaks"]) == ("10.1234", [["10", "9.50"]])
    assert said[second.pk]["options"] == {"Size": "L", "Count": "3"}


def test_pages_follow_each_other_without_gap_or_double_and_lead_back(partnership):
    pages = walked(partnership.retailer, 3)
    ids = [row["id"] for page in pages for row in page["results"]]
    assert ids == list(Variant.objects.order_by("-pk").values_list("pk", flat=True))
    (back,) = answers(partnership.retailer, pages[1]["previous"])
    assert back["results"] == pages[0]["results"]


def test_goods_of_two_partners_come_in_one_order(partnership):
    other = trading(goods=4)
    type(partnership).objects.filter(pk=other.pk).update(retailer=partnership.retailer)
    ids = [row["id"] for page in walked(partnership.retailer, 2) for row in page["results"]]
    assert ids == list(Variant.objects.order_by("-pk").values_list("pk", flat=True))
    assert {row.company_id for row in Variant.objects.filter(pk__in=ids)} == {
        partnership.supplier_id,
        other.supplier_id,
    }


def test_what_may_not_be_seen_is_not_walked(partnership):
    hidden = Variant.objects.order_by("pk").first()
    Variant.objects.filter(pk=hidden.pk).update(is_active=False)
    (page, stranger) = (
        answers(partnership.retailer, "/api/v1/offers/")[0],
        answers(RetailerFactory(), "/api/v1/offers/")[0],
    )
    assert hidden.pk not in {row["id"] for row in page["results"]}
    assert len(page["results"]) == 6
    assert stranger["results"] == []


@pytest.mark.parametrize("stop", ["ended", "drafted"])
def test_an_ended_partnership_or_a_list_that_is_not_live_shows_nothing(partnership, stop):
    if stop == "ended":
        type(partnership).objects.update(state=PartnershipState.ENDED)
    else:
        partnership.supplier.price_lists.update(state=PriceListState.DRAFT)
    assert answers(partnership.retailer, "/api/v1/offers/")[0]["results"] == []


def test_an_amount_alone_is_the_price_of_the_whole_sum(partnership):
    price_list = partnership.supplier.price_lists.get()
    terms, inputs = terms_of(price_list), inputs_of(price_list, None)
    for goods in inputs.goods.values():
        for override in (None, Decimal("3.10")):
            assert (
                amount_of(goods, terms=terms, override=override)
                == price_of(goods, terms=terms, override=override).amount
            )
