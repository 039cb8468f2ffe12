"""Orders of ours: created once, with our reference, and found when an answer was lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from channels.connectors.conformance.facts import Facts
from channels.connectors.conformance.making import LONG_AGO, all_of, signature
from channels.errors import UnclearOutcome


class OrdersOut(Facts):
    """Orders of ours: created once, with our reference, and found when an answer was lost."""

    @pytest.mark.row("S1-23", "S1-25")
    def test_an_order_is_created_with_our_reference_and_price(self, shop: Any) -> None:
        connector = shop.connect()
        created = connector.create_order(shop.request())
        (book,) = shop.books()
        assert str(book["id"]) == created.remote_id
        assert book["reference"] == "TLX7-17"
        assert [(line["sku"], line["quantity"], Decimal(line["price"])) for line in book["lines"]] == [
            ("MUG", 2, Decimal("2.10")),
            ("TENT-RED", 1, Decimal("61.50")),
        ]
        assert book["ship_to"]["city"] == "Dover"
        assert Decimal(book["total"]) == Decimal("70.20")

    def test_the_line_ids_of_a_created_order_are_told(self, shop: Any) -> None:
        created = shop.connect().create_order(shop.request())
        (book,) = shop.books()
        assert dict(created.line_ids) == {"71": str(book["lines"][0]["id"]), "72": str(book["lines"][1]["id"])}

    def test_our_reference_is_visible_on_orders_read_back(self, shop: Any) -> None:
        connector = shop.connect()
        connector.create_order(shop.request())
        shop.place()
        references = {order.reference for order in all_of(connector.orders(modified_since=LONG_AGO))}
        assert "TLX7-17" in references
        assert len(references) == 2

    def test_an_order_that_was_never_sent_is_surely_not_there(self, shop: Any) -> None:
        connector = shop.connect()
        connector.create_order(shop.request(170))
        assert connector.find_order(**signature(connector, shop, 17)) is None

    @pytest.mark.row("S1-25")
    @pytest.mark.parametrize("fault", ["cut_after", "error_after", "truncated"])
    def test_an_order_whose_answer_was_lost_is_found_and_stands_once(self, shop: Any, fault: str) -> None:
        connector = shop.connect()
        shop.fault(fault, method=self.order_method, path=self.order_path)
        with pytest.raises(UnclearOutcome):
            connector.create_order(shop.request())
        found = connector.find_order(**signature(connector, shop))
        (book,) = shop.books()
        assert found is not None
        assert found.remote_id == str(book["id"])

    @pytest.mark.parametrize("fault", ["cut_before", "timeout", "html"])
    def test_an_order_that_got_no_clear_answer_and_is_not_there_is_not_found(self, shop: Any, fault: str) -> None:
        connector = shop.connect()
        shop.fault(fault, method=self.order_method, path=self.order_path)
        with pytest.raises(UnclearOutcome):
            connector.create_order(shop.request())
        assert connector.find_order(**signature(connector, shop)) is None
        assert shop.books() == []
