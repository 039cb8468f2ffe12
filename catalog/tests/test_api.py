"""The catalogue's endpoints: what a key of each side reads and may do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from catalog.models import EffectivePrice, Listing, ListingState, Product, Variant
from catalog.services import choose
from catalog.tests.factories import StockLevelFactory, trading
from portal.companies.models import Company, Partnership
from portal.companies.tests.factories import RetailerFactory, make_key

pytestmark = pytest.mark.django_db
EVERYTHING = ("products:read", "listings:write", "prices:read")


class Program:
    """A program with a key of ``company``."""

    def __init__(self, company: Company, *scopes: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {make_key(company, *(scopes or EVERYTHING))}"})

    def get(self, path: str, **params: object) -> dict:
        return self.client.get(f"/api/v1/{path}", params).json()

    def send(self, method: str, path: str, **data: object):
        return getattr(self.client, method)(f"/api/v1/{path}", data, content_type="application/json")


@pytest.fixture
def partnership() -> Partnership:
    partnership = trading()
    StockLevelFactory(variant=Variant.objects.get(), on_hand=96)
    return partnership


def test_a_supplier_reads_its_products_with_variants_and_stock(partnership):
    product = Program(partnership.supplier).get("products/")["results"][0]
    assert product["id"] == Product.objects.get().pk
    assert [(v["price"], v["cost"], v["available"]) for v in product["variants"]] == [("12.7500", "6.9000", 96)]


def test_products_can_be_found_by_sku_whatever_its_case(partnership):
    Variant.objects.update(sku="AB1", sku_key="ab1")
    program = Program(partnership.supplier)
    assert len(program.get("products/", sku="aB1")["results"]) == 1
    assert program.get("products/", sku="other")["results"] == []


@pytest.mark.row("S4-28")
def test_a_retailer_reads_its_partners_goods_with_its_own_price_and_nothing_of_their_cost(partnership):
    offer = Program(partnership.retailer).get("offers/")["results"][0]
    assert (offer["price"], offer["suggested_price"], offer["available"]) == ("10.2000", "12.7500", 96)
    assert "cost" not in offer


def test_a_stranger_reads_nothing(partnership):
    stranger = Program(RetailerFactory())
    assert stranger.get("products/")["results"] == stranger.get("offers/")["results"] == []
    assert stranger.client.get(f"/api/v1/products/{Product.objects.get().pk}/").status_code == 404
    assert stranger.get("prices/")["results"] == []


def test_a_retailer_chooses_prices_stops_and_resumes_a_listing(partnership):
    program = Program(partnership.retailer)
    chosen = program.send("post", "listings/", variant_ids=[Variant.objects.get().pk])
    assert chosen.status_code == 201
    path = f"listings/{chosen.json()['created'][0]}/"
    priced = program.send("patch", path, retail_price="14.50").json()
    assert (priced["shelf_price"], priced["cost"]) == ("14.5000", "10.2000")
    assert program.send("post", f"{path}stop/").json()["state"] == ListingState.STOPPED
    assert program.send("post", f"{path}resume/").json()["is_active"] is True


def test_goods_that_are_not_offered_are_refused_by_number(partnership):
    answer = Program(RetailerFactory()).send("post", "listings/", product_ids=[Product.objects.get().pk]).json()
    assert (answer["created"], answer["refused"]) == ([], 1)


def test_a_key_that_may_only_read_cannot_choose(partnership):
    answer = Program(partnership.retailer, "listings:read").send("post", "listings/", variant_ids=[1])
    assert answer.status_code == 403
    assert "listings:write" in answer.json()["detail"]


def test_a_price_of_nothing_is_refused_with_a_sentence(partnership):
    choose(partnership.retailer, variant_ids=[Variant.objects.get().pk])
    answer = Program(partnership.retailer).send("patch", f"listings/{Listing.objects.get().pk}/", retail_price="0")
    assert answer.status_code == 400
    assert "above 0" in answer.json()["detail"]


def test_prices_in_force_come_with_the_sum_that_made_them(partnership):
    price = Program(partnership.supplier).get("prices/")["results"][0]
    assert (price["amount"], price["rule"], price["explanation"]["base"]) == ("10.2000", "List −20 %", "12.75")
    assert EffectivePrice.objects.get().amount == Decimal(price["amount"])


def test_fifty_offers_cost_few_queries(django_assert_max_num_queries):
    partnership = trading(goods=60)
    program = Program(partnership.retailer)
    program.get("offers/")
    with django_assert_max_num_queries(4):
        assert len(program.get("offers/")["results"]) == 50
