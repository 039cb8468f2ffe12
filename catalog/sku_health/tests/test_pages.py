"""The page of SKU health, its clicks and its API."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from catalog.models import SkuAlias, SkuFinding, Variant
from catalog.services import assign_price_list, create_price_list
from catalog.tests.factories import VariantFactory


@pytest.fixture
def near(kingsway, acme, partnership):
    """Acme's own 022423 beside Kingsway's 22423."""
    VariantFactory(product__company=acme, sku="022423")
    VariantFactory(product__company=kingsway, sku="22423")
    assign_price_list(partnership, create_price_list(kingsway, name="Trade", percent_off=Decimal(20)))


@pytest.mark.row("S3-04")
def test_the_page_looks_by_itself_and_shows_what_only_looks_alike(acme, near, login):
    page = login(acme).get(reverse("sku-health")).content.decode()
    assert "022423" in page
    assert "Differs by leading zeros." in page
    assert "Kingsway Giftware" in page


@pytest.mark.row("S3-04")
def test_one_click_remembers_that_two_skus_are_the_same(kingsway, acme, near, login):
    client = login(acme)
    client.get(reverse("sku-health"))
    row = SkuFinding.objects.get(company=acme, kind="near")
    page = client.post(reverse("sku-health"), {"action": "same", "row": row.pk}, follow=True).content.decode()
    assert "1 remembered." in page
    assert SkuAlias.objects.get(company=acme).variant == Variant.objects.get(company=kingsway)
    page = client.post(
        f"{reverse('sku-health')}?tab=matched", {"action": "forget", "row": row.pk}, follow=True
    ).content.decode()
    assert "1 forgotten." in page
    assert not SkuAlias.objects.exists()


@pytest.mark.row("S3-14")
def test_options_without_a_sku_are_listed_with_a_link_to_their_product(kingsway, login):
    row = VariantFactory(product__company=kingsway, sku="", name="Red", product__name="Hand warmer")
    page = login(kingsway).get(reverse("sku-health")).content.decode()
    assert "“Hand warmer, Red” has no SKU" in page
    assert reverse("product", args=[row.product_id]) in page


def test_what_cannot_be_settled_is_said(acme, login):
    VariantFactory(product__company=acme, sku="")
    client = login(acme)
    client.get(reverse("sku-health"))
    row = SkuFinding.objects.get()
    page = client.post(reverse("sku-health"), {"action": "same", "row": row.pk}, follow=True).content.decode()
    assert "Choose rows that look like a partner" in page


def test_a_viewer_sees_but_does_not_settle(acme, near, login):
    client = login(acme, "viewer")
    client.get(reverse("sku-health"))
    row = SkuFinding.objects.get(company=acme, kind="near")
    assert client.post(reverse("sku-health"), {"action": "same", "row": row.pk}).status_code == 403
    assert client.post(reverse("sku-health-look")).status_code == 403


def test_the_list_costs_the_same_for_many_findings(kingsway, login, django_assert_max_num_queries):
    for n in range(40):
        VariantFactory(product__company=kingsway, sku=f"s{n}")
        VariantFactory(product__company=kingsway, sku=f"0s{n}")
    client = login(kingsway)
    client.get(reverse("sku-health"))
    with django_assert_max_num_queries(25):
        assert b"leading zeros" in client.get(reverse("sku-health")).content


def test_an_empty_catalogue_and_one_in_order_say_so(kingsway, login):
    client = login(kingsway)
    assert b"No SKUs yet" in client.get(reverse("sku-health")).content
    VariantFactory(product__company=kingsway, sku="22423")
    client.post(reverse("sku-health-look"))
    assert b"Every SKU is in order" in client.get(reverse("sku-health")).content


def test_a_shared_sku_says_which_product_the_row_is(kingsway, login):
    for name in ("Blue mug", "Green mug"):
        VariantFactory(product__company=kingsway, product__name=name, sku="22423", name="")
    client = login(kingsway)
    client.post(reverse("sku-health-look"))
    page = client.get(reverse("sku-health")).content.decode()
    assert "“Blue mug” shares it with 1 other of your goods." in page
    assert "“Green mug” shares it with 1 other of your goods." in page


def test_a_retailer_without_own_goods_is_led_to_its_suppliers(kingsway, acme, partnership, login):
    VariantFactory(product__company=kingsway, sku="22423")
    assign_price_list(partnership, create_price_list(kingsway, name="Trade", percent_off=Decimal(20)))
    page = login(acme).get(reverse("sku-health")).content.decode()
    assert "You have no goods of your own to compare." in page
    assert "No SKUs yet" not in page


def test_a_program_reads_and_settles_findings(acme, near, api):
    client = api(acme, "products:write")
    assert client.post("/api/v1/sku-health/look/").status_code == 202
    (row,) = client.get("/api/v1/sku-health/?kind=near").data["results"]
    assert (row["sku"], row["other_sku"]) == ("022423", "22423")
    assert client.post(f"/api/v1/sku-health/{row['id']}/same/").data["kind"] == "matched"
    assert client.post(f"/api/v1/sku-health/{row['id']}/different/").status_code == 400
    assert api(acme, "products:read").post("/api/v1/sku-health/look/").status_code == 403
