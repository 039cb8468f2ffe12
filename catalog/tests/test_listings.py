"""Choosing, stopping and seeing goods of partners."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.data import StockData
from catalog.models import Listing, ListingState, PriceListState, Variant
from catalog.selectors import available_for_listings, listing_terms, offers_of
from catalog.services import (
    apply_stock,
    assign_price_list,
    change_price_list,
    choose,
    create_price_list,
    deactivate_products,
    note_published,
    resume,
    set_overrides,
    set_retail_price,
    stop,
)
from catalog.signals import listings_changed
from catalog.tests.factories import VariantFactory, trading
from catalog.visibility import visible_to
from portal.companies.models import Partnership, PartnershipState
from portal.companies.signals import partnership_changed
from portal.companies.tests.factories import PartnershipFactory, RetailerFactory
from portal.lib.errors import DomainError, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership() -> Partnership:
    return trading()


@pytest.fixture
def listing(partnership) -> Listing:
    choose(partnership.retailer, variant_ids=[Variant.objects.get().pk])
    return Listing.objects.get()


@pytest.fixture
def heard():
    """(company id, listing ids) of every ``listings_changed`` sent."""
    calls: list[tuple[int, list[int]]] = []
    listings_changed.connect(
        lambda company_id, listing_ids, **_: calls.append((company_id, listing_ids)), weak=False, dispatch_uid="test"
    )
    yield calls
    listings_changed.disconnect(dispatch_uid="test")


@pytest.mark.row("S4-28")
def test_goods_are_seen_only_through_an_accepted_partnership_and_its_live_list(partnership):
    retailer, stranger = partnership.retailer, RetailerFactory()
    assert visible_to(retailer).count() == 1
    assert visible_to(stranger).count() == 0
    Partnership.objects.update(state=PartnershipState.PAUSED)
    assert visible_to(retailer).count() == 0


@pytest.mark.row("S4-24", "S4-28")
def test_without_a_list_or_with_a_draft_the_partner_sees_nothing(partnership):
    change_price_list(partnership.price_assignment.price_list, state=PriceListState.DRAFT)
    assert visible_to(partnership.retailer).count() == 0
    assign_price_list(partnership, None)
    assert visible_to(partnership.retailer).count() == 0


@pytest.mark.row("S4-18")
def test_inactive_products_are_not_shared_and_disappear_when_they_become_inactive(partnership):
    VariantFactory(product__company=partnership.supplier, product__is_active=False)
    assert visible_to(partnership.retailer).count() == 1
    deactivate_products(partnership.supplier, [Variant.objects.first().product_id])
    assert visible_to(partnership.retailer).count() == 0


def test_the_price_that_is_seen_is_that_of_ones_own_partnership(partnership):
    other = PartnershipFactory(supplier=partnership.supplier)
    assign_price_list(other, create_price_list(partnership.supplier, name="Dear", percent_off=Decimal(5)))
    assert visible_to(partnership.retailer).get().dropship == Decimal("10.20")
    assert visible_to(other.retailer).get().dropship == Decimal("12.11")


def test_choosing_a_product_lists_its_variants_once(partnership, heard):
    product_id = Variant.objects.get().product_id
    first = choose(partnership.retailer, product_ids=[product_id])
    second = choose(partnership.retailer, product_ids=[product_id])
    listing = Listing.objects.get()
    assert (listing.state, listing.partnership, listing.is_active) == (ListingState.CHOSEN, partnership, True)
    assert (first.created, second.created, second.already) == ((listing.pk,), (), 1)
    assert heard == [(partnership.retailer_id, [listing.pk])]


def test_goods_that_one_cannot_see_cannot_be_chosen(partnership):
    chosen = choose(RetailerFactory(), variant_ids=[Variant.objects.get().pk])
    assert (chosen.created, chosen.refused) == ((), 1)
    assert not Listing.objects.exists()


def test_a_stopped_listing_stays_and_can_be_taken_up_again(listing, heard):
    assert stop(listing.company, [listing.pk]) == [listing.pk]
    assert stop(listing.company, [listing.pk]) == []
    listing.refresh_from_db()
    assert (listing.state, listing.is_active) == (ListingState.STOPPED, False)
    assert resume(listing.company, [listing.pk]) == [listing.pk]
    listing.refresh_from_db()
    assert (listing.state, listing.is_active) == (ListingState.CHOSEN, True)
    assert len(heard) == 2


def test_what_the_supplier_no_longer_offers_cannot_be_taken_up_again(listing):
    stop(listing.company, [listing.pk])
    assign_price_list(listing.partnership, None)
    with pytest.raises(NotAllowed, match="no longer offers"):
        resume(listing.company, [listing.pk])


def test_listings_follow_their_goods_out_of_trade_and_back(listing, heard):
    product = listing.product
    deactivate_products(product.company, [product.pk])
    listing.refresh_from_db()
    assert (listing.is_active, listing.state) == (False, ListingState.CHOSEN)
    assert heard == [(listing.company_id, [listing.pk])]


def test_listings_stop_and_start_with_the_partnership(listing):
    partnership = listing.partnership
    for state, is_active in ((PartnershipState.PAUSED, False), (PartnershipState.ACCEPTED, True)):
        Partnership.objects.filter(pk=partnership.pk).update(state=state)
        partnership_changed.send(Partnership, partnership=partnership, before="")
        listing.refresh_from_db()
        assert listing.is_active is is_active


def test_a_strangers_listing_is_not_touched(listing):
    stranger = RetailerFactory()
    assert stop(stranger, [listing.pk]) == []
    assert set_retail_price(stranger, [listing.pk], amount=Decimal(1)) == []


def test_the_shelf_shows_the_suggested_price_and_never_the_dropship_price(listing):
    offer = offers_of([listing.pk])[0]
    assert (offer.shelf_price, offer.cost, offer.currency) == (Decimal("12.75"), Decimal("10.20"), "GBP")
    set_retail_price(listing.company, [listing.pk], amount=Decimal("14.50"))
    assert offers_of([listing.pk])[0].shelf_price == Decimal("14.50")


def test_a_price_of_nothing_is_refused_for_the_shelf(listing):
    with pytest.raises(DomainError, match="above 0"):
        set_retail_price(listing.company, [listing.pk], amount=Decimal(0))


def test_in_another_currency_everything_on_the_shelf_is_converted(listing):
    price_list = listing.partnership.price_assignment.price_list
    change_price_list(price_list, retail_currency="EUR")
    blocked = offers_of([listing.pk])[0]
    assert (blocked.shelf_price, blocked.cost) == (None, None)
    assert "no rate to EUR" in blocked.missing[0]
    assert listing_terms([listing])[listing.pk].retail_currency == "GBP"
    change_price_list(price_list, retail_rate=Decimal("1.2"))
    assert listing_terms([listing])[listing.pk].retail_currency == "EUR"
    offer = offers_of([listing.pk])[0]
    assert (offer.currency, offer.shelf_price, offer.cost) == ("EUR", Decimal("15.30"), Decimal("12.24"))


def test_the_partnerships_buffer_is_kept_back_unless_the_listing_has_its_own(listing):
    apply_stock(listing.variant.company, [StockData(listing.variant_id, 10)])
    assign_price_list(listing.partnership, listing.partnership.price_assignment.price_list, stock_buffer=3)
    assert available_for_listings([listing.pk]) == {listing.pk: 7}
    Listing.objects.update(stock_buffer=0)
    assert available_for_listings([listing.pk]) == {listing.pk: 10}
    stop(listing.company, [listing.pk])
    assert available_for_listings([listing.pk]) == {listing.pk: 0}


def test_goods_without_sku_or_retail_price_say_what_is_missing(partnership):
    bare = VariantFactory(product__company=partnership.supplier, sku="", price=None)
    set_overrides(partnership.price_assignment.price_list, {bare.pk: Decimal("4.00")})
    choose(partnership.retailer, variant_ids=[bare.pk])
    sentences = " ".join(offers_of([Listing.objects.get().pk])[0].missing)
    assert "no SKU" in sentences
    assert "no retail price" in sentences


def test_publishing_is_noted_once_and_announces_nothing(listing, heard):
    note_published([listing.pk])
    listing.refresh_from_db()
    assert (listing.state, heard) == (ListingState.PUBLISHED, [])


def test_offers_cost_a_bounded_number_of_queries(django_assert_max_num_queries):
    partnership = trading(goods=12)
    choose(
        partnership.retailer, partnership=partnership, variant_ids=list(Variant.objects.values_list("pk", flat=True))
    )
    listing_ids = list(Listing.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(6):
        assert len(offers_of(listing_ids)) == 12


def test_a_listing_that_waited_for_a_rate_is_announced_again_when_the_list_gets_one(listing, heard):
    price_list = listing.partnership.price_assignment.price_list
    change_price_list(price_list, retail_currency="EUR")
    heard.clear()
    change_price_list(price_list, retail_rate=Decimal("1.2"))
    assert heard == [(listing.company_id, [listing.pk])]
