"""A sale in one shop is gone from every other within one round of webhooks."""

from __future__ import annotations

import pytest

from catalog import services as catalog
from channels import inbox
from channels.models import Receipt
from channels.tests.trading import choices, choose_everything, listed, open_door
from channels.tests.world import World, run
from portal.companies.tests.factories import MembershipFactory, PartnershipFactory, RetailerFactory

pytestmark = pytest.mark.django_db


def second_shop(world: World, trade, kind: str):
    """Another retailer of the same supplier, with its own store of ``kind``, selling the same goods."""
    retailer = RetailerFactory(is_sandbox=True)
    MembershipFactory(company=retailer)
    partnership = PartnershipFactory(supplier=trade.supplier, retailer=retailer)
    catalog.assign_price_list(partnership, trade.price_list)
    store = world.store(kind, "Fern")
    sells = world.connect(retailer, store, settings=choices(store))
    catalog.choose(retailer, product_ids=list(trade.supplier.products.values_list("pk", flat=True)))
    run(sells, "push_listings")
    return store, sells


@pytest.mark.parametrize("kind", ["bigcommerce", "shift4shop"])
def test_a_sale_at_one_retailer_reaches_the_others_store_within_one_webhook_round(world: World, kind: str):
    trade = listed(world, supplier_kind="shift4shop")
    store, sells = second_shop(world, trade, kind)
    queue, door = open_door(world, trade.retailer_store.kind)
    run(trade.sells, "register_hooks")
    trade.buy({"sku": "LAN-1", "quantity": 3, "price": "12.50"})
    queue.deliver_due()
    assert Receipt.objects.filter(integration=trade.sells).exists()
    inbox.handle_waiting(trade.sells.pk)
    run(sells, "push_stock")
    shown = {product["sku"]: int(product["stock"]) for product in store.products()}
    assert shown == {"LAN-1": 37, "TEA-1": 25}


def test_what_is_reserved_beyond_the_stock_shows_as_nothing_and_never_as_less(world: World):
    trade = listed(world, supplier_kind="shift4shop")
    trade.supplier_store.set_stock(**{"LAN-1": -4})
    run(trade.supplies, "pull_stock")
    run(trade.sells, "push_stock")
    shown = {product["sku"]: int(product["stock"]) for product in trade.retailer_store.products()}
    assert shown["LAN-1"] == 0
    choose_everything(trade)
