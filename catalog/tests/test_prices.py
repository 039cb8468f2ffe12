"""Prices in force: created, changed, kept as history, frozen by orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import EffectivePrice, PriceList, PriceRule, Variant
from catalog.selectors import partners_without_list, price_for_order
from catalog.services import (
    apply_products,
    assign_price_list,
    change_price_list,
    clear_overrides,
    create_price_list,
    refresh_prices,
    set_overrides,
    set_rules,
)
from catalog.signals import prices_changed
from catalog.tests.factories import VariantFactory, product_data, trading
from portal.companies.tests.factories import PartnershipFactory
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    """The variant ids of every ``prices_changed`` sent."""
    ids: list[list[int]] = []
    prices_changed.connect(lambda variant_ids, **_: ids.append(variant_ids), weak=False, dispatch_uid="test")
    yield ids
    prices_changed.disconnect(dispatch_uid="test")


def in_force(variant: Variant) -> EffectivePrice:
    return EffectivePrice.objects.get(variant=variant, valid_until__isnull=True)


@pytest.mark.row("S4-22")
def test_the_first_list_prices_all_present_goods_and_is_the_default():
    variant = VariantFactory()
    price_list = create_price_list(variant.company, name="Trade", percent_off=Decimal(20))
    price = in_force(variant)
    assert price_list.is_default
    assert (price.amount, price.retail_amount, price.rule) == (Decimal("10.20"), Decimal("12.75"), "List −20 %")
    assert price.explanation["base"] == "12.75"


def test_refreshing_twice_changes_nothing(heard):
    variant = VariantFactory()
    price_list = create_price_list(variant.company, name="Trade")
    version = price_list.version
    heard.clear()
    assert refresh_prices(price_list) == []
    price_list.refresh_from_db()
    assert (price_list.version, EffectivePrice.objects.count(), heard) == (version, 1, [])


def test_a_changed_percentage_closes_the_old_price_and_keeps_it(heard):
    variant = VariantFactory()
    price_list = create_price_list(variant.company, name="Trade", percent_off=Decimal(20))
    old, version = in_force(variant), price_list.version
    heard.clear()
    assert change_price_list(price_list, percent_off=Decimal(25)) == [variant.pk]
    old.refresh_from_db()
    new = in_force(variant)
    assert (old.amount, old.valid_until) == (Decimal("10.20"), new.valid_from)
    assert (new.amount, new.list_version) == (Decimal("9.56"), version + 1)
    assert heard == [[variant.pk]]


def test_an_override_wins_and_clearing_it_gives_the_rule_back():
    variant = VariantFactory()
    price_list = create_price_list(variant.company, name="Trade", percent_off=Decimal(20))
    set_overrides(price_list, {variant.pk: Decimal("9.00")})
    assert (in_force(variant).amount, in_force(variant).rule) == (Decimal("9.00"), "Override")
    clear_overrides(price_list, [variant.pk])
    assert in_force(variant).amount == Decimal("10.20")
    assert EffectivePrice.objects.filter(variant=variant).count() == 3


def test_a_rule_for_a_brand_beats_the_list():
    variant = VariantFactory(product__brand="Regency")
    price_list = create_price_list(variant.company, name="Trade", percent_off=Decimal(20))
    set_rules(price_list, [(PriceRule.Target.BRAND, "REGENCY", Decimal(25))])
    assert (in_force(variant).amount, in_force(variant).rule) == (Decimal("9.56"), "REGENCY −25 %")


def test_an_override_below_zero_and_of_anothers_goods_is_refused_with_a_sentence():
    price_list = create_price_list(VariantFactory().company, name="Trade")
    with pytest.raises(DomainError, match="cannot be below 0"):
        set_overrides(price_list, {VariantFactory(product__company=price_list.company).pk: Decimal(-1)})
    with pytest.raises(DomainError, match="not yours"):
        set_overrides(price_list, {VariantFactory().pk: Decimal(1)})


def test_a_second_list_of_the_same_name_is_refused_with_a_sentence():
    company = VariantFactory().company
    create_price_list(company, name="Trade")
    with pytest.raises(Conflict, match="already"):
        create_price_list(company, name="Trade")


def test_a_new_default_takes_the_place_of_the_old_one():
    company = VariantFactory().company
    create_price_list(company, name="Trade")
    second = create_price_list(company, name="Garden centres", is_default=True)
    assert PriceList.objects.get(company=company, is_default=True) == second


def test_a_pull_that_changes_retail_reprices_the_partner():
    company = VariantFactory().company
    create_price_list(company, name="Trade", percent_off=Decimal(20))
    item = product_data()
    product_id, variant_ids = apply_products(company, [item], currency="GBP").ids["p1"]
    dearer = replace(item.variants[0], variant_id=variant_ids["p1-0"], price=Decimal("15.00"))
    apply_products(company, [replace(item, product_id=product_id, variants=(dearer,))], currency="GBP")
    assert in_force(Variant.objects.get(pk=variant_ids["p1-0"])).amount == Decimal("12.00")


def test_goods_that_lose_their_retail_price_have_no_price_and_their_history_stays():
    variant = VariantFactory()
    price_list = create_price_list(variant.company, name="Trade")
    Variant.objects.update(price=None)
    refresh_prices(price_list)
    assert EffectivePrice.objects.get().valid_until is not None


def test_goods_priced_in_another_currency_than_the_list_have_no_price():
    variant = VariantFactory(currency="EUR")
    create_price_list(variant.company, name="Trade", currency="GBP")
    assert not EffectivePrice.objects.exists()


def test_an_order_pays_the_price_of_its_moment_and_not_todays():
    partnership = trading(percent_off="20")
    variant = Variant.objects.get()
    placed = clock.now()
    change_price_list(partnership.price_assignment.price_list, percent_off=Decimal(50))
    then = price_for_order(partnership, [variant.pk], at=placed)[variant.pk]
    now = price_for_order(partnership, [variant.pk], at=clock.now())[variant.pk]
    assert (then.amount, now.amount) == (Decimal("10.20"), Decimal("6.38"))
    assert then.list_version < now.list_version


def test_an_order_older_than_the_partnership_pays_the_first_price():
    partnership = trading()
    variant = Variant.objects.get()
    early = clock.now() - timedelta(days=3)
    assert price_for_order(partnership, [variant.pk], at=early)[variant.pk].amount == Decimal("10.20")


@pytest.mark.row("S4-24")
def test_without_an_assigned_list_orders_cannot_be_priced_and_the_supplier_is_told_whom_it_concerns():
    partnership = PartnershipFactory()
    variant = VariantFactory(product__company=partnership.supplier)
    create_price_list(partnership.supplier, name="Trade")
    assert price_for_order(partnership, [variant.pk], at=clock.now()) == {}
    assert partners_without_list(partnership.supplier) == [partnership]


def test_a_list_of_another_supplier_cannot_be_assigned():
    with pytest.raises(DomainError, match="another supplier"):
        assign_price_list(PartnershipFactory(), create_price_list(VariantFactory().company, name="Theirs"))
