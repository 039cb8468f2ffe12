"""The newest goods that partners offer: walked partner by partner, so that what others loaded since is never passed over."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import EffectivePrice, Product
from catalog.newest import newest
from catalog.services import assign_price_list, create_price_list
from catalog.tests.factories import ProductFactory, VariantFactory
from catalog.views.catalogue import CatalogueView
from catalog.visibility import offered_products
from catalog.walks import live_lists, possible
from portal.companies.models import Company, Partnership, PartnershipState
from portal.companies.tests.factories import MembershipFactory, PartnershipFactory, RetailerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def kingsway() -> Company:
    """A retailer of two suppliers, who wrote their goods by turns with a stranger's between them, two variants each."""
    kingsway = RetailerFactory(name="Kingsway")
    partnerships = PartnershipFactory.create_batch(2, retailer=kingsway)
    for _ in range(3):
        for partnership in partnerships:
            VariantFactory.create_batch(2, product=ProductFactory(company=partnership.supplier))
        VariantFactory()
    for partnership in partnerships:
        assign_price_list(partnership, create_price_list(partnership.supplier, name="Trade", percent_off=Decimal(20)))
    return kingsway


def offered_to(company: Company) -> list[int]:
    """What it sees by the condition that all pages share, the newest first."""
    return list(offered_products(company).order_by("-pk").values_list("pk", flat=True))


def test_goods_of_several_partners_come_in_one_order_each_once(kingsway):
    assert newest(live_lists(kingsway), size=50) == offered_to(kingsway)
    assert len(offered_to(kingsway)) == 6


def test_a_walk_goes_on_where_it_ended_and_back_again(kingsway):
    lists, every = live_lists(kingsway), offered_to(kingsway)
    assert newest(lists, size=2) == every[:2]
    assert newest(lists, size=2, beyond=every[1]) == every[2:4]
    assert newest(lists, size=2, beyond=every[4], is_up=True) == [every[3], every[2]]
    assert newest(lists, size=50, beyond=every[5]) == []


def test_what_is_not_offered_is_not_walked(kingsway):
    first, second, *rest = offered_to(kingsway)
    Product.objects.filter(pk=first).update(is_active=False)
    EffectivePrice.objects.filter(variant__product=second).delete()
    assert newest(live_lists(kingsway), size=50) == rest


def test_an_ended_partnership_has_no_list_to_walk(kingsway):
    Partnership.objects.filter(retailer=kingsway).update(state=PartnershipState.ENDED)
    assert not possible(live_lists(kingsway))
    assert "No supplier yet" in client_of(kingsway).get(reverse("catalogue")).content.decode()


def test_the_pages_of_the_catalogue_hold_every_product_once_there_and_back(kingsway, monkeypatch):
    monkeypatch.setattr(CatalogueView, "page_size", 2)
    client, every = client_of(kingsway), offered_to(kingsway)
    address, seen = reverse("catalogue"), []
    while address:
        page = client.get(address).content.decode()
        seen += shown(page)
        address, last = link(page, "next"), page
    assert seen == every
    assert shown(client.get(link(last, "prev")).content.decode()) == every[2:4]
    assert "5–6 of 6" in last


def client_of(company: Company) -> Client:
    client = Client()
    client.force_login(MembershipFactory(company=company).user)
    return client


def shown(page: str) -> list[int]:
    return [int(pk) for pk in re.findall(r'name="row" value="(\d+)"', page)]


def link(page: str, rel: str) -> str:
    found = re.search(rf'rel="{rel}" href="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else ""
