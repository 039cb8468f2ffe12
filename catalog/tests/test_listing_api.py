"""What programs of a retailer can do beside choosing: search, count, check, take over, price by a rule."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.models import Adoption, Listing, RetailRule, Variant
from catalog.services import choose, refresh_company_prices
from catalog.tests.factories import VariantFactory, trading
from portal.companies.tests.factories import RetailerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    made = trading()
    lantern = VariantFactory(product__company=made.supplier, product__name="Brass lantern", sku="LAN-1")
    refresh_company_prices(made.supplier, [lantern.pk])
    return made


@pytest.fixture
def lantern(partnership) -> Variant:
    return Variant.objects.get(sku="LAN-1")


def skus(answer) -> list[str]:
    return [row["sku"] for row in answer.json()["results"]]


def test_offers_are_searched_with_typos_forgiven_and_the_best_first(partnership, login):
    client = login(partnership.retailer)
    assert skus(client.get("/api/v1/offers/?search=lantren")) == ["LAN-1"]
    assert skus(client.get("/api/v1/offers/?search=lan-1")) == ["LAN-1"]
    assert skus(login(RetailerFactory()).get("/api/v1/offers/?search=lantern")) == []


def test_own_products_are_searched(partnership, login):
    rows = login(partnership.supplier).get("/api/v1/products/?search=lantren").json()["results"]
    assert [row["name"] for row in rows] == ["Brass lantern"]


def test_pages_of_a_search_follow_each_other(partnership, login):
    for n in range(5):
        one = VariantFactory(product__company=partnership.supplier, product__name=f"Lantern {n}", sku=f"X-{n}")
        refresh_company_prices(partnership.supplier, [one.pk])
    client, found = login(partnership.retailer), []
    address = "/api/v1/offers/?search=lantern&page_size=2"
    while address:
        answer = client.get(address).json()
        found += [row["sku"] for row in answer["results"]]
        address = answer["next"]
    assert sorted(found) == ["LAN-1", "X-0", "X-1", "X-2", "X-3", "X-4"]


def test_facets_count_under_search_and_filters(partnership, login):
    client = login(partnership.retailer)
    all_of_them = {one["key"]: one for one in client.get("/api/v1/offers/facets/").json()}
    assert all_of_them["supplier"]["values"][0]["count"] == 2
    narrowed = {one["key"]: one for one in client.get("/api/v1/offers/facets/?search=lantren").json()}
    assert narrowed["supplier"]["values"][0]["count"] == 1
    assert client.get("/api/v1/offers/facets/?supplier_id=999999").json() == []


def test_readiness_names_what_is_missing_and_what_the_store_has(partnership, lantern, login):
    Variant.objects.filter(pk=lantern.pk).update(barcode="111")
    own = VariantFactory(product__company=partnership.retailer, barcode="111")
    client = login(partnership.retailer)
    body = client.post("/api/v1/listings/readiness/", {"variant_ids": [lantern.pk]}, "application/json").json()
    assert (body["variants"], body["ready"]) == (1, 1)
    assert body["already_in_store"] == [{"variant_id": lantern.pk, "own_variant_id": own.pk, "how": "barcode"}]
    assert "no_image" in {one["code"] for one in body["findings"]}
    assert not Listing.objects.exists()


def test_matches_are_taken_over_once_and_only_with_ones_own_goods(partnership, lantern, login):
    own = VariantFactory(product__company=partnership.retailer)
    client, match = login(partnership.retailer), {"variant_id": lantern.pk, "own_variant_id": own.pk}
    for expected in (1, 0):
        answer = client.post("/api/v1/listings/adopt/", {"matches": [match]}, "application/json")
        assert answer.json() == {"adopted": expected}
    stranger = login(RetailerFactory())
    assert stranger.post("/api/v1/listings/adopt/", {"matches": [match]}, "application/json").status_code == 400
    assert Adoption.objects.count() == 1


def test_a_rule_is_read_changed_and_refused_with_its_field(partnership, lantern, login):
    choose(partnership.retailer, variant_ids=[lantern.pk])
    client, address = login(partnership.retailer), f"/api/v1/retail-rules/{partnership.pk}/"
    assert client.get(address).json()["percent"] == "0.000"
    changed = client.patch(address, {"basis": "cost", "percent": "50"}, "application/json")
    assert (changed.status_code, changed.json()["basis"]) == (200, "cost")
    listing = client.get("/api/v1/listings/").json()["results"][0]
    assert Decimal(listing["shelf_price"]) == Decimal("15.30")
    refused = client.patch(address, {"percent": "-100"}, "application/json")
    assert refused.status_code == 400
    assert "percent" in refused.content.decode()
    assert RetailRule.objects.get().percent == 50
    assert [row["id"] for row in client.get("/api/v1/retail-rules/").json()["results"]] == [partnership.pk]


def test_neither_the_supplier_nor_a_stranger_reads_the_rule(partnership, login):
    for company in (partnership.supplier, RetailerFactory()):
        assert login(company).get(f"/api/v1/retail-rules/{partnership.pk}/").status_code == 404


def test_who_may_only_look_changes_no_rule(partnership, login):
    answer = login(partnership.retailer, "viewer").patch(
        f"/api/v1/retail-rules/{partnership.pk}/", {"percent": "5"}, "application/json"
    )
    assert answer.status_code == 403
