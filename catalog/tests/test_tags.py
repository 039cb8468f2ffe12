"""Tags: put on and taken off, one by one and in bulk, on screen and by machine; prices by tag follow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import EffectivePrice, PriceList, ProductTag, Variant
from catalog.pricing import Rule
from catalog.services import set_rules
from catalog.services.tags import set_tags, tag_products, tags_of, untag_products
from catalog.tests.factories import trading
from catalog.tests.test_api import Program
from catalog.tests.test_pages import browser_of, text
from portal.companies.models import AuditEvent, Partnership, Role
from portal.companies.tests.factories import SupplierFactory
from portal.lib.errors import DomainError

pytestmark = pytest.mark.django_db
LISTED, OUTLET = Decimal("10.20"), Decimal("2.55")


@pytest.fixture
def partnership() -> Partnership:
    """Two products on a list that takes 80 % off what is tagged outlet."""
    partnership = trading(goods=2)
    set_rules(PriceList.objects.get(), [Rule("tag", "outlet", Decimal(80))])
    return partnership


@pytest.fixture
def products(partnership) -> list:
    return [variant.product for variant in Variant.objects.order_by("pk").select_related("product")]


def amounts() -> list[Decimal]:
    rows = EffectivePrice.objects.filter(valid_until__isnull=True).order_by("variant_id")
    return list(rows.values_list("amount", flat=True))


def words(product) -> list[str]:
    return list(product.tags.values_list("name", flat=True))


def test_prices_follow_a_tag_when_it_comes_and_when_it_goes(partnership, products):
    ids = [one.pk for one in products]
    assert tag_products(partnership.supplier, ids, name=" Outlet ") == 2
    assert amounts() == [OUTLET, OUTLET]
    assert untag_products(partnership.supplier, ids[:1], name="OUTLET") == 1
    assert amounts() == [LISTED, OUTLET]
    assert untag_products(partnership.supplier, ids[:1], name="outlet") == 0


def test_the_tags_of_a_product_become_what_is_given_and_nothing_is_repriced_twice(partnership, products):
    first = products[0]
    assert set_tags(partnership.supplier, first, ["Outlet", "New", "outlet"]) == ["New", "Outlet"]
    assert amounts() == [OUTLET, LISTED]
    rows = EffectivePrice.objects.count()
    assert set_tags(partnership.supplier, first, ["new", "outlet"]) == ["New", "Outlet"]
    assert EffectivePrice.objects.count() == rows
    assert set_tags(partnership.supplier, first, []) == []
    assert amounts() == [LISTED, LISTED]


def test_an_empty_a_long_and_a_21st_tag_are_refused_with_a_sentence(partnership, products):
    for wrong in ([" "], ["x" * 61], [str(n) for n in range(21)]):
        with pytest.raises(DomainError):
            set_tags(partnership.supplier, products[0], wrong)
    assert not ProductTag.objects.exists()


def test_tags_of_others_are_neither_counted_nor_changed(partnership, products):
    stranger = SupplierFactory()
    tag_products(partnership.supplier, [products[0].pk], name="outlet")
    assert (tag_products(stranger, [products[0].pk], name="mine"), tags_of(stranger, most=9)) == (0, [])
    assert untag_products(stranger, [products[0].pk], name="outlet") == 0
    assert words(products[0]) == ["outlet"]


# --- on screen --------------------------------------------------------------------------------------------------------


def test_a_person_puts_tags_on_a_product_and_takes_them_off_on_its_page(partnership, products):
    person, page = browser_of(partnership.supplier), reverse("product", args=[products[0].pk])
    address = reverse("product-tags", args=[products[0].pk])
    assert "outlet" in text(person.post(address, {"add": "outlet"}, follow=True))
    assert amounts()[0] == OUTLET
    assert "Take the tag “outlet” off" in text(person.get(page))
    assert "at most 60" in text(person.post(address, {"add": " "}, follow=True))
    person.post(address, {"drop": "outlet"})
    assert (words(products[0]), amounts()[0]) == ([], LISTED)
    assert AuditEvent.objects.filter(action="product.tagged").count() == 2


def test_tags_go_on_and_off_in_bulk_on_products_and_on_prices(partnership, products):
    person, grid = browser_of(partnership.supplier), reverse("price-list", args=[PriceList.objects.get().pk])
    both = [one.pk for one in products]
    said = text(person.post(reverse("products"), {"action": "tag", "bulk": "outlet", "row": both}, follow=True))
    assert "2 products carry the tag" in said
    assert amounts() == [OUTLET, OUTLET]
    row = Variant.objects.get(product=products[0]).pk
    assert "1 product no longer carries" in text(
        person.post(grid, {"action": "untag", "bulk": "Outlet", "row": [row]}, follow=True)
    )
    assert amounts() == [LISTED, OUTLET]


def test_lists_are_narrowed_by_tag(partnership, products):
    first, second = products
    tag_products(partnership.supplier, [first.pk], name="Outlet")
    person = browser_of(partnership.supplier)
    for address in (reverse("products"), reverse("price-list", args=[PriceList.objects.get().pk])):
        page = text(person.get(address, {"tag": "outlet"}))
        assert first.name in page
        assert second.name not in page


def test_who_may_not_change_products_changes_no_tag_and_a_stranger_finds_nothing(partnership, products):
    address = reverse("product-tags", args=[products[0].pk])
    assert browser_of(partnership.supplier, Role.VIEWER).post(address, {"add": "outlet"}).status_code == 403
    assert browser_of(SupplierFactory()).post(address, {"add": "outlet"}).status_code == 404
    assert browser_of(partnership.retailer).post(address, {"add": "outlet"}).status_code == 404
    assert words(products[0]) == []


# --- by machine -------------------------------------------------------------------------------------------------------


def test_a_program_reads_filters_and_sets_tags(partnership, products):
    program = Program(partnership.supplier, "products:write")
    path = f"products/{products[0].pk}/tags/"
    assert program.send("put", path, tags=["Outlet", "New"]).json() == {"tags": ["New", "Outlet"]}
    assert program.get(path) == {"tags": ["New", "Outlet"]}
    assert amounts() == [OUTLET, LISTED]
    found = program.get("products/", tag="OUTLET")["results"]
    assert [(one["id"], one["tags"]) for one in found] == [(products[0].pk, ["New", "Outlet"])]
    assert program.send("put", path, tags=["x" * 61]).status_code == 400


def test_a_program_tags_many_and_passes_by_what_is_not_its_own(partnership, products):
    ids = [one.pk for one in products]
    program, stranger = (Program(company, "products:write") for company in (partnership.supplier, SupplierFactory()))
    assert program.send("post", "products/tag/", tag="outlet", product_ids=ids).json() == {"products": 2}
    assert stranger.send("post", "products/untag/", tag="outlet", product_ids=ids).json() == {"products": 0}
    assert stranger.send("put", f"products/{ids[0]}/tags/", tags=[]).status_code == 404
    assert program.send("post", "products/untag/", tag="outlet", product_ids=ids[:1]).json() == {"products": 1}
    assert amounts() == [LISTED, OUTLET]


def test_a_key_that_may_only_read_sets_no_tag(partnership, products):
    reader = Program(partnership.supplier, "products:read")
    assert reader.send("put", f"products/{products[0].pk}/tags/", tags=["outlet"]).status_code == 403
    assert reader.send("post", "products/tag/", tag="outlet", product_ids=[products[0].pk]).status_code == 403
    assert words(products[0]) == []
