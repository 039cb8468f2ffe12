"""Who may get in: revoked keys, missing permissions, another store's key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from channels.connectors.conformance.facts import Facts
from channels.connectors.conformance.making import READS, all_of, mugs
from channels.contract import Check
from channels.errors import Misconfigured, NeedsReauthorisation, WrongStore


class Credentials(Facts):
    """Who may get in: revoked keys, missing permissions, another store's key."""

    @pytest.mark.parametrize("name", READS)
    def test_a_revoked_token_needs_a_person(self, shop: Any, name: str) -> None:
        shop.at("POST", "/revoke")
        with pytest.raises(NeedsReauthorisation):
            READS[name](shop.connect())

    def test_a_revoked_token_creates_no_order(self, shop: Any) -> None:
        shop.at("POST", "/revoke")
        with pytest.raises(NeedsReauthorisation):
            shop.connect().create_order(shop.request())
        assert shop.books() == []

    def test_a_token_revoked_between_pages_stops_the_walk(self, empty_shop: Any) -> None:
        empty_shop.at("POST", "/products", mugs(2 * self.page_size + 1))
        pages = empty_shop.connect().products()
        first = next(iter(pages))
        empty_shop.at("POST", "/revoke")
        with pytest.raises(NeedsReauthorisation):
            all_of(pages)
        assert len(first) == self.page_size

    def test_the_check_of_a_good_store_passes_and_reads_its_name_back(self, shop: Any) -> None:
        checks = list(shop.connect().check())
        assert [check for check in checks if check.passed is False] == []
        assert any("Northwind Outdoor" in check.sentence for check in checks)

    def test_the_check_names_a_rejected_key(self, shop: Any) -> None:
        shop.at("POST", "/revoke")
        failed = _failed(shop.connect().check())
        assert failed[0].code == "credentials_rejected"
        assert failed[0].field

    def test_the_check_names_a_missing_permission_and_where_to_grant_it(self, shop: Any) -> None:
        if not self.scopes_without_orders:
            pytest.skip("this channel has no permissions to take away")
        shop.at("POST", "/scopes", {"granted": list(self.scopes_without_orders)})
        failed = [check for check in _failed(shop.connect().check()) if self.orders_word in check.name]
        assert failed
        assert failed[0].code == "permission_missing"
        assert failed[0].menu

    def test_a_missing_permission_is_named_in_the_middle_of_work(self, shop: Any) -> None:
        if not self.scopes_without_orders:
            pytest.skip("this channel has no permissions to take away")
        shop.at("POST", "/scopes", {"granted": list(self.scopes_without_orders)})
        with pytest.raises(Misconfigured) as caught:
            READS["orders"](shop.connect())
        assert self.orders_word in caught.value.area

    @pytest.mark.row("S2-52")
    def test_the_token_of_another_store_is_refused(self, shop: Any, open_shop: Any) -> None:
        known = shop.connect().store_info().store_id
        other = open_shop(name="Southwind Indoor")
        with pytest.raises(WrongStore):
            other.connect(store_id=known).store_info()

    def test_the_check_says_so_when_the_token_is_of_another_store(self, shop: Any, open_shop: Any) -> None:
        known = shop.connect().store_info().store_id
        other = open_shop(name="Southwind Indoor")
        assert "another_store" in [check.code for check in _failed(other.connect(store_id=known).check())]


def _failed(checks: Iterable[Check]) -> list[Check]:
    return [check for check in checks if check.passed is False]
