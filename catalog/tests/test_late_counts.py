"""A long list opens before the numbers of its tabs are known; they follow by themselves."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import EffectivePrice, PriceList
from catalog.tests.factories import trading
from catalog.tests.test_pages import browser_of
from portal.ui.lists import counting

pytestmark = pytest.mark.django_db


@pytest.fixture
def price_list(monkeypatch) -> PriceList:
    """A list of four products, longer than what is counted; one has no price."""
    monkeypatch.setattr(counting, "LIMIT", 3)
    price_list = trading(goods=4).price_assignment.price_list
    EffectivePrice.objects.filter(price_list=price_list).first().delete()
    return price_list


@pytest.fixture
def client(price_list) -> Client:
    return browser_of(price_list.company)


def grid(price_list: PriceList) -> str:
    return reverse("price-list", args=[price_list.pk])


def late(page: str) -> str:
    """The address from which the page fetches its tabs, "" for none."""
    found = re.search(r'hx-get="([^"]*counts=1[^"]*)"', page)
    return found[1].replace("&amp;", "&") if found else ""


def tab(page: str, name: str) -> str:
    """What stands in a tab: its name and number."""
    found = next(one for one in re.findall(r'<a href="[^"]*"[^>]*>(.*?)</a>', page, re.S) if name in one)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_a_long_list_opens_without_its_tabs_numbers_and_fetches_them(client, price_list):
    page = client.get(grid(price_list)).content.decode()
    assert tab(page, "No price") == "No price"
    tabs = client.get(late(page)).content.decode()
    assert tab(tabs, "No price") == "No price 1"
    assert tabs.count("<html") == 0


def test_the_tabs_that_follow_lead_to_the_list_and_fetch_nothing_more(client, price_list):
    page = client.get(f"{grid(price_list)}?sort=sku").content.decode()
    tabs = client.get(late(page)).content.decode()
    assert "counts=" not in tabs
    assert "sort=sku" in tabs


def test_a_tab_of_few_rows_in_a_long_list_shows_its_own_number_at_once(client, price_list):
    page = client.get(f"{grid(price_list)}?tab=none").content.decode()
    assert tab(page, "No price") == "No price 1"
    assert tab(page, "All") == "All"
    assert tab(client.get(late(page)).content.decode(), "All") == "All 3+"


def test_a_short_list_has_its_numbers_at_once(client, price_list, monkeypatch):
    monkeypatch.setattr(counting, "LIMIT", 100)
    page = client.get(grid(price_list)).content.decode()
    assert (tab(page, "No price"), late(page)) == ("No price 1", "")


def test_a_stranger_gets_no_numbers(price_list):
    stranger = browser_of(trading().supplier)
    assert stranger.get(f"{grid(price_list)}?counts=1").status_code == 404
