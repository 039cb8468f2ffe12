"""Lists that begin and end by themselves, exceptions that fall back, and what a partner paid at any moment."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import AssignmentPeriod, EffectivePrice, ListException, PriceList, PriceListState, Variant
from catalog.pricing import replay
from catalog.pricing.change import QuantityBreak
from catalog.selectors import price_for_order
from catalog.services import (
    assign_price_list,
    create_price_list,
    drop_exception,
    follow_periods,
    plan_exception,
    refresh_prices,
    set_breaks,
)
from catalog.tests.factories import VariantFactory, trading
from catalog.visibility import visible_to
from portal.companies.models import Partnership
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db
D = Decimal
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def partnership() -> Partnership:
    return trading()


def dated_list(
    partnership: Partnership,
    name: str = "Christmas",
    *,
    begins: timedelta = HOUR,
    state: str = "scheduled",
    lasts: timedelta = DAY,
) -> PriceList:
    start = clock.now() + begins
    return create_price_list(
        partnership.supplier, name=name, percent_off=D(50), state=state, valid_from=start, valid_until=start + lasts
    )


def pays(partnership: Partnership) -> Decimal:
    """What the retailer sees."""
    return visible_to(partnership.retailer).get().dropship


def test_an_exception_holds_for_its_period_and_falls_back_by_itself(partnership):
    christmas = dated_list(partnership)
    plan_exception(partnership, christmas)
    assert pays(partnership) == D("10.20")
    assert (follow_periods(at=clock.now() + 2 * HOUR), follow_periods(at=clock.now() + 2 * HOUR)) == (2, 0)
    assert pays(partnership) == D("6.38")
    after = clock.now() + 2 * DAY
    assert (follow_periods(at=after), follow_periods(at=after)) == (1, 0)
    assert pays(partnership) == D("10.20")
    assert PriceList.objects.get(pk=christmas.pk).state == PriceListState.DRAFT


def test_an_order_of_the_exceptions_time_pays_its_price_even_when_it_arrives_later(partnership):
    usual, variant = partnership.price_assignment.price_list, Variant.objects.get()
    plan_exception(partnership, dated_list(partnership, begins=-HOUR, state="live"))
    during = clock.now()
    follow_periods(at=clock.now() + 2 * DAY)
    assert price_for_order(partnership, [variant.pk], at=during)[variant.pk].amount == D("6.38")
    assert price_for_order(partnership, [variant.pk], at=clock.now())[variant.pk].price_list == usual
    assert AssignmentPeriod.objects.filter(ended_at__isnull=True).count() == 1


def test_dropping_an_exception_that_holds_falls_back_at_once(partnership):
    christmas = dated_list(partnership, begins=-HOUR, state="live")
    plan_exception(partnership, christmas)
    assert pays(partnership) == D("6.38")
    drop_exception(partnership, christmas)
    assert (pays(partnership), ListException.objects.count()) == (D("10.20"), 0)


def test_an_exception_needs_a_period_and_does_not_overlap_another(partnership):
    with pytest.raises(DomainError, match="first and a last day"):
        plan_exception(partnership, create_price_list(partnership.supplier, name="Undated"))
    plan_exception(partnership, dated_list(partnership))
    with pytest.raises(Conflict, match="Christmas"):
        plan_exception(partnership, dated_list(partnership, "Advent", begins=2 * HOUR))


def test_a_scheduled_list_shows_nothing_before_its_day_and_everything_from_then_on(partnership):
    later = dated_list(partnership)
    assign_price_list(partnership, later)
    assert not visible_to(partnership.retailer).exists()
    follow_periods(at=clock.now() + 2 * HOUR)
    assert pays(partnership) == D("6.38")


def test_a_scheduled_list_needs_its_first_day(partnership):
    with pytest.raises(DomainError, match="goes live"):
        create_price_list(partnership.supplier, name="Some day", state="scheduled")


def test_an_order_pays_by_quantity(partnership):
    price_list, variant = partnership.price_assignment.price_list, Variant.objects.get()
    set_breaks(price_list, [QuantityBreak(10, percent_off=D(10)), QuantityBreak(20, variant.pk, amount=D("8.00"))])
    price = price_for_order(partnership, [variant.pk], at=clock.now())[variant.pk]
    assert [price.amount_for(n) for n in (1, 10, 20)] == [D("10.20"), D("10.20"), D("8.00")]
    set_breaks(price_list, [QuantityBreak(10, percent_off=D(10))])
    price = price_for_order(partnership, [variant.pk], at=clock.now())[variant.pk]
    assert [price.amount_for(n) for n in (9, 10)] == [D("10.20"), D("9.18")]


def test_every_step_of_a_history_of_ten_thousand_random_changes_is_reproduced_to_the_penny(partnership):
    dice = random.Random(7)
    for _ in range(99):
        VariantFactory(product__company=partnership.supplier, price=D(dice.randint(100, 9999)) / 100)
    price_list, start, told = partnership.price_assignment.price_list, clock.now(), []
    for step in range(1, 101):
        price_list.percent_off = D(dice.randint(-2000, 9000)) / 100
        price_list.rounding_ending = dice.choice([None, D("0.99"), D("0.95")])
        price_list.floor_cost = dice.random() < 0.3
        price_list.save()
        at = start + step * HOUR
        refresh_prices(price_list, at=at)
        told.append(
            (at, dict(EffectivePrice.objects.filter(valid_until__isnull=True).values_list("variant_id", "amount")))
        )
    assert EffectivePrice.objects.count() > 9_000
    for at, prices in told:
        found = price_for_order(partnership, prices, at=at + HOUR / 2)
        assert {pk: row.amount for pk, row in found.items()} == prices
        assert {pk: replay(row.explanation) for pk, row in found.items()} == prices
