"""What a SKU on an order means."""

from __future__ import annotations

import pytest

from catalog.services import ambiguous_skus, own_skus, remember_match, resolve_skus
from catalog.tests.factories import ListingFactory, VariantFactory
from portal.companies.tests.factories import RetailerFactory
from portal.lib.errors import DomainError

pytestmark = pytest.mark.django_db


def test_a_sku_means_the_listing_that_has_it_whatever_its_case():
    listing = ListingFactory(variant__sku="85123A")
    assert resolve_skus(listing.company, [" 85123a "]) == {"85123a": listing.variant_id}


def test_only_ones_own_listings_count():
    ListingFactory(variant__sku="85123A")
    assert resolve_skus(RetailerFactory(), ["85123A"]) == {}


def test_a_remembered_match_beats_the_listings():
    listing, other = ListingFactory(variant__sku="85123A"), VariantFactory()
    remember_match(listing.company, "85123A", other)
    remember_match(listing.company, "85123a ", other)
    assert resolve_skus(listing.company, ["85123A"]) == {"85123a": other.pk}


def test_own_goods_are_remembered_as_such():
    retailer = RetailerFactory()
    remember_match(retailer, "MUG-1", None)
    assert resolve_skus(retailer, ["mug-1"]) == {}
    assert own_skus(retailer, ["mug-1", "other"]) == {"mug-1"}


def test_a_sku_that_two_listings_share_means_neither():
    one = ListingFactory(variant__sku="85123A")
    two = ListingFactory(
        partnership=one.partnership, variant__sku="85123a", variant__product__company=one.partnership.supplier
    )
    assert resolve_skus(one.company, ["85123A"]) == {}
    assert ambiguous_skus(one.company, ["85123A"]) == {"85123a": tuple(sorted((one.variant_id, two.variant_id)))}


def test_an_empty_sku_cannot_be_remembered():
    with pytest.raises(DomainError, match="no SKU"):
        remember_match(RetailerFactory(), "  ", VariantFactory())
