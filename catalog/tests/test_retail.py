"""What a retailer's rule makes of a price, to the penny."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from catalog.retail import Facts, Rule, floor_of, raised_words, rule_words, shelf_price

FACTS = Facts("GBP", suggested=Decimal("12.75"), cost=Decimal("10.20"), map_price=None)


@pytest.mark.parametrize(
    ("basis", "percent", "ending", "direction", "expected"),
    [
        ("suggested", "0", None, "nearest", "12.75"),
        ("suggested", "10", None, "nearest", "11.48"),
        ("suggested", "-10", None, "nearest", "14.03"),
        ("cost", "40", None, "nearest", "14.28"),
        ("cost", "40", "0.99", "up", "14.99"),
        ("cost", "40", "0.99", "down", "13.99"),
        ("cost", "40", "0.99", "nearest", "13.99"),
        ("cost", "40", "0.00", "up", "15.00"),
    ],
)
def test_a_rule_makes_the_price(basis, percent, ending, direction, expected):
    rule = Rule(basis, Decimal(percent), Decimal(ending) if ending else None, direction)
    assert shelf_price(FACTS, rule=rule).amount == Decimal(expected)


def test_an_own_price_goes_before_the_rule_and_the_rule_before_the_suggestion():
    rule = Rule("cost", Decimal(40))
    assert shelf_price(FACTS, rule=rule, own=Decimal(99)).amount == 99
    assert shelf_price(FACTS, rule=rule).decided == "rule"
    assert shelf_price(FACTS, rule=None).amount == Decimal("12.75")


def test_what_would_undercut_map_is_raised_to_the_next_ending_above_it():
    facts = Facts("GBP", Decimal("12.75"), Decimal("10.20"), Decimal("12.00"))
    price = shelf_price(facts, rule=Rule("suggested", Decimal(15), Decimal("0.99"), "down"))
    assert (price.amount, price.raised_to) == (Decimal("12.99"), "map")
    assert raised_words(price, facts) == "Raised: never below the supplier's minimum advertised price, £12.00."


def test_nothing_is_sold_below_what_it_costs():
    price = shelf_price(FACTS, rule=Rule("suggested", Decimal(50)))
    assert (price.amount, price.raised_to) == (Decimal("10.20"), "cost")


def test_without_a_basis_there_is_no_price():
    assert shelf_price(Facts("GBP", None, Decimal(5)), rule=Rule("suggested", Decimal(0))) is None
    assert shelf_price(Facts("GBP", Decimal(5), None), rule=Rule("cost", Decimal(10))) is None
    assert shelf_price(Facts("GBP", Decimal(0), Decimal(3)), rule=None) is None


def test_yen_have_no_endings():
    price = shelf_price(
        Facts("JPY", Decimal(1000), Decimal(500)), rule=Rule("cost", Decimal(33), Decimal("0.99"), "up")
    )
    assert price.amount == 665


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule("cost", Decimal("40.000"), Decimal("0.99"), "up"), "What you pay plus 40 %, ends in .99, up"),
        (Rule("suggested", Decimal(0)), "Suggested price"),
        (Rule("suggested", Decimal("-5.5")), "Suggested price plus 5.5 %"),
    ],
)
def test_a_rule_is_said_in_words(rule, words):
    assert rule_words(rule, "GBP") == words


amounts = some.decimals(min_value="0.01", max_value="99999", places=4)


@given(
    suggested=amounts,
    cost=amounts,
    lowest=some.none() | amounts,
    basis=some.sampled_from(["suggested", "cost"]),
    percent=some.decimals(min_value=-99, max_value=99, places=3),
    ending=some.none() | some.sampled_from([Decimal("0.00"), Decimal("0.49"), Decimal("0.95"), Decimal("0.99")]),
    direction=some.sampled_from(["up", "down", "nearest"]),
)
def test_no_rule_ever_goes_below_a_floor_and_every_price_lands(
    suggested, cost, lowest, basis, percent, ending, direction
):
    facts = Facts("GBP", suggested, cost, lowest)
    amount = shelf_price(facts, rule=Rule(basis, percent, ending, direction)).amount
    assert amount >= floor_of(facts)[0]
    assert amount == amount.quantize(Decimal("0.01"))
    assert ending is None or amount % 1 == ending or amount < 1
