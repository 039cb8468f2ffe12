"""Lists of 100,000 rows: the first and the 1,000th page cost the same, in a bounded number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import EffectivePrice, Product, Variant
from catalog.services import assign_price_list, bulk
from catalog.tests.factories import PriceListFactory
from portal.companies.models import Company
from portal.companies.tests.factories import MembershipFactory, PartnershipFactory, make_key
from portal.lib import clock
from portal.ui.lists.paging import Cursor

pytestmark = pytest.mark.django_db
ROWS = 100_000


@pytest.fixture
def partnership():
    """A partnership with 100,000 products of one variant each, all priced, written in sets."""
    partnership = PartnershipFactory()
    price_list = PriceListFactory(company=partnership.supplier)
    assign_price_list(partnership, price_list)
    now = bulk.raw_time(clock.now())
    names = (
        "company_id",
        "name",
        "description",
        "brand",
        "category",
        "image_url",
        "is_active",
        "created_at",
        "updated_at",
    )
    products = [(partnership.supplier_id, f"Cakestand {n:06}", "", "", "", "", True, now, now) for n in range(ROWS)]
    product_ids = bulk.insert_rows(Product, names, products)
    names = (
        "company_id", "product_id", "sku", "sku_key", "name", "options", "barcode", "currency", "price", "image_url",
        "tracks_stock", "is_active", "position", "created_at", "updated_at",
    )  # fmt: skip
    price = bulk.raw_decimal(Variant._meta.get_field("price").to_python("12.75"))
    variants = [
        (partnership.supplier_id, pk, f"S{pk}", f"s{pk}", "", "{}", "", "GBP", price, "", True, True, 0, now, now)
        for pk in product_ids
    ]
    variant_ids = bulk.insert_rows(Variant, names, variants)
    names = (
        "price_list_id",
        "variant_id",
        "amount",
        "retail_amount",
        "list_version",
        "rule",
        "explanation",
        "breaks",
        "valid_from",
    )
    rows = [(price_list.pk, pk, price, price, 1, "List", "{}", "[]", now) for pk in variant_ids]
    bulk.insert_rows(EffectivePrice, names, rows)
    _tell_planner()
    return partnership


def _tell_planner() -> None:
    """What PostgreSQL's own worker would do within a minute of such a load."""
    if bulk.is_postgres():
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def client_of(company: Company) -> Client:
    client = Client()
    client.force_login(MembershipFactory(company=company).user)
    return client


def queries_of(client: Client, path: str, **params: str) -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path, params)
    assert answer.status_code == 200
    return [query["sql"].split(" FROM ")[0] for query in queries]


def deep(pk: int, place: int, value: object = None) -> str:
    """The cursor of a page far inside a list ordered by key, as its own links would give it."""
    return Cursor(pk if value is None else value, pk, place).text()


def test_lists_of_100000_rows_answer_their_first_and_their_1000th_page_alike(partnership):
    first_product, first_variant = Product.objects.order_by("pk").first().pk, Variant.objects.order_by("pk").first().pk
    price_list = partnership.price_assignment.price_list_id
    far = ROWS // 2
    lists = (
        (partnership.supplier, reverse("products"), deep(first_product + far, far)),
        (partnership.retailer, reverse("catalogue"), deep(first_product + far, far)),
        (
            partnership.supplier,
            reverse("price-list", args=[price_list]),
            deep(first_variant + far, far, first_product + far),
        ),
    )
    for company, path, cursor in lists:
        client = client_of(company)
        client.get(path)
        first, far_in = queries_of(client, path), queries_of(client, path, at=cursor)
        assert len(far_in) <= len(first) + 1, path
        assert len(first) < 40, path
        assert not any("OFFSET" in sql for sql in far_in)
    _api_reads_on_by_cursor(partnership.retailer)


def _api_reads_on_by_cursor(retailer: Company) -> None:
    client = Client(headers={"Authorization": f"Bearer {make_key(retailer, 'products:read')}"})
    first = client.get("/api/v1/offers/").json()
    with CaptureQueriesContext(connection) as queries:
        second = client.get(first["next"]).json()
    assert len(second["results"]) == 50
    assert second["results"][0]["id"] < first["results"][-1]["id"]
    assert len(queries) <= 4
