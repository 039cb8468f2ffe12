"""Stock and prices from files."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.files import services
from catalog.files.tests.files import csv_file, take, take_in, wrong
from catalog.models import ImportState, PriceOverride, StockChange, StockLevel
from catalog.services import create_price_list, set_overrides
from catalog.services.publishing import publish_revision
from catalog.services.revisions import open_revision, set_policy
from catalog.tests.factories import StockLevelFactory, VariantFactory
from portal.lib.errors import DomainError


@pytest.fixture
def goods(kingsway):
    return [
        VariantFactory(product__company=kingsway, sku=sku, price=Decimal(10)) for sku in ("022423", "84029E", "84029G")
    ]


@pytest.fixture
def price_list(kingsway, goods):
    return create_price_list(kingsway, name="Trade", percent_off=Decimal(20))


def amounts(price_list):
    return dict(price_list.prices.filter(valid_until=None).values_list("variant__sku", "amount"))


def test_stock_follows_the_file_and_the_rest_stays(kingsway, goods):
    StockLevelFactory(variant=goods[1], on_hand=96)
    file = take_in(kingsway, csv_file("Stock code;Qty", "84029e;90", "84029G;0"), kind="stock")
    assert file.counts == {"update": 1, "create": 1, "issues": 0}
    assert dict(StockLevel.objects.values_list("variant__sku", "on_hand")) == {"84029E": 90, "84029G": 0}
    assert StockChange.objects.get().cause == "file"
    again = take_in(kingsway, csv_file("Stock code;Qty", "84029e;90", "84029G;0"), kind="stock")
    assert again.counts == {"unchanged": 2, "issues": 0}


def test_a_word_where_units_stand_is_answered_with_units_not_with_money(kingsway, goods):
    file = take(kingsway, csv_file("SKU,On hand", "84029E,plenty"), kind="stock")
    (issue,) = file.issues.all()
    assert "is not a number" in issue.wrong
    assert issue.todo == "Type a whole number such as 12."


def test_a_place_has_a_figure_of_its_own(kingsway, goods):
    take_in(kingsway, csv_file("SKU,On hand,Warehouse", "84029E,5,", "84029E,7,Leeds"), kind="stock")
    assert dict(StockLevel.objects.values_list("location__key", "on_hand")) == {"default": 5, "Leeds": 7}


def test_an_unknown_sku_is_refused_and_its_look_alike_named(kingsway, goods):
    file = take(kingsway, csv_file("SKU,On hand", "22423,5", "84029-E,5", "nope,1"), kind="stock")
    assert [said for _, _, said in wrong(file)] == [
        "No product has this SKU. 022423 looks like it.",
        "No product has this SKU. 84029E looks like it.",
        "No product has this SKU.",
    ]


@pytest.mark.parametrize("units", ["2.5", "-1", "lots", "99999999999"])
def test_units_are_whole_and_not_below_0(kingsway, goods, units):
    file = take(kingsway, csv_file("SKU,On hand", f"84029E,{units}"), kind="stock")
    assert file.counts["refused"] == 1


def test_prices_in_a_file_win_over_the_rule_until_they_are_undone(kingsway, price_list):
    set_overrides(price_list, {price_list.prices.get(variant__sku="84029G").variant_id: Decimal(7)})
    file = take_in(
        kingsway, csv_file("SKU,Price", "84029E,6.50", "84029G,7.25", "022423,8"), kind="prices", price_list=price_list
    )
    assert file.counts == {"update": 2, "unchanged": 1, "issues": 0}
    assert amounts(price_list) == {"84029E": Decimal("6.5"), "84029G": Decimal("7.25"), "022423": Decimal(8)}
    services.undo(file)
    services.undo(file)
    assert file.state == ImportState.UNDONE
    assert amounts(price_list) == {"84029E": Decimal(8), "84029G": Decimal(7), "022423": Decimal(8)}


def test_undo_leaves_what_somebody_changed_since(kingsway, price_list, goods):
    file = take_in(kingsway, csv_file("SKU,Price", "84029E,6.50", "84029G,6.50"), kind="prices", price_list=price_list)
    set_overrides(price_list, {goods[1].pk: Decimal(5)})
    services.undo(file)
    assert amounts(price_list)["84029E"] == Decimal(5)
    assert (file.counts["back"], file.counts["left"]) == (1, 1)


def test_the_word_rule_gives_a_price_back(kingsway, price_list, goods):
    set_overrides(price_list, {goods[1].pk: Decimal(5)})
    take_in(kingsway, csv_file("SKU,Price", "84029E,Rule"), kind="prices", price_list=price_list)
    assert not PriceOverride.objects.exists()
    assert amounts(price_list)["84029E"] == Decimal(8)


def test_a_price_in_another_currency_is_refused(kingsway, price_list):
    file = take(kingsway, csv_file("SKU,Price,Currency", "84029E,5,EUR"), kind="prices", price_list=price_list)
    assert wrong(file) == [(2, "Currency", "The price is in EUR; “Trade” is in GBP.")]


def test_prices_need_a_list_of_ones_own(kingsway, acme, goods):
    with pytest.raises(DomainError, match="Choose the price list"):
        services.receive(kingsway, csv_file("SKU,Price", "1,2"), kind="prices")
    with pytest.raises(DomainError, match="Choose the price list"):
        services.receive(
            acme, csv_file("SKU,Price", "1,2"), kind="prices", price_list=create_price_list(kingsway, name="T")
        )


def test_a_locked_price_is_refused(kingsway, price_list, goods):
    set_overrides(price_list, {goods[1].pk: Decimal(7)}, is_locked=True)
    file = take_in(kingsway, csv_file("SKU,Price", "84029E,5"), kind="prices", price_list=price_list)
    assert wrong(file) == [(2, "SKU", "The price of this SKU is locked on this list.")]
    assert amounts(price_list)["84029E"] == Decimal(7)


def test_where_prices_are_approved_a_file_fills_the_draft(kingsway, price_list, goods):
    set_policy(kingsway, share=10, move_percent=None)
    file = take_in(kingsway, csv_file("SKU,Price", "84029E,5", "84029G,6"), kind="prices", price_list=price_list)
    assert file.state == ImportState.DONE
    assert amounts(price_list) == {"84029E": Decimal(8), "84029G": Decimal(8), "022423": Decimal(8)}
    publish_revision(open_revision(price_list))
    assert amounts(price_list) == {"84029E": Decimal(5), "84029G": Decimal(6), "022423": Decimal(8)}
