"""Listings: published once, adopted by SKU, never with the dropship price on the shelf."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from channels.connectors.conformance.facts import Facts
from channels.connectors.conformance.making import all_of, lamp, price, stock
from channels.contract import StockUpdate
from channels.errors import ChannelError, UnclearOutcome


class Listings(Facts):
    """Listings: published once, adopted by SKU, never with the dropship price on the shelf."""

    def test_a_listing_is_published_once(self, shop: Any) -> None:
        connector = shop.connect()
        first = connector.publish(lamp())
        again = connector.publish(lamp())
        assert first.listings == again.listings
        told = [product for product in all_of(connector.products()) if product.variants[0].sku == "LAMP"]
        assert [(product.is_active, product.variants[0].price, product.variants[0].stock) for product in told] == [
            (True, Decimal("9.9"), 3)
        ]

    def test_a_listing_whose_answer_was_lost_stands_once(self, shop: Any) -> None:
        connector = shop.connect()
        shop.fault("cut_after", method="POST", path="(?i)products$")
        with pytest.raises(UnclearOutcome):
            connector.publish(lamp())
        connector.publish(lamp())
        assert [each.variants[0].sku for each in all_of(connector.products())].count("LAMP") == 1

    def test_a_product_that_the_store_has_under_the_sku_is_adopted(self, shop: Any) -> None:
        published = shop.connect().publish(lamp(sku="MUG", price=Decimal("7.50"), stock=6))
        (listing,) = published.listings
        assert (listing.remote_product_id, listing.remote_variant_id) == shop.goods["MUG"]

    def test_the_dropship_price_never_stands_on_the_shelf(self, shop: Any) -> None:
        connector = shop.connect()
        connector.publish(lamp())
        (told,) = [each for each in all_of(connector.products()) if each.variants[0].sku == "LAMP"]
        assert told.variants[0].price == Decimal("9.9")
        assert told.variants[0].cost == Decimal("4.2")
        assert told.variants[0].msrp is None

    def test_stock_and_prices_are_set_and_setting_them_again_changes_nothing(self, shop: Any) -> None:
        connector = shop.connect()
        for _ in range(2):
            outcomes = [
                *connector.update_stock([stock(shop, "MUG", 4), stock(shop, "TENT-RED", 0)]),
                *connector.update_prices([price(shop, "MUG", Decimal("3.75"), Decimal("2.00"))]),
            ]
            assert [outcome.error for outcome in outcomes] == [None, None, None]
        told = {each.sku: each for product in all_of(connector.products()) for each in product.variants}
        assert (told["MUG"].stock, told["TENT-RED"].stock, told["TENT-BLUE"].stock) == (4, 0, 5)
        assert (told["MUG"].price, told["MUG"].cost) == (Decimal("3.75"), Decimal("2"))

    def test_an_entry_of_a_bulk_write_that_is_refused_does_not_stop_the_others(self, shop: Any) -> None:
        connector = shop.connect()
        updates = [StockUpdate("99999", "99999", 1), stock(shop, "MUG", 4)]
        outcomes = {outcome.remote_product_id: outcome.error for outcome in connector.update_stock(updates)}
        assert isinstance(outcomes["99999"], ChannelError)
        assert outcomes[shop.goods["MUG"][0]] is None

    def test_an_unpublished_listing_is_hidden_with_no_stock(self, shop: Any) -> None:
        connector = shop.connect()
        (place,) = connector.publish(lamp()).listings
        ids = {"remote_product_id": place.remote_product_id, "remote_variant_id": place.remote_variant_id}
        connector.unpublish(lamp(**ids))
        told = connector.product(place.remote_product_id)
        assert not told.is_active
        assert told.variants[0].stock == 0
