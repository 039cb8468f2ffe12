"""A supplier without a store trades from a product file."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.files import services
from catalog.files.tests.files import csv_file, take, take_in, wrong, xlsx_file
from catalog.models import ImportState, Product, StockLevel, Variant
from catalog.selectors import available
from catalog.services import create_price_list, deactivate_products
from catalog.tests.factories import VariantFactory

HEAD = "SKU,Name,Product code,Option 1 name,Option 1,Retail price,Cost,Stock"


@pytest.fixture
def company(kingsway):
    return kingsway


def test_new_skus_become_products_with_variants_prices_and_stock(company):
    file = take_in(
        company,
        csv_file(
            HEAD,
            "84029E,Hand warmer,84029,Colour,Red,2.10,0.85,60",
            "84029G,Hand warmer,84029,Colour,Green,2.10,0.85,12",
            "22423,Regency cakestand,,,,12.75,6.90,",
        ),
    )
    assert file.state == ImportState.DONE
    assert file.counts["create"] == 3
    assert Product.objects.filter(company=company).count() == 2
    red = Variant.objects.get(sku="84029E")
    assert (red.product.variants.count(), red.name, red.price, red.currency) == (2, "Red", Decimal("2.10"), "GBP")
    assert available([red.pk]) == {red.pk: 60}


def test_the_same_file_again_changes_nothing(company):
    upload = csv_file(HEAD, "84029E,Hand warmer,84029,Colour,Red,2.10,0.85,60", "22423,Cakestand,,,,12.75,6.90,3")
    take_in(company, upload)
    before = list(Variant.objects.values_list("pk", "updated_at"))
    again = take(company, upload)
    assert again.counts == {"unchanged": 2, "issues": 0}
    services.apply(again)
    services.apply(again)
    assert list(Variant.objects.values_list("pk", "updated_at")) == before


def test_the_dry_run_says_what_would_change_and_changes_nothing(company):
    variant = VariantFactory(product__company=company, sku="22423", price=Decimal("12.75"), cost=Decimal("6.90"))
    file = take(company, csv_file("SKU,Price", "22423,13.50", "99999,1.00"))
    assert file.state == ImportState.CHECKED
    assert file.counts["update"] == 1
    assert file.sample[0]["changes"] == [["Retail price", "£12.75", "£13.50"]]
    assert wrong(file) == [(3, "Name", "A new product needs a name.")]
    variant.refresh_from_db()
    assert variant.price == Decimal("12.75")


def test_missing_columns_and_empty_cells_leave_what_is_there(company):
    variant = VariantFactory(product__company=company, sku="22423", cost=Decimal("6.90"), barcode="5012345678900")
    sister = VariantFactory(product=variant.product, sku="22424")
    take_in(company, csv_file("SKU,Name,Retail price,Cost", "22423,,13.50,"))
    variant.refresh_from_db()
    sister.refresh_from_db()
    assert (variant.price, variant.cost, variant.barcode) == (Decimal("13.50"), Decimal("6.90"), "5012345678900")
    assert sister.is_active


def test_prices_in_force_follow_a_product_file(company):
    take_in(company, csv_file("SKU,Name,Retail price", "22423,Cakestand,10.00"))
    price_list = create_price_list(company, name="Trade", percent_off=Decimal(20))
    take_in(company, csv_file("SKU,Retail price", "22423,20.00"))
    assert price_list.prices.get(valid_until=None).amount == Decimal(16)


def test_a_second_file_adds_variants_to_the_product_of_that_name(company):
    take_in(company, csv_file(HEAD, "84029E,Hand warmer,84029,Colour,Red,2.10,,"))
    take_in(company, csv_file(HEAD, "84029G,Hand warmer,84029,Colour,Green,2.10,,"))
    assert Product.objects.get(company=company).variants.filter(is_active=True).count() == 2


def test_a_row_can_take_goods_out_of_trade_and_back(company):
    take_in(company, csv_file("SKU,Name,Active", "22423,Cakestand,yes"))
    take_in(company, csv_file("SKU,Active", "22423,no"))
    assert not Product.objects.get(company=company).is_active
    take_in(company, csv_file("SKU,Active", "22423,yes"))
    assert Product.objects.get(company=company).is_active
    assert Variant.objects.get(sku="22423").is_active


def test_a_price_leaves_goods_out_of_trade_that_are_out_of_trade(company):
    variant = VariantFactory(product__company=company, sku="22423")
    deactivate_products(company, [variant.product_id])
    take_in(company, csv_file("SKU,Price", "22423,99"))
    variant.product.refresh_from_db()
    assert not variant.product.is_active


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("1.23E+11,Cakestand,1", "SKU", "looks like a damaged SKU"),
        (",Cakestand,1", "SKU", "SKU is empty."),
        ("22423,Cakestand,-3", "Retail price", "-3 is below 0."),
        ("22423,Cakestand,twelve", "Retail price", "is not a number with a decimal point"),
        ("22423,Cakestand,#REF!", "Retail price", "is not a number"),
        ('22423,Cakestand,"12,75"', "Retail price", "is not a number with a decimal point"),
        ("22423,Cakestand,99999999999", "Retail price", "is larger than any price"),
        (f"{'9' * 300},Cakestand,1", "SKU", "This is 300 characters long; 255 fit."),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_what_is_wrong(company, row, column, sentence):
    file = take(company, csv_file("SKU,Name,Retail price", "84029E,Hand warmer,2.10", row))
    (line, where, said), *_ = wrong(file)
    assert (line, where) == (3, column)
    assert sentence in said
    assert file.counts["refused"] == 1
    services.apply(file)
    assert list(Variant.objects.values_list("sku", flat=True)) == ["84029E"]


def test_a_sku_that_stands_twice_counts_once(company):
    file = take(company, csv_file("SKU,Name", "22423,Cakestand", "22423 ,Another"))
    assert wrong(file) == [(3, "SKU", "This SKU stands in row 2 already.")]


def test_goods_that_share_a_sku_are_told_apart_by_a_person(company):
    for _n in range(2):
        VariantFactory(product__company=company, sku="22423")
    file = take(company, csv_file("SKU,Price", "22423,5"))
    assert wrong(file) == [(2, "SKU", "2 of your products have this SKU.")]


def test_another_companys_goods_are_never_touched(company, acme):
    theirs = VariantFactory(product__company=acme, sku="22423", price=Decimal(5))
    take_in(company, csv_file("SKU,Name,Price", "22423,Ours,7"))
    theirs.refresh_from_db()
    assert theirs.price == Decimal(5)
    assert Variant.objects.get(company=company).price == Decimal(7)


def test_a_workbook_is_read_like_a_csv(company):
    file = take_in(
        company,
        xlsx_file(["SKU", "Name", "Retail price", "Stock"], [22423, "Cakestand", 12.75, 8], ["022424", "Mug", 3, None]),
    )
    assert file.state == ImportState.DONE
    assert set(Variant.objects.values_list("sku", flat=True)) == {"22423", "022424"}
    assert StockLevel.objects.get().on_hand == 8
