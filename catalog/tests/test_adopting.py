"""Goods that a retailer had before: found, taken over, matched by hand, never twice."""

from __future__ import annotations

import pytest

from catalog.models import Adoption, Variant
from catalog.services import adopt, adopt_own, choose, forget_adoption, twins_of
from catalog.tests.factories import VariantFactory, trading
from portal.companies.tests.factories import RetailerFactory
from portal.lib.errors import Conflict, DomainError

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    made = trading()
    Variant.objects.update(sku="LAN-1", sku_key="lan-1", barcode="5012345678900")
    return made


@pytest.fixture
def offered(partnership) -> Variant:
    return Variant.objects.get(company=partnership.supplier)


def own(partnership, sku: str, **fields) -> Variant:
    return VariantFactory(product__company=partnership.retailer, sku=sku, **fields)


def test_a_twin_is_found_by_sku_before_barcode(partnership, offered):
    own(partnership, "OTHER", barcode="5012345678900")
    by_sku = own(partnership, "lan-1")
    twin = twins_of(partnership.retailer, [offered.pk])[offered.pk]
    assert (twin.own_id, twin.how) == (by_sku.pk, "sku")


def test_a_twin_is_found_by_barcode(partnership, offered):
    mine = own(partnership, "OTHER", barcode="5012345678900")
    assert twins_of(partnership.retailer, [offered.pk])[offered.pk].own_id == mine.pk


def test_what_two_own_goods_share_is_nobodys_twin(partnership, offered):
    own(partnership, "LAN-1")
    own(partnership, "lan-1")
    assert twins_of(partnership.retailer, [offered.pk]) == {}


def test_choosing_takes_over_what_has_the_same_sku_but_leaves_barcodes_to_people(partnership, offered):
    mine = own(partnership, "LAN-1")
    choose(partnership.retailer, variant_ids=[offered.pk])
    choose(partnership.retailer, variant_ids=[offered.pk])
    assert Adoption.objects.get().own == mine


def test_a_hand_match_by_the_stores_own_sku(partnership, offered):
    mine = own(partnership, "SHOP-77")
    choose(partnership.retailer, variant_ids=[offered.pk])
    assert adopt_own(partnership.retailer, offered, " shop-77 ").own == mine
    assert adopt(partnership.retailer, {offered.pk: mine.pk}) == 0
    assert forget_adoption(partnership.retailer, offered.pk)
    assert not forget_adoption(partnership.retailer, offered.pk)


def test_a_sku_that_the_store_does_not_have_is_refused_with_a_sentence(partnership, offered):
    with pytest.raises(DomainError, match="No product of your store has the SKU “GONE”"):
        adopt_own(partnership.retailer, offered, "GONE")


def test_one_own_product_cannot_stand_for_two(partnership, offered):
    other = VariantFactory(product__company=partnership.supplier)
    from catalog.services import refresh_company_prices

    refresh_company_prices(partnership.supplier, [other.pk])
    mine = own(partnership, "SHOP-77")
    with pytest.raises(Conflict, match="cannot stand for two"):
        adopt(partnership.retailer, {offered.pk: mine.pk, other.pk: mine.pk})
    adopt(partnership.retailer, {offered.pk: mine.pk})
    with pytest.raises(Conflict, match="stands for LAN-1 already"):
        adopt(partnership.retailer, {other.pk: mine.pk})


def test_strangers_goods_cannot_be_adopted(partnership, offered):
    mine = own(partnership, "SHOP-77")
    with pytest.raises(DomainError):
        adopt(RetailerFactory(), {offered.pk: mine.pk})
