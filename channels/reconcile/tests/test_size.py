"""Five thousand SKUs on both sides: compared without a false alarm, in a bounded number of queries, also while figures move."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import services as catalog
from catalog.data import StockData
from catalog.models import Listing, Variant
from channels.models import Difference, ListingLink, Outbound, Reconciliation
from channels.reconcile.tests.books import hears_webhooks, set_price
from channels.tests.trading import Trade, choose_everything, goods_in_portal
from channels.tests.world import World, run
from portal.lib import clock

pytestmark = pytest.mark.django_db
SKUS, VARIANTS = 5_000, 50


def _figures(number: int) -> dict[str, Any]:
    return {"sku": f"SKU-{number}", "price": "10.00", "stock": number % 50}


def _product(first: int) -> dict[str, Any]:
    """A product with fifty sizes."""
    sizes = [{**_figures(number), "value": f"Size {number}"} for number in range(first, first + VARIANTS)]
    return {"name": f"Goods {first}", "option": "Size", "price": "10.00", "visible": True, "variants": sizes}


@pytest.fixture
def large(world: World) -> Trade:
    """A supplier's store of 5,000 SKUs, and a retailer's store with every one of them, as publishing would have left them."""
    goods = tuple(_product(number) for number in range(0, SKUS, VARIANTS))
    trade = goods_in_portal(world, supplier_kind="bigcommerce", goods=goods)
    choose_everything(trade)
    Outbound.objects.all().delete()
    made = trade.retailer_store.on_shelf(*({"name": f"Item {n}", "cost": "7.00", **_figures(n)} for n in range(SKUS)))
    places = {product["sku"]: str(product["id"]) for product in made}
    ListingLink.objects.bulk_create(
        ListingLink(
            integration=trade.sells,
            listing=listing,
            remote_product_id=places[listing.variant.sku],
            remote_id="0",
            told_stock=int(listing.variant.sku.removeprefix("SKU-")) % 50,
            told_price=Decimal("10.00"),
            told_cost=Decimal("7.00"),
            told_at=clock.now(),
        )
        for listing in Listing.objects.select_related("variant")
    )
    hears_webhooks(trade)
    _tell_planner()
    return trade


def _tell_planner() -> None:
    """What PostgreSQL's own worker would do within a minute of such a load."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def test_five_thousand_skus_agree_and_the_one_that_does_not_is_found(large: Trade):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert run(large.supplies, "reconcile") == ["ok"]
        assert run(large.sells, "reconcile") == ["ok"]
    for integration in (large.supplies, large.sells):
        found = Reconciliation.objects.get(integration=integration)
        assert (found.result, found.differences, found.on_the_way) == ("agrees", 0, 0)
        assert found.compared >= 2 * SKUS
    ours = len([query for query in queries if "rate" not in query["sql"]])
    assert ours < 900

    # Figures move on both sides while the next one reads: what is on its way is no difference, the one hand edit is.
    moved = list(Variant.objects.order_by("pk")[:200].values_list("pk", flat=True))
    catalog.apply_stock(large.supplier, [StockData(variant_id=pk, on_hand=77) for pk in moved])
    large.supplier_store.set_stock(**{f"SKU-{n}": 77 for n in range(200)})
    set_price(large.retailer_store, **{"SKU-4999": "99.00"})
    assert run(large.sells, "reconcile") == ["ok"]
    assert list(Difference.objects.values_list("name", "kind")) == [("SKU-4999 · Goods 4950", "price_edited_there")]
    assert Reconciliation.objects.filter(integration=large.sells).first().on_the_way == 200
