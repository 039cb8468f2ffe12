"""The pure rules of pricing, by example and by property."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing import Goods, Rule, Terms, land, margin_percent, price_of

D = Decimal
MONEY = st.decimals("0.01", "99999", places=4)
PERCENT = st.decimals("-50", "99", places=3)
ENDINGS = st.sampled_from([None, D("0.00"), D("0.49"), D("0.95"), D("0.99")])
DIRECTIONS = st.sampled_from(["up", "down", "nearest"])


def terms(percent: str = "20", **fields: object) -> Terms:
    return Terms(currency="GBP", percent_off=D(percent), **fields)


def test_percent_off_is_taken_off_the_retail_price_and_rounded_half_up():
    price = price_of(Goods(D("12.75")), terms=terms("25"))
    assert (price.amount, price.retail_amount, price.rule) == (D("9.56"), D("12.75"), "List −25 %")
    assert price.explanation["unrounded"] == "9.5625"


@pytest.mark.parametrize(
    ("amount", "ending", "direction", "landed"),
    [
        ("20.40", "0.99", "up", "20.99"),
        ("20.40", "0.99", "down", "19.99"),
        ("20.40", "0.99", "nearest", "19.99"),
        ("20.49", "0.99", "nearest", "20.99"),
        ("20.99", "0.99", "up", "20.99"),
        ("0.40", "0.99", "down", "0.40"),
        ("5.00", "0.00", "up", "5.00"),
        ("5.01", "0.00", "up", "6.00"),
    ],
)
def test_prices_land_on_the_ending_in_its_direction(amount, ending, direction, landed):
    rules = terms(rounding_ending=D(ending), rounding_direction=direction)
    assert land(D(amount), terms=rules) == D(landed)


def test_yen_have_no_endings():
    yen = Terms(currency="JPY", percent_off=D(20), rounding_ending=D("0.99"))
    assert price_of(Goods(D("1031")), terms=yen).amount == D("825")


def test_the_first_rule_that_fits_beats_the_list_and_says_so():
    rules = (Rule("category", "Bags", D(10)), Rule("brand", "regency", D(25)))
    price = price_of(Goods(D("12.75"), brand="Regency", category="Cake"), terms=terms(rules=rules))
    assert (price.amount, price.rule, price.explanation["beats"]) == (D("9.56"), "regency −25 %", "List −20 %")


def test_an_override_beats_everything_and_tells_what_it_beat():
    price = price_of(Goods(D("12.75")), terms=terms(), override=D("9.00"))
    assert (price.amount, price.rule, price.explanation["instead_of"]) == (D("9.00"), "Override", "10.20")
    assert price.retail_amount == D("12.75")


@pytest.mark.parametrize("retail", [None, D(0), D("-1")])
def test_goods_without_a_retail_price_have_no_price(retail):
    assert price_of(Goods(retail), terms=terms()) is None


def test_the_suggested_price_is_retail_times_rate_in_the_other_currency():
    euro = terms(retail_currency="EUR", retail_rate=D("1.1735"))
    assert price_of(Goods(D("12.75")), terms=euro).retail_amount == D("14.96")


def test_without_a_rate_no_retail_price_is_suggested():
    assert price_of(Goods(D("12.75")), terms=terms(retail_currency="EUR")).retail_amount == 0


def test_the_margin_is_what_stays_of_the_shelf_price():
    assert margin_percent(D("9.56"), D("12.75")) == D("25.0")
    assert margin_percent(D("9.56"), D("0")) is None


@given(retail=MONEY, percent=PERCENT, ending=ENDINGS, direction=DIRECTIONS)
def test_a_price_is_above_zero_whole_pennies_and_within_a_pound_of_the_sum(retail, percent, ending, direction):
    rules = terms(str(percent), rounding_ending=ending, rounding_direction=direction)
    price = price_of(Goods(retail), terms=rules)
    exact = retail * (100 - percent) / 100
    assert price.amount > 0
    assert price.amount == price.amount.quantize(D("0.01"))
    assert abs(price.amount - exact) <= 1


@given(amount=st.decimals("1", "9999", places=4), ending=ENDINGS.filter(bool), direction=DIRECTIONS)
def test_landing_twice_is_landing_once(amount, ending, direction):
    rules = terms(rounding_ending=ending, rounding_direction=direction)
    once = land(amount, terms=rules)
    assert land(once, terms=rules) == once


@given(a=MONEY, b=MONEY, percent=PERCENT, ending=ENDINGS, direction=DIRECTIONS)
def test_dearer_goods_are_never_cheaper_for_the_partner(a, b, percent, ending, direction):
    rules = terms(str(percent), rounding_ending=ending, rounding_direction=direction)
    low, high = (price_of(Goods(x), terms=rules).amount for x in sorted((a, b)))
    assert low <= high
