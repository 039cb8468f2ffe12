"""Margins, rules, limits and breaks: by example, and by property over the order of rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.pricing import Break, Goods, Rule, Terms, amount_for, price_of, read_band, replay, rounding_words

D = Decimal
GOODS = Goods(
    D("12.75"),
    brand="Regency",
    category="Cake",
    sku="22423",
    tags=("winter", "Clearance"),
    cost=D("6.90"),
    msrp=D("14.00"),
    map_price=D("9.95"),
)
EACH_KIND = (
    Rule("band", "10-20", D(5)),
    Rule("brand", "REGENCY", D(10)),
    Rule("category", "cake", D(15)),
    Rule("tag", "clearance", D(25)),
    Rule("sku", "22423", D(30)),
)


def terms(percent: str = "20", **fields: object) -> Terms:
    return Terms(currency="GBP", percent_off=D(percent), **fields)


@pytest.mark.parametrize(
    ("fields", "amount", "label"),
    [
        ({"percent_off": D(20)}, "10.20", "List −20 %"),
        ({"amount_off": D("2.50")}, "10.25", "List −2.50"),
        ({"basis": "cost", "percent_off": D(-30)}, "8.97", "List cost +30 %"),
        ({"basis": "cost", "amount_off": D(-2)}, "8.90", "List cost +2.00"),
        ({"basis": "msrp", "percent_off": D(40)}, "8.40", "List list price −40 %"),
    ],
)
def test_a_margin_is_percent_or_amount_off_retail_or_list_price_or_on_cost(fields, amount, label):
    price = price_of(GOODS, terms=Terms(currency="GBP", **fields))
    assert (price.amount, price.rule) == (D(amount), label)


def test_goods_without_the_figure_of_the_basis_have_no_price():
    assert price_of(Goods(D("12.75")), terms=terms(basis="cost")) is None


@given(st.permutations(EACH_KIND))
def test_the_narrowest_rule_wins_in_whatever_order_they_stand(rules):
    for narrowest in ("sku", "tag", "category", "brand", "band"):
        assert price_of(GOODS, terms=terms(rules=tuple(rules))).rule.startswith(
            next(rule.value for rule in EACH_KIND if rule.target == narrowest)
        )
        rules = [rule for rule in rules if rule.target != narrowest]
    assert price_of(GOODS, terms=terms(rules=tuple(rules))).rule == "List −20 %"


def test_among_rules_of_one_kind_the_first_that_fits_decides():
    first, second = Rule("tag", "clearance", D(25)), Rule("tag", "winter", D(10))
    assert price_of(GOODS, terms=terms(rules=(first, second))).rule == "clearance −25 %"
    assert price_of(GOODS, terms=terms(rules=(second, first))).rule == "winter −10 %"


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("10-20", (D(10), D(20))),
        ("10 – 20.50", (D(10), D("20.50"))),
        ("50-", (D(50), None)),
        ("-5", (None, D(5))),
        ("20-10", None),
        ("ten-20", None),
        ("-", None),
        ("12", None),
    ],
)
def test_a_price_band_is_read_or_refused(text, ends):
    assert read_band(text) == ends


@pytest.mark.parametrize(
    ("fields", "amount", "why"),
    [
        ({"percent_off": D(60), "floor_cost": True}, "6.90", "cost 6.90"),
        ({"percent_off": D(60), "floor_cost": True, "floor_percent": D(5)}, "7.25", "cost 6.90 +5 %"),
        ({"percent_off": D(60), "floor_cost": True, "floor_map": True}, "9.95", "MAP 9.95"),
        ({"percent_off": D(-50), "ceiling_msrp": True}, "14.00", "MSRP 14.00"),
    ],
)
def test_no_rule_passes_a_floor_or_the_ceiling_and_the_sum_says_why(fields, amount, why):
    price = price_of(GOODS, terms=Terms(currency="GBP", **fields))
    assert (price.amount, price.explanation["limit_why"]) == (D(amount), why)
    assert replay(price.explanation) == price.amount


def test_a_price_typed_by_hand_may_pass_a_floor():
    assert price_of(GOODS, terms=terms(floor_cost=True), override=D("5.00")).amount == D("5.00")


def test_the_suggested_price_stays_between_map_and_msrp_where_the_list_says_so():
    cheap = Goods(D("8.00"), map_price=D("9.95"), msrp=D("14.00"))
    assert price_of(cheap, terms=terms(floor_map=True)).retail_amount == D("9.95")
    assert price_of(Goods(D("16.00"), msrp=D("14.00")), terms=terms(ceiling_msrp=True)).retail_amount == D("14.00")


def test_breaks_make_more_units_cheaper_never_below_the_floor_and_leave_out_what_saves_nothing():
    with_breaks = terms(breaks=(Break(10, D(5)), Break(20, D(5)), Break(50, D(40))), floor_cost=True)
    price = price_of(GOODS, terms=with_breaks)
    assert price.breaks == ((10, D("9.69")), (50, D("6.90")))
    assert [amount_for(n, price.amount, price.breaks) for n in (1, 9, 10, 49, 50)] == [
        D("10.20"),
        D("10.20"),
        D("9.69"),
        D("9.69"),
        D("6.90"),
    ]


def test_a_variants_own_breaks_take_the_place_of_the_lists():
    price = price_of(GOODS, terms=terms(breaks=(Break(10, D(5)),)), own_breaks=[(6, D("9.00"))])
    assert price.breaks == ((6, D("9.00")),)


def test_rounding_is_said_in_plain_words():
    assert rounding_words(terms()) == "to the penny"
    assert rounding_words(terms(rounding_ending=D("0.99"), rounding_direction="up")) == "ends in .99, up"


MONEY = st.decimals("0.01", "99999", places=4)
MAYBE = st.none() | MONEY


@given(
    goods=st.builds(Goods, MONEY, cost=MAYBE, msrp=MAYBE, map_price=MAYBE),
    percent=st.decimals("-80", "99", places=3),
    amount_off=st.none() | st.decimals("-50", "50", places=4),
    basis=st.sampled_from(["retail", "msrp", "cost"]),
    ending=st.sampled_from([None, D("0.00"), D("0.95"), D("0.99")]),
    direction=st.sampled_from(["up", "down", "nearest"]),
    limits=st.fixed_dictionaries({name: st.booleans() for name in ("floor_cost", "floor_map", "ceiling_msrp")}),
)
def test_every_sum_comes_to_its_price_when_it_is_done_again_and_respects_its_floors(
    goods, percent, amount_off, basis, ending, direction, limits
):
    price = price_of(
        goods,
        terms=Terms(
            "GBP",
            percent_off=percent,
            amount_off=amount_off,
            basis=basis,
            rounding_ending=ending,
            rounding_direction=direction,
            **limits,
        ),
    )
    if price is None:
        assert goods.amount(basis) is None
        return
    assert replay(price.explanation) == price.amount
    if limits["floor_cost"] and goods.cost:
        assert price.amount >= goods.cost
    if limits["floor_map"] and goods.map_price:
        assert price.amount >= goods.map_price
