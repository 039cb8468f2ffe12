"""Reading goods, stock and orders, also empty, dirty and undocumented ones."""

from __future__ import annotations

from typing import Any

import pytest

from channels.connectors.conformance.facts import Facts
from channels.connectors.conformance.making import LONG_AGO, all_of, mugs
from channels.contract import RemoteOrderState
from channels.errors import NotFound


class Reading(Facts):
    """Reading goods, stock and orders, also empty, dirty and undocumented ones."""

    def test_an_empty_store_has_empty_lists(self, empty_shop: Any) -> None:
        connector = empty_shop.connect()
        assert all_of(connector.products()) == []
        assert all_of(connector.stock()) == []
        assert all_of(connector.orders(modified_since=LONG_AGO)) == []

    @pytest.mark.parametrize("beyond", [0, 1])
    def test_the_last_page_is_read_once(self, empty_shop: Any, beyond: int) -> None:
        wanted = mugs(2 * self.page_size + beyond)
        empty_shop.at("POST", "/products", wanted)
        skus = [product.variants[0].sku for product in all_of(empty_shop.connect().products())]
        assert sorted(skus) == [product["sku"] for product in wanted]

    def test_a_product_that_is_gone_is_not_found(self, shop: Any) -> None:
        with pytest.raises(NotFound):
            shop.connect().product("99999")

    def test_inactive_products_are_told_as_inactive(self, shop: Any) -> None:
        product_id, _ = shop.goods["MUG"]
        shop.at("PATCH", f"/products/{product_id}", {"visible": False})
        told = {product.remote_id: product.is_active for product in all_of(shop.connect().products())}
        assert told.pop(product_id) is False
        assert set(told.values()) == {True}

    def test_stock_is_told_by_variant(self, shop: Any) -> None:
        figures = all_of(shop.connect().stock())
        by_id = {(figure.remote_product_id, figure.remote_variant_id): figure.on_hand for figure in figures}
        assert {sku: by_id[ids] for sku, ids in shop.goods.items()} == {"MUG": 10, "TENT-RED": 17, "TENT-BLUE": 5}

    def test_a_status_that_nobody_documented_is_unknown(self) -> None:
        assert self.state_of("4711") == RemoteOrderState.UNKNOWN

    def test_the_amounts_of_an_order_add_up(self, shop: Any) -> None:
        order_id = shop.place(
            lines=[{"sku": "MUG", "quantity": 3}, {"sku": "TENT-BLUE", "quantity": 1}], shipping_cost="4.95"
        )
        order = shop.connect().order(order_id)
        assert sum(line.total for line in order.lines) + order.shipping - order.discount == order.total
        assert [line.quantity for line in order.lines] == [3, 1]

    def test_dirty_lines_are_read_as_they_are(self, shop: Any) -> None:
        order_id = shop.place(
            lines=[{"sku": "MUG", "quantity": -2}, {"name": "Free gift 🎁", "quantity": 1, "price": "0"}],
            customer={
                "first_name": "N" * 200,
                "address1": "Ω 1 🏠",
                "city": "Łódź",
                "postcode": "90-001",
                "country": "PL",
            },
        )
        order = shop.connect().order(order_id)
        assert [line.quantity for line in order.lines] == [-2, 1]
        assert order.lines[1].unit_price == 0
        assert order.lines[1].remote_product_id == ""
        assert order.ship_to.email == ""
        assert order.ship_to.address1 == "Ω 1 🏠"
