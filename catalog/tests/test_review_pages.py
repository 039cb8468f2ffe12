"""The page before publishing, and the pages of a retailer's rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import Adoption, Listing, RetailRule, Variant
from catalog.readiness import readiness_of, readiness_of_listings
from catalog.services import choose, set_retail_price
from catalog.tests.factories import VariantFactory, trading
from portal.companies.tests.factories import RetailerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    return trading(goods=3)


def offered(partnership) -> list[Variant]:
    return list(Variant.objects.filter(company=partnership.supplier).order_by("pk"))


def review_address(*variants: Variant) -> str:
    return reverse("catalogue-review") + "?" + "&".join(f"product={one.product_id}" for one in variants)


def codes(readiness) -> dict[str, int]:
    return {finding.lack.code: finding.count for finding in readiness.findings}


def test_check_first_leads_from_the_catalogue_to_the_page_before_publishing(partnership, login):
    one = offered(partnership)[0]
    answer = login(partnership.retailer).post(reverse("catalogue"), {"action": "check", "row": [one.product_id]})
    assert answer.url == review_address(one)
    assert not Listing.objects.exists()


def test_the_page_says_what_is_missing_and_publishing_does_it(partnership, login):
    Variant.objects.filter(pk=offered(partnership)[0].pk).update(sku="", sku_key="")
    client = login(partnership.retailer)
    text = client.get(review_address(*offered(partnership))).content.decode()
    assert "No SKU" in text
    assert "Publish 2 variants" in text
    client.post(review_address(*offered(partnership)), follow=True)
    client.post(review_address(*offered(partnership)), follow=True)
    assert Listing.objects.count() == 3


def test_what_the_store_has_is_shown_and_taken_over_only_with_its_tick(partnership, login):
    first, second, _ = offered(partnership)
    Variant.objects.filter(pk__in=[first.pk, second.pk]).update(barcode="")
    Variant.objects.filter(pk=first.pk).update(barcode="111")
    Variant.objects.filter(pk=second.pk).update(barcode="222")
    mine = VariantFactory(product__company=partnership.retailer, product__name="Our heart", sku="A1", barcode="111")
    VariantFactory(product__company=partnership.retailer, sku="A2", barcode="222")
    client = login(partnership.retailer)
    assert "Our heart" in client.get(review_address(first, second)).content.decode()
    client.post(review_address(first, second), {"adopt": [first.pk]})
    assert list(Adoption.objects.values_list("variant", "own", "how")) == [(first.pk, mine.pk, "barcode")]


def test_a_stranger_sees_and_publishes_nothing(partnership, login):
    stranger = RetailerFactory()
    client = login(stranger)
    text = client.get(review_address(*offered(partnership))).content.decode()
    assert offered(partnership)[0].sku not in text or "Not offered" in text
    client.post(review_address(*offered(partnership)))
    assert not Listing.objects.exists()


@pytest.mark.parametrize("query", ["", "?product=", "?product=abc", "?product=-1", "?product=99999999999999999999"])
def test_addresses_without_sense_show_an_empty_page(partnership, login, query):
    text = login(partnership.retailer).get(reverse("catalogue-review") + query).content.decode()
    assert "Nothing is chosen" in text


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sku": "", "sku_key": ""}, "no_sku"),
        ({"weight": None}, "no_weight"),
        ({"tracks_stock": False}, "not_counted"),
        ({"is_active": False}, "not_offered"),
    ],
)
def test_each_lack_is_found(partnership, change, code):
    one = offered(partnership)[0]
    Variant.objects.filter(pk=one.pk).update(**change)
    assert codes(readiness_of(partnership.retailer, product_ids=[one.product_id]))[code] == 1


def test_two_variants_of_one_sku_are_told_once(partnership):
    first = offered(partnership)[0]
    twin = VariantFactory(product=first.product, sku=first.sku.upper() + " ", sku_key=first.sku_key)
    from catalog.services import refresh_company_prices

    refresh_company_prices(partnership.supplier, [twin.pk])
    assert codes(readiness_of(partnership.retailer, product_ids=[first.product_id]))["sku_twice"] == 1


def test_an_own_price_below_cost_or_map_is_told(partnership):
    one = offered(partnership)[0]
    Variant.objects.filter(pk=one.pk).update(map_price=Decimal(12))
    choose(partnership.retailer, variant_ids=[one.pk])
    set_retail_price(partnership.retailer, [Listing.objects.get().pk], amount=Decimal(5))
    found = codes(readiness_of_listings(partnership.retailer))
    assert (found["below_cost"], found["below_map"]) == (1, 1)


def test_many_goods_cost_no_more_statements_than_few(partnership, django_assert_max_num_queries):
    ids = [one.product_id for one in offered(partnership)]
    with django_assert_max_num_queries(5):
        assert readiness_of(partnership.retailer, product_ids=ids).variants == 3


def test_a_rule_is_looked_at_and_saved_on_its_page(partnership, login):
    choose(partnership.retailer, variant_ids=[offered(partnership)[0].pk])
    client = login(partnership.retailer)
    address = reverse("retail-rule", args=[partnership.pk])
    typed = {"basis": "cost", "percent": "40", "rounding_ending": "0.99", "rounding_direction": "up"}
    look = client.get(address, {**typed, "look": "1"}).content.decode()
    assert "£14.99" in look
    assert not RetailRule.objects.exists()
    client.post(address, {**typed, "writes_price": "on", "writes_stock": "on"})
    rule = RetailRule.objects.get()
    assert (rule.percent, rule.keeps) == (Decimal(40), frozenset({"title", "description", "images"}))
    assert "What you pay plus 40 %, ends in .99, up" in client.get(reverse("retail-rules")).content.decode()


@pytest.mark.parametrize(("percent", "said"), [("100", "leaves no price"), ("", "required"), ("x", "number")])
def test_a_rule_without_sense_comes_back_with_its_sentence(partnership, login, percent, said):
    typed = {"basis": "suggested", "percent": percent, "rounding_direction": "up"}
    answer = login(partnership.retailer).post(reverse("retail-rule", args=[partnership.pk]), typed)
    assert said in answer.content.decode()
    assert not RetailRule.objects.exists()


def test_the_supplier_cannot_set_the_retailers_rule(partnership, login):
    assert login(partnership.supplier).get(reverse("retail-rule", args=[partnership.pk])).status_code == 404


def test_a_viewer_reads_the_rules_but_changes_none(partnership, login):
    client = login(partnership.retailer, "viewer")
    assert client.get(reverse("retail-rules")).status_code == 200
    assert client.get(reverse("retail-rule", args=[partnership.pk])).status_code == 403


def test_a_product_is_matched_by_hand_on_its_page_and_the_match_forgotten(partnership, login):
    one = offered(partnership)[0]
    VariantFactory(product__company=partnership.retailer, product__name="Our heart", sku="SHOP-77")
    client, address = login(partnership.retailer), reverse("product-adopt", args=[one.product_id])
    page = client.post(address, {"variant": one.pk, "sku": "shop-77"}, follow=True).content.decode()
    assert "as SHOP-77" in page
    assert Adoption.objects.get().how == "hand"
    assert "No product of your store has" in client.post(address, {"sku": "GONE"}, follow=True).content.decode()
    client.post(address, {"variant": one.pk, "sku": ""})
    assert not Adoption.objects.exists()


def test_only_those_who_may_choose_goods_match_them(partnership, login):
    address = reverse("product-adopt", args=[offered(partnership)[0].product_id])
    assert login(partnership.retailer, "viewer").post(address, {"sku": "X"}).status_code == 403
