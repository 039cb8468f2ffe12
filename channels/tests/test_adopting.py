"""What a retailer's store had before is taken over, keeps its texts, and every field goes only where the retailer lets it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog import services as catalog
from catalog.models import Adoption, Listing, Product, Variant
from channels.models import ListingLink
from channels.tests.trading import DIRECTIONS, choose_everything, goods_in_portal, listed, make_due
from channels.tests.world import World, run

pytestmark = pytest.mark.django_db
both_directions = pytest.mark.parametrize(("supplier_kind", "retailer_kind"), DIRECTIONS)
OWN = {"name": "Our old lantern", "sku": "SHOP-77", "price": "11.00", "stock": 3}


def shelf(trade) -> dict[str, dict]:
    return {product["sku"]: product for product in trade.retailer_store.products()}


@both_directions
def test_goods_matched_by_hand_are_taken_over_and_not_made_twice(world: World, supplier_kind, retailer_kind):
    trade = goods_in_portal(world, supplier_kind=supplier_kind)
    trade.retailer_store.on_shelf({**OWN, "visible": True})
    assert run(trade.sells, "pull_products") == ["ok"]
    lantern = Variant.objects.get(company=trade.supplier, sku="LAN-1")
    catalog.adopt_own(trade.retailer, lantern, "SHOP-77")
    choose_everything(trade)
    for _ in range(2):
        assert run(trade.sells, "push_listings") == ["ok"]
    assert set(shelf(trade)) == {"SHOP-77", "TEA-1"}
    mine = shelf(trade)["SHOP-77"]
    assert (mine["name"], Decimal(str(mine["price"])), int(mine["stock"])) == ("Our old lantern", Decimal("12.50"), 40)
    assert not Product.objects.get(company=trade.retailer).is_active
    assert ListingLink.objects.filter(listing__variant=lantern).count() == 1


@both_directions
def test_a_sale_of_taken_over_goods_reaches_the_supplier(world: World, supplier_kind, retailer_kind):
    trade = goods_in_portal(world, supplier_kind=supplier_kind)
    trade.retailer_store.on_shelf({**OWN, "visible": True})
    run(trade.sells, "pull_products")
    catalog.adopt_own(trade.retailer, Variant.objects.get(company=trade.supplier, sku="LAN-1"), "SHOP-77")
    choose_everything(trade)
    run(trade.sells, "push_listings")
    trade.buy({"sku": "SHOP-77", "quantity": 1, "price": "12.50"})
    trade.to_supplier()
    assert len(trade.made()) == 1


@both_directions
def test_choosing_goods_of_the_same_sku_notes_the_take_over(world: World, supplier_kind, retailer_kind):
    trade = goods_in_portal(world, supplier_kind=supplier_kind)
    trade.retailer_store.on_shelf({**OWN, "sku": "lan-1", "visible": True})
    run(trade.sells, "pull_products")
    choose_everything(trade)
    for _ in range(2):
        run(trade.sells, "push_listings")
    assert Adoption.objects.get().how == "sku"
    assert {product["name"] for product in trade.retailer_store.products()} == {"Our old lantern", "Teapot"}


@both_directions
def test_a_price_and_stock_that_the_retailer_keeps_are_left_alone(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    catalog.set_retail_rule(trade.partnership, writes_price=False, writes_stock=False)
    store = trade.supplier_store
    store.call("PUT", f"/stores/{store.store}/prices", {"LAN-1": "20.00"})
    trade.supplier_store.set_stock(**{"LAN-1": 7})
    run(trade.supplies, "pull_products", "pull_stock")
    make_due(trade.sells)
    run(trade.sells, "push_listings", "push_prices", "push_stock")
    mine = shelf(trade)["LAN-1"]
    assert (Decimal(str(mine["price"])), int(mine["stock"])) == (Decimal("12.50"), 40)
    catalog.stop(trade.retailer, list(Listing.objects.values_list("pk", flat=True)))
    run(trade.sells, "push_listings")
    assert int(shelf(trade)["LAN-1"]["stock"]) == 0


@both_directions
def test_the_title_is_written_once_the_retailer_lets_us(world: World, supplier_kind, retailer_kind):
    trade = listed(world, supplier_kind=supplier_kind)
    Product.objects.filter(name="Lantern").update(name="Brass lantern")
    catalog.set_retail_rule(trade.partnership, writes_title=True)
    run(trade.sells, "push_listings")
    assert shelf(trade)["LAN-1"]["name"] == "Brass lantern"


@both_directions
def test_the_price_that_the_rule_makes_is_what_the_store_shows_and_the_trade_price_is_not(
    world: World, supplier_kind, retailer_kind
):
    trade = listed(world, supplier_kind=supplier_kind)
    catalog.set_retail_rule(trade.partnership, basis="cost", percent=Decimal(60), rounding_ending=Decimal("0.99"))
    run(trade.sells, "push_listings", "push_prices")
    shown = {sku: Decimal(str(product["price"])) for sku, product in shelf(trade).items()}
    assert shown == {"LAN-1": Decimal("13.99"), "TEA-1": Decimal("33.99")}
    catalog.set_retail_rule(trade.partnership, percent=Decimal(90))
    run(trade.sells, "push_prices")
    assert Decimal(str(shelf(trade)["LAN-1"]["price"])) == Decimal("16.99")
    costs = dict(ListingLink.objects.values_list("listing__variant__sku", "told_cost"))
    assert costs == {"LAN-1": Decimal("8.75"), "TEA-1": Decimal("21.00")}
    assert not set(costs.values()) & set(shown.values())
