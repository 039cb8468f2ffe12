"""The catalogue's pages: who sees what, and what editing does."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import EffectivePrice, Listing, PriceList, PriceListAssignment, PriceOverride, Product, Variant
from catalog.services import choose, create_price_list
from catalog.tests.factories import ProductFactory, StockLevelFactory, VariantFactory, trading
from portal.companies.models import Company, Partnership, Role
from portal.companies.tests.factories import MembershipFactory, PartnershipFactory, SupplierFactory

pytestmark = pytest.mark.django_db


def browser_of(company: Company, role: str = Role.OWNER) -> Client:
    """A logged-in person of ``company``."""
    client = Client()
    client.force_login(MembershipFactory(company=company, role=role).user)
    return client


def text(answer: object) -> str:
    return answer.content.decode()


@pytest.fixture
def partnership() -> Partnership:
    return trading()


@pytest.fixture
def price_list(partnership) -> PriceList:
    return partnership.price_assignment.price_list


# --- products ---------------------------------------------------------------------------------------------------------


def test_products_show_stock_price_and_health(partnership):
    level = StockLevelFactory(variant=Variant.objects.get(), on_hand=96)
    VariantFactory(product__company=partnership.supplier, product__name="Odd one", sku="")
    page = text(browser_of(partnership.supplier).get(reverse("products")))
    assert level.variant.product.name in page
    assert "£12.75" in page
    assert "96" in page
    assert "No SKU" in page


def test_a_stranger_sees_neither_products_nor_prices(partnership, price_list):
    stranger = browser_of(SupplierFactory())
    assert Product.objects.get().name not in text(stranger.get(reverse("products")))
    assert stranger.get(reverse("product", args=[Product.objects.get().pk])).status_code == 404
    assert stranger.get(reverse("price-list", args=[price_list.pk])).status_code == 404
    cell = reverse("price-cell", args=[price_list.pk, Variant.objects.get().pk])
    assert stranger.post(cell, {"amount": "1"}).status_code == 404


def test_the_lists_cost_the_same_for_few_and_many():
    counts = []
    for goods in (3, 40):
        partnership = trading(goods=goods)
        for variant in Variant.objects.filter(company=partnership.supplier):
            StockLevelFactory(variant=variant)
        supplier, retailer = browser_of(partnership.supplier), browser_of(partnership.retailer)
        price_list = reverse("price-list", args=[partnership.price_assignment.price_list_id])
        counts.append(
            [
                queries_of(supplier, reverse("products")),
                queries_of(retailer, reverse("catalogue")),
                queries_of(supplier, price_list),
            ]
        )
    assert counts[0] == counts[1]
    assert max(counts[1]) < 40


def queries_of(client: Client, path: str) -> int:
    """How many queries the second look at a page costs (the first one begins the session)."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


def test_search_finds_a_product_by_the_beginning_of_its_sku(partnership):
    VariantFactory(product__company=partnership.supplier, product__name="Jumbo bag", sku="85099B")
    page = text(browser_of(partnership.supplier).get(reverse("products"), {"q": "85099"}))
    assert "Jumbo bag" in page
    assert "Regency cakestand" not in page


def test_a_product_page_tells_its_owner_the_lists_and_its_partner_only_the_partners_price(partnership):
    product = Product.objects.get()
    Variant.objects.update(cost=Decimal("6.91"))
    own = text(browser_of(partnership.supplier).get(reverse("product", args=[product.pk])))
    theirs = text(browser_of(partnership.retailer).get(reverse("product", args=[product.pk])))
    assert "6.91" in own
    assert "£10.20" in theirs
    assert "6.91" not in theirs


# --- catalogue and listings -------------------------------------------------------------------------------------------


@pytest.mark.row("S4-28")
def test_the_catalogue_shows_partners_goods_with_ones_own_price(partnership):
    ProductFactory(name="Somebody else's")
    page = text(browser_of(partnership.retailer).get(reverse("catalogue")))
    assert Product.objects.first().name in page
    assert "£10.20" in page
    assert "Somebody else" not in page


