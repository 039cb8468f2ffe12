"""The numbers beside the catalogue, and the ways to narrow it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog import facets
from catalog.data import StockData
from catalog.facets import count_facets
from catalog.models import PriceList, Product, Variant
from catalog.services import apply_stock, assign_price_list, choose, create_price_list, refresh_company_prices
from catalog.tests.factories import VariantFactory, trading
from catalog.visibility import offered_products
from portal.companies.models import Partnership
from portal.companies.tests.factories import PartnershipFactory, RetailerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    """Four products: two of Regency, one of Brass, one dear and in stock."""
    made = trading(goods=2)
    supplier = made.supplier
    brass = VariantFactory(product__company=supplier, product__brand="Brass", product__name="Brass lantern")
    dear = VariantFactory(product__company=supplier, product__name="Oak table", price=Decimal(200))
    refresh_company_prices(supplier, [brass.pk, dear.pk])
    apply_stock(supplier, [StockData(dear.pk, 4)])
    choose(made.retailer, variant_ids=[brass.pk])
    return made


def counts(company, products=None, **more) -> dict[str, dict[str, int]]:
    rows = offered_products(company) if products is None else products
    return {one.key: {value.label: value.count for value in one.values} for one in count_facets(company, rows, **more)}


def test_every_facet_counts_products_that_the_retailer_sees(partnership):
    VariantFactory(product__brand="Secret")
    found = counts(partnership.retailer)
    assert found["supplier"] == {partnership.supplier.name: 4}
    assert found["brand"] == {"Regency": 3, "Brass": 1}
    assert found["category"] == {"Kitchen and cake": 4}
    assert found["listed"] == {"Not listed": 3, "Listed": 1}
    assert found["stock"] == {"In stock": 1, "Low, under 10": 1}
    assert found["price"] == {"£5 to £20": 3, "£50 and more": 1}


def test_a_stranger_counts_nothing(partnership):
    assert counts(RetailerFactory()) == {}
    assert counts(RetailerFactory(), Product.objects.all(), keys=["price"]) == {}


def test_counts_are_bounded_and_say_so(partnership, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr(facets, "MOST", 2)
    with django_assert_max_num_queries(7):
        found = count_facets(partnership.retailer, offered_products(partnership.retailer))
    assert all(one.is_capped for one in found)
    assert next(one for one in found if one.key == "supplier").values[0].count == 2


def fragment(client, query: str = "") -> str:
    return client.get(f"{reverse('catalogue-facets')}{query}").content.decode()


def test_the_column_leads_to_the_narrowed_catalogue_and_back(partnership, login):
    client = login(partnership.retailer)
    assert "/catalogue/?brand=Brass" in fragment(client)
    text = fragment(client, "?brand=Brass")
    assert 'aria-current="true"' in text
    assert "brand=Brass&amp;brand=Regency" in text
    page = client.get(reverse("catalogue") + "?brand=Brass&price=5").content.decode()
    assert "Brass lantern" in page
    assert "Oak table" not in page


def test_the_column_follows_a_search_with_a_typo(partnership, login):
    text = fragment(login(partnership.retailer), "?q=lantren")
    assert "Brass" in text
    assert "Regency" not in text


def test_the_catalogue_finds_by_a_typo_says_so_and_puts_the_best_first(partnership, login):
    page = login(partnership.retailer).get(reverse("catalogue") + "?q=brass+lantren").content.decode()
    assert "Brass lantern" in page
    assert page.count("we looked for “lantern” too") == 1


def test_a_price_band_is_the_retailers_own_price(partnership, login):
    Variant.objects.filter(product__name="Oak table").update(price=Decimal(2))
    refresh_company_prices(partnership.supplier, [Variant.objects.get(product__name="Oak table").pk])
    page = login(partnership.retailer).get(reverse("catalogue") + "?price=0").content.decode()
    assert "Oak table" in page
    assert "Brass lantern" not in page


def test_another_partners_price_puts_nothing_into_a_band(partnership, login):
    dear = PartnershipFactory(supplier=partnership.supplier)
    price_list = create_price_list(partnership.supplier, name="Dear", percent_off=Decimal(-400))
    assign_price_list(dear, price_list)
    assert counts(partnership.retailer)["price"] == {"£5 to £20": 3, "£50 and more": 1}
    page = login(partnership.retailer).get(reverse("catalogue") + "?price=50").content.decode()
    assert "Brass lantern" not in page
    assert "Oak table" in page


def test_a_price_band_names_no_currency_where_offers_differ_in_it(partnership):
    euros = trading()
    Partnership.objects.filter(pk=euros.pk).update(retailer=partnership.retailer)
    PriceList.objects.filter(assignments__partnership=euros).update(currency="EUR")
    assert counts(partnership.retailer)["price"] == {"5 to 20": 4, "50 and more": 1}


def test_amounts_of_a_band_are_in_the_one_currency_of_all_offers(partnership):
    PriceList.objects.filter(assignments__partnership=partnership).update(currency="JPY")
    assert list(counts(partnership.retailer)["price"]) == ["JP¥5 to JP¥20", "JP¥50 and more"]
