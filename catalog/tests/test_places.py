"""What the navigation marks on pages whose address stands elsewhere."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from catalog.models import Product
from catalog.tests.factories import trading

pytestmark = pytest.mark.django_db


def marked(page) -> str:
    """The address of the marked item of the navigation."""
    found = re.search(r'<a class="item" href="([^"]+)" aria-current="page"', page.content.decode())
    return found.group(1) if found else ""


def test_a_product_stands_under_products_for_its_owner_and_under_the_catalogue_for_a_partner(login):
    partnership = trading()
    address = reverse("product", args=[Product.objects.get().pk])
    assert marked(login(partnership.supplier).get(address)) == reverse("products")
    assert marked(login(partnership.retailer).get(address)) == reverse("catalogue")


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("imports", "products"),
        ("import-products", "products"),
        ("import-prices", "prices"),
        ("sku-health", "products"),
        ("catalogue", "catalogue"),
    ],
)
def test_a_page_is_marked_where_one_looks_for_it(name, place, login):
    partnership = trading()
    company = partnership.retailer if place == "catalogue" else partnership.supplier
    assert marked(login(company).get(reverse(name))) == reverse(place)