@pytest.mark.row("S4-24")
def test_without_a_price_list_the_catalogue_says_what_is_missing(partnership):
    PriceListAssignment.objects.all().delete()
    page = text(browser_of(partnership.retailer).get(reverse("catalogue")))
    assert "have not shared prices yet" in page
    assert Product.objects.get().name not in page


def test_choosing_products_in_the_catalogue_makes_listings(partnership):
    client = browser_of(partnership.retailer)
    client.post(reverse("catalogue"), {"action": "choose", "row": [Product.objects.get().pk]})
    assert Listing.objects.get().company == partnership.retailer


def test_a_product_is_chosen_on_its_own_page(partnership):
    product = Product.objects.get()
    client = browser_of(partnership.retailer)
    page = text(client.post(reverse("product-choose", args=[product.pk]), follow=True))
    assert Listing.objects.get().product == product
    assert "Listed" in page
    assert browser_of(SupplierFactory()).post(reverse("product-choose", args=[product.pk])).status_code == 404


def test_a_viewer_may_look_but_not_choose(partnership):
    client = browser_of(partnership.retailer, Role.VIEWER)
    answer = client.post(reverse("catalogue"), {"action": "choose", "row": [Product.objects.get().pk]})
    assert answer.status_code == 403
    assert not Listing.objects.exists()


@pytest.mark.parametrize(
    "params", [{"listed": "no"}, {"stock": "in"}, {"margin": "10"}, {"q": "regency"}, {"export": "csv"}]
)
def test_the_catalogue_can_be_narrowed_and_exported(partnership, params):
    StockLevelFactory(variant=Variant.objects.get())
    client = browser_of(partnership.retailer)
    answer = client.get(reverse("catalogue"), params)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert Product.objects.get().name.encode() in body


def test_my_listings_show_cost_shelf_price_and_margin(partnership):
    choose(partnership.retailer, variant_ids=[Variant.objects.get().pk])
    page = text(browser_of(partnership.retailer).get(reverse("listings")))
    assert "£10.20" in page
    assert 'value="12.75"' in page
    assert "20.0" in page


def test_an_own_shelf_price_is_set_in_the_row_and_emptied_again(partnership):
    choose(partnership.retailer, variant_ids=[Variant.objects.get().pk])
    listing, client = Listing.objects.get(), browser_of(partnership.retailer)
    client.post(reverse("listing-price", args=[listing.pk]), {"amount": "£14,50"})
    listing.refresh_from_db()
    assert listing.retail_price == Decimal("14.50")
    client.post(reverse("listing-price", args=[listing.pk]), {"amount": ""})
    listing.refresh_from_db()
    assert listing.retail_price is None


def test_a_supplier_cannot_price_its_partners_listings(partnership):
    choose(partnership.retailer, variant_ids=[Variant.objects.get().pk])
    address = reverse("listing-price", args=[Listing.objects.get().pk])
    assert browser_of(partnership.supplier).post(address, {"amount": "1"}).status_code == 404


# --- prices -----------------------------------------------------------------------------------------------------------


@pytest.mark.row("S4-22", "S4-23")
def test_a_supplier_without_a_list_is_led_to_its_first_one_and_to_the_guide():
    page = text(browser_of(SupplierFactory()).get(reverse("prices")))
    assert reverse("price-list-new") in page
    assert reverse("help-page", args=["prices"]) in page


@pytest.mark.row("S4-22")
def test_making_a_list_prices_the_goods_and_shows_them():
    variant = VariantFactory()
    client = browser_of(variant.company)
    terms = {
        "name": "Trade",
        "margin": "20",
        "how": "retail-percent",
        "rounding_direction": "nearest",
        "state": "live",
        "adds_new_products": "on",
    }
    page = text(client.post(reverse("price-list-new"), terms, follow=True))
    assert EffectivePrice.objects.get().amount == Decimal("10.20")
    assert 'value="10.20"' in page
    assert "List −20 %" in page


