"""Applying what a source says: once, twice, changed, gone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.data import Applied, ProductData
from catalog.models import EffectivePrice, PriceChange, Product, Variant
from catalog.services import apply_products, create_price_list, deactivate_products
from catalog.signals import products_changed
from catalog.tests.factories import product_data
from portal.companies.models import Company
from portal.companies.tests.factories import CompanyFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kingsway() -> Company:
    return CompanyFactory(name="Kingsway")


def known(item: ProductData, applied: Applied) -> ProductData:
    """``item`` as the next pull hands it over: with our ids, which the links remember."""
    product_id, variant_ids = applied.ids[item.key]
    variants = tuple(replace(v, variant_id=variant_ids.get(v.key)) for v in item.variants)
    return replace(item, product_id=product_id, variants=variants)


def apply(company: Company, *items: ProductData) -> Applied:
    return apply_products(company, items, currency="GBP")


def test_a_new_product_arrives_with_all_its_variants(kingsway):
    item = product_data(skus=("84029E", "84029G"), brand="Regency")
    applied = apply(kingsway, item)
    product = Product.objects.get()
    assert (product.company, product.name, product.brand) == (kingsway, "Regency cakestand", "Regency")
    assert [(v.sku, v.sku_key, v.price, v.currency) for v in product.variants.all()] == [
        ("84029E", "84029e", Decimal("12.75"), "GBP"),
        ("84029G", "84029g", Decimal("12.75"), "GBP"),
    ]
    assert applied.ids["p1"] == (product.pk, {v.sku and f"p1-{v.position}": v.pk for v in product.variants.all()})
    assert (applied.created, applied.updated, applied.unchanged) == (1, 0, 0)


def test_applying_the_same_twice_writes_nothing(kingsway):
    item = product_data(skus=("84029E", "84029G"))
    first = apply(kingsway, item)
    before = list(Variant.objects.values())
    heard = []
    products_changed.connect(lambda **kw: heard.append(kw), weak=False, dispatch_uid="test")
    again = apply(kingsway, known(item, first))
    products_changed.disconnect(dispatch_uid="test")
    assert (again.created, again.updated, again.unchanged, again.changed_variant_ids) == (0, 0, 1, ())
    assert list(Variant.objects.values()) == before
    assert heard == []


def test_a_changed_price_is_written_with_its_history(kingsway):
    item = product_data()
    first = apply(kingsway, item)
    dearer = known(item, first)
    dearer = replace(dearer, variants=(replace(dearer.variants[0], price=Decimal("13.95")),))
    applied = apply(kingsway, dearer)
    assert Variant.objects.get().price == Decimal("13.95")
    change = PriceChange.objects.get()
    assert (change.field, change.before, change.after) == ("price", Decimal("12.75"), Decimal("13.95"))
    assert applied.updated == 1


def test_a_variant_that_is_gone_at_the_source_becomes_inactive_and_stays(kingsway):
    item = product_data(skus=("84029E", "84029G"))
    first = apply(kingsway, item)
    left = known(item, first)
    apply(kingsway, replace(left, variants=left.variants[:1]))
    assert list(Variant.objects.order_by("sku").values_list("sku", "is_active")) == [
        ("84029E", True),
        ("84029G", False),
    ]


def test_a_product_of_another_company_is_never_touched(kingsway):
    theirs = apply(CompanyFactory(), product_data()).ids["p1"][0]
    ours = apply(kingsway, product_data(name="Stolen", product_id=theirs)).ids["p1"][0]
    assert ours != theirs
    assert Product.objects.get(pk=theirs).name == "Regency cakestand"


def test_two_variants_with_the_same_sku_and_one_without_are_all_kept(kingsway):
    apply(kingsway, product_data(skus=("22423", "22423", "")))
    assert sorted(Variant.objects.values_list("sku", flat=True)) == ["", "22423", "22423"]


def test_awkward_texts_are_kept_as_far_as_they_fit(kingsway):
    apply(kingsway, product_data(name="🍰" * 300, description="nul\x00 here", image_url="https://x/" + "a" * 2000))
    product = Product.objects.get()
    assert (product.name, product.description, product.image_url) == ("🍰" * 255, "nul here", "")


def test_options_in_another_order_are_no_change(kingsway):
    one = product_data()
    red = replace(one, variants=(replace(one.variants[0], options={"Size": "Large", "Colour": "Red"}),))
    first = apply(kingsway, red)
    turned = known(red, first)
    turned = replace(turned, variants=(replace(turned.variants[0], options={"Colour": "Red", "Size": "Large"}),))
    assert apply(kingsway, turned).unchanged == 1


def test_more_than_four_decimals_are_no_change_the_second_time(kingsway):
    one = product_data()
    odd = replace(one, variants=(replace(one.variants[0], price=Decimal("12.7512345"), weight=Decimal("0.333333")),))
    first = apply(kingsway, odd)
    assert apply(kingsway, known(odd, first)).unchanged == 1


def test_a_product_with_200_variants_arrives_whole(kingsway):
    apply(kingsway, product_data(skus=tuple(f"S{n}" for n in range(200))))
    assert Variant.objects.count() == 200


def test_the_number_of_statements_does_not_grow_with_the_chunk(kingsway):
    counts = []
    for size in (5, 500):
        with CaptureQueriesContext(connection) as queries:
            apply(kingsway, *(product_data(f"{size}-{n}") for n in range(size)))
        counts.append(len(queries))
    assert counts[1] <= counts[0]


def test_new_goods_get_a_price_on_lists_that_add_them_and_on_no_other(kingsway):
    adds = create_price_list(kingsway, name="Trade", percent_off=Decimal(20))
    create_price_list(kingsway, name="Closed", adds_new_products=False)
    apply(kingsway, product_data())
    price = EffectivePrice.objects.get()
    assert (price.price_list, price.amount, price.retail_amount) == (adds, Decimal("10.20"), Decimal("12.75"))


def test_deactivated_products_are_announced_once(kingsway):
    product_id = apply(kingsway, product_data()).ids["p1"][0]
    assert deactivate_products(kingsway, [product_id]) == [product_id]
    assert deactivate_products(kingsway, [product_id]) == []
    assert not Product.objects.get().is_active
