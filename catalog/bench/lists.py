"""Goals ``api-list`` and ``portal-list``: 50 variants with the partner's price, against the same rows read by the driver alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog.bench.offered import Offered, offered
from catalog.bench.search import timed
from portal.companies.models import Membership, Role, User
from portal.lib.bench import Row

SIZE = 50
# The least that a page must read: names, price, units; keyset by the key.
FLOOR = """
SELECT v.id, v.sku, v.name, p.name, p.brand, e.amount, e.retail_amount, l.currency,
  (SELECT SUM(s.on_hand) FROM catalog_stocklevel s WHERE s.variant_id = v.id)
FROM catalog_variant v JOIN catalog_product p ON p.id = v.product_id
JOIN catalog_effectiveprice e ON e.variant_id = v.id AND e.valid_until IS NULL
JOIN catalog_pricelist l ON l.id = e.price_list_id
JOIN catalog_pricelistassignment a ON a.price_list_id = l.id
WHERE a.partnership_id = %s AND v.id < %s ORDER BY v.id DESC LIMIT 50
"""


def run(scale: int) -> list[Row]:
    """A page of offers by API and as a page of the portal, among ``scale`` products of two variants; and a deep page against the first."""
    with offered(scale) as place:
        client = _client(place)
        floor = timed(lambda: _driver(place))
        return [*_api(place, client, floor, scale), _portal(client, floor)]


def _api(place: Offered, client: APIClient, floor: float, scale: int) -> list[Row]:
    def first() -> Any:
        return client.get(f"/api/v1/offers/?page_size={SIZE}")

    deep_address = _far(client, pages=min(200, scale * 2 // SIZE // 2))
    ours, deep = timed(first), timed(lambda: client.get(deep_address))
    return [
        Row.of("api-list, 50 offers", ours=1000 * ours, floor=1000 * floor, goal="≤ 5", unit="ms"),
        Row.of("api-list, statements", ours=_statements(first), floor=4, goal="≤ 1", unit="queries"),
        Row.of("api-list, deep page to first", ours=1000 * deep, floor=1000 * ours, goal="≤ 1.2", unit="ms"),
    ]


def _portal(client: APIClient, floor: float) -> Row:
    ours = timed(lambda: client.get("/catalogue/"))
    return Row.of("portal-list, 48 cards", ours=1000 * ours, floor=1000 * floor, goal="≤ 10", unit="ms")


def _far(client: APIClient, *, pages: int) -> str:
    """The address of a page so far down, reached as a program does: by following next, with large steps."""
    address = "/api/v1/offers/?page_size=500"
    for _ in range(max(pages // 10, 1)):
        address = client.get(address).json()["next"] or address
    return address.replace("page_size=500", f"page_size={SIZE}")


def _driver(place: Offered) -> str:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [place.partnership.pk, 2**62])
        return json.dumps(cursor.fetchall(), default=str)


def _statements(work: Callable[[], Any]) -> int:
    """Statements of one answer about the goods; who asks is looked up before."""
    with CaptureQueriesContext(connection) as queries:
        work()
    return sum(1 for one in queries.captured_queries if "catalog_" in one["sql"])


def _client(place: Offered) -> APIClient:
    user = User.objects.create_user(f"bench-{place.retailer.pk}@example.com", None, name="Bench")
    Membership.objects.create(company=place.retailer, user=user, role=Role.OWNER)
    client = APIClient()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
