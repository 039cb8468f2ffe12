"""What a search finds, in which order, and that it keeps to whose goods they are."""

from __future__ import annotations

import pytest

from catalog.models import Product
from catalog.search import catch_up, drop, ensure, find, in_order, rebuild, waiting
from catalog.search import index as search_index
from catalog.services import apply_products
from catalog.tests.factories import ProductFactory, VariantFactory, product_data
from portal.companies.tests.factories import SupplierFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplier():
    return SupplierFactory()


def goods(supplier, name: str, sku: str = "", **fields):
    return VariantFactory(product__company=supplier, product__name=name, sku=sku or name[:8], **fields).product


def names(supplier, text: str) -> list[str]:
    """What ``text`` finds among the supplier's goods, best first."""
    mine = Product.objects.filter(company=supplier)
    found = find(mine, text, company_ids=[supplier.pk])
    return [product.name for product in in_order(mine, found).order_by("found_at")]


def test_an_exact_sku_comes_before_its_beginnings_and_these_before_words(supplier):
    goods(supplier, "Card 85123 of birds", "CARD-1")
    goods(supplier, "Heart holder, cream", "85123A")
    goods(supplier, "Heart holder", "85123")
    assert names(supplier, "85123") == ["Heart holder", "Heart holder, cream", "Card 85123 of birds"]


def test_a_barcode_is_found_whole(supplier):
    goods(supplier, "Lantern", barcode="5012345678900")
    assert names(supplier, "5012345678900") == ["Lantern"]


def test_every_word_must_be_there_in_any_order_and_also_inside_words(supplier):
    goods(supplier, "Regency cakestand 3 tier")
    goods(supplier, "Regency teacup")
    assert names(supplier, "stand regency") == ["Regency cakestand 3 tier"]


def test_names_that_begin_with_what_was_typed_come_first(supplier):
    goods(supplier, "Holder for a white lantern")
    goods(supplier, "White lantern")
    assert names(supplier, "white lantern")[0] == "White lantern"


@pytest.mark.parametrize("typed", ["lantren", "lanterm", "lanten", "latern", "Lanterns"])
def test_a_slip_of_the_finger_is_forgiven_and_said(supplier, typed):
    goods(supplier, "White metal lantern")
    goods(supplier, "Cake tin")
    assert names(supplier, typed) == ["White metal lantern"]
    assert find(Product.objects.all(), typed, company_ids=[supplier.pk]).instead == ("lantern",)


def test_a_code_is_not_taken_for_a_slip(supplier):
    goods(supplier, "Lantern", "AB1234")
    assert names(supplier, "AB1235") == []


def test_case_and_accents_do_not_matter(supplier):
    goods(supplier, "Crème brûlée dish")
    assert names(supplier, "CREME brulee") == ["Crème brûlée dish"]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", '"', "' OR 1=1 --", "* AND (", "a", "\x00", "\\", "x" * 500])
def test_nothing_that_can_be_typed_breaks_it(supplier, typed):
    goods(supplier, "Lantern")
    assert names(supplier, typed) in ([], ["Lantern"])


def test_others_goods_and_words_are_neither_found_nor_suggested(supplier):
    goods(SupplierFactory(), "White metal lantern")
    found = find(Product.objects.all(), "lantren", company_ids=[supplier.pk])
    assert (found.ids, found.instead) == ((), ())


def test_only_what_passes_the_filters_is_found_however_many_match(supplier, monkeypatch):
    monkeypatch.setattr("catalog.search.finding.CHUNK", 2)
    for n in range(5):
        goods(supplier, f"Lantern {n}", f"L-{n}")
    only = ProductFactory(company=supplier, name="Lantern of brass", brand="Brass")
    found = find(Product.objects.filter(brand="Brass"), "lantern", company_ids=[supplier.pk])
    assert found.ids == (only.pk,)


def test_the_set_based_writer_keeps_the_index_true(supplier):
    applied = apply_products(supplier, [product_data(name="Jam jar")], currency="GBP")
    assert names(supplier, "jar") == ["Jam jar"]
    product_id, variant_ids = applied.ids["p1"]
    again = product_data(name="Tea pot", product_id=product_id)
    apply_products(supplier, [again], currency="GBP")
    assert names(supplier, "jar") == []
    assert names(supplier, "pot") == ["Tea pot"]


def test_a_first_load_waits_for_the_job_which_may_run_twice(supplier, monkeypatch):
    monkeypatch.setattr(search_index, "AT_ONCE", 1)
    many = [product_data(f"p{n}", name=f"Lantern {n}", skus=(f"L-{n}",)) for n in range(3)]
    apply_products(supplier, many, currency="GBP")
    assert waiting.are_any()
    assert catch_up() == 3
    assert catch_up() == 0
    assert len(names(supplier, "lantern")) == 3


def test_removed_products_leave_the_index(supplier):
    product = goods(supplier, "Lantern")
    product.delete()
    assert names(supplier, "lantern") == []


def test_the_index_can_be_dropped_made_and_rebuilt(supplier):
    goods(supplier, "Lantern")
    drop()
    assert ensure() == ""
    assert ensure() == ""
    assert names(supplier, "lantren") == ["Lantern"]
    assert rebuild() == 1
    assert names(supplier, "lantern") == ["Lantern"]


def test_a_search_costs_a_bounded_number_of_statements(supplier, django_assert_max_num_queries):
    for n in range(20):
        goods(supplier, f"Lantern {n}", f"L-{n}")
    with django_assert_max_num_queries(12):
        assert len(find(Product.objects.all(), "lantern", company_ids=[supplier.pk]).ids) == 20