@pytest.mark.row("S4-23")
def test_the_pricing_guide_is_linked_from_the_prices_page(partnership, price_list):
    page = text(browser_of(partnership.supplier).get(reverse("price-list", args=[price_list.pk])))
    assert reverse("help-page", args=["prices"]) in page


@pytest.mark.row("S4-24")
def test_the_prices_page_names_a_partner_without_a_list(price_list):
    lonely = PartnershipFactory(supplier=price_list.company, retailer__name="Northwind Home")
    page = text(browser_of(price_list.company).get(reverse("price-list", args=[price_list.pk])))
    assert lonely.retailer.name in page
    assert "They see no products" in page


def test_a_price_is_overridden_in_its_cell_and_given_back(partnership, price_list):
    variant = Variant.objects.get()
    client = browser_of(partnership.supplier)
    cell = reverse("price-cell", args=[price_list.pk, variant.pk])
    row = text(client.post(cell, {"amount": "9.5"}))
    assert 'value="9.50"' in row
    assert "Override" in row
    assert "List −20 %" in text(client.post(cell, {"amount": ""}))
    assert not PriceOverride.objects.exists()


def test_what_is_no_amount_stays_in_the_cell_with_a_sentence(partnership, price_list):
    cell = reverse("price-cell", args=[price_list.pk, Variant.objects.get().pk])
    row = text(browser_of(partnership.supplier).post(cell, {"amount": "cheap"}))
    assert "is not an amount" in row
    assert 'value="cheap"' in row
    assert not PriceOverride.objects.exists()


def test_only_those_who_may_set_prices_do(partnership, price_list):
    client = browser_of(partnership.supplier, Role.OPERATIONS)
    cell = reverse("price-cell", args=[price_list.pk, Variant.objects.get().pk])
    assert client.post(cell, {"amount": "1"}).status_code == 403
    assert client.get(reverse("price-list", args=[price_list.pk])).status_code == 200


def test_why_reads_as_a_sum(partnership, price_list):
    address = reverse("price-explain", args=[price_list.pk, Variant.objects.get().pk])
    page = text(browser_of(partnership.supplier).get(address))
    for piece in ("Why 10.20", "12.75", "− 20 %", "Rounded"):
        assert piece in page


def test_a_price_below_cost_is_pointed_out(partnership, price_list):
    Variant.objects.update(cost=Decimal("11.00"))
    client = browser_of(partnership.supplier)
    assert "below cost" in text(client.get(reverse("price-list", args=[price_list.pk]), {"tab": "cost"}))


def test_assigning_a_list_lets_the_partner_see_goods():
    partnership = PartnershipFactory()
    VariantFactory(product__company=partnership.supplier)
    price_list = create_price_list(partnership.supplier, name="Trade")
    address = reverse("price-list-partners", args=[price_list.pk])
    client = browser_of(partnership.supplier)
    client.post(address, {f"uses-{partnership.pk}": "1", f"buffer-{partnership.pk}": "3"})
    assignment = PriceListAssignment.objects.get()
    assert (assignment.price_list, assignment.stock_buffer) == (price_list, 3)
    client.post(address, {})
    assert not PriceListAssignment.objects.exists()


def test_changed_terms_reprice_at_once(partnership, price_list):
    client = browser_of(partnership.supplier)
    terms = {
        "name": "Trade",
        "margin": "50",
        "how": "retail-percent",
        "rounding_ending": "0.99",
        "rounding_direction": "up",
        "state": "live",
    }
    client.post(reverse("price-list-terms", args=[price_list.pk]), terms)
    assert EffectivePrice.objects.get(valid_until__isnull=True).amount == Decimal("6.99")
