"""A retailer's own rule: what stands on its shelf, and who is told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import Listing, RetailRule, Variant
from catalog.numbers import with_terms
from catalog.selectors import kept_fields, listing_terms, offers_of
from catalog.services import choose, drop_retail_rule, set_retail_price, set_retail_rule
from catalog.signals import listings_changed, shelf_prices_changed
from catalog.tests.factories import trading
from portal.lib.errors import DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    made = trading(goods=2)
    choose(made.retailer, variant_ids=list(Variant.objects.values_list("pk", flat=True)))
    return made


@pytest.fixture
def told():
    """(signal, how many listings) of every announcement."""
    calls: list[tuple[str, int]] = []
    for name, signal in (("prices", shelf_prices_changed), ("products", listings_changed)):
        signal.connect(
            lambda listing_ids, name=name, **_: calls.append((name, len(listing_ids))), weak=False, dispatch_uid="test"
        )
    yield calls
    for signal in (shelf_prices_changed, listings_changed):
        signal.disconnect(dispatch_uid="test")


def shelves() -> set[Decimal]:
    """What stands on the shelves, as stores, screens and lists of offers read it: all three must agree."""
    listings = list(Listing.objects.order_by("pk"))
    stores = [terms.retail_amount for terms in listing_terms(listings).values()]
    offers = [offer.shelf_price for offer in offers_of([one.pk for one in listings])]
    pages = [row.shelf for row in with_terms(Listing.objects.order_by("pk"))]
    assert sorted(stores) == sorted(offers) == sorted(pages)
    return set(stores)


def test_a_rule_prices_every_listing_of_its_partnership_and_tells_the_stores_once(partnership, told):
    assert set_retail_rule(partnership, basis="cost", percent=Decimal(40), rounding_ending=Decimal("0.99")) == 2
    assert shelves() == {Decimal("13.99")}
    assert set_retail_rule(partnership, basis="cost", percent=Decimal(40), rounding_ending=Decimal("0.99")) == 0
    assert told[-1:] == [("products", 2)]
    set_retail_rule(partnership, percent=Decimal(50))
    assert told[-1] == ("prices", 2)


def test_dropping_the_rule_goes_back_to_the_suggested_prices(partnership, told):
    set_retail_rule(partnership, basis="cost", percent=Decimal(40))
    assert drop_retail_rule(partnership) == 2
    assert shelves() == {Decimal("12.75")}
    assert drop_retail_rule(partnership) == 0


def test_one_sku_may_have_a_price_of_its_own(partnership):
    set_retail_rule(partnership, basis="cost", percent=Decimal(40))
    set_retail_price(partnership.retailer, [Listing.objects.first().pk], amount=Decimal("19.99"))
    assert shelves() == {Decimal("19.99"), Decimal("14.28")}


def test_map_holds_on_every_shelf_that_a_rule_prices(partnership):
    Variant.objects.update(map_price=Decimal("12.00"))
    set_retail_rule(partnership, basis="cost", percent=Decimal(1))
    assert shelves() == {Decimal("12.00")}


def test_the_dropship_price_reaches_no_shelf_even_when_the_rule_asks_for_it(partnership):
    set_retail_rule(partnership, basis="suggested", percent=Decimal(90))
    terms = listing_terms(list(Listing.objects.all()))
    assert {(one.retail_amount, one.cost) for one in terms.values()} == {(Decimal("10.20"), Decimal("10.20"))}
    assert shelves() == {Decimal("10.20")}


def test_what_the_store_keeps_is_kept(partnership):
    assert kept_fields([partnership.pk]) == {}
    set_retail_rule(partnership, writes_price=False)
    assert kept_fields([partnership.pk]) == {partnership.pk: frozenset({"price", "title", "images"})}


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"percent": Decimal(100)}, "percent"),
        ({"basis": "cost", "percent": Decimal(-100)}, "percent"),
        ({"percent": Decimal("NaN")}, "percent"),
        ({"rounding_ending": Decimal(1)}, "rounding_ending"),
        ({"rounding_direction": "sideways"}, "rounding_direction"),
        ({"basis": "wish"}, "basis"),
        ({"owner": 1}, "owner"),
    ],
)
def test_terms_without_sense_are_refused_with_their_field(partnership, terms, field):
    with pytest.raises(DomainError) as caught:
        set_retail_rule(partnership, **terms)
    assert caught.value.field == field
    assert not RetailRule.objects.exists()
