"""Trouble on the way: limits, stores that are down, answers cut and spoilt."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channels.connectors.conformance.facts import Facts
from channels.connectors.conformance.making import READS
from channels.errors import RateLimited, Unavailable, UnexpectedPayload
from portal.lib import clock


class Trouble(Facts):
    """Trouble on the way: limits, stores that are down, answers cut and spoilt."""

    def test_a_rate_limit_says_when_to_go_on(self, shop: Any) -> None:
        shop.fault("rate_limited", times=9)
        with pytest.raises(RateLimited) as caught:
            READS["products"](shop.connect())
        assert (caught.value.retry_at is not None) == self.tells_retry
        assert caught.value.retry_at is None or caught.value.retry_at > clock.now() - timedelta(seconds=5)

    def test_a_rate_limit_without_headers_is_a_rate_limit(self, shop: Any) -> None:
        shop.fault("rate_limited_bare", times=9)
        with pytest.raises(RateLimited) as caught:
            READS["products"](shop.connect())
        assert caught.value.retry_at is None

    def test_a_rate_limited_write_did_nothing(self, shop: Any) -> None:
        shop.fault("rate_limited", method=self.order_method, path=self.order_path)
        with pytest.raises(RateLimited):
            shop.connect().create_order(shop.request())
        assert shop.books() == []

    @pytest.mark.parametrize("mode", ["503", "html", "suspended"])
    def test_a_store_that_is_down_is_waited_for(self, shop: Any, mode: str) -> None:
        shop.at("POST", "/down", {"mode": mode})
        with pytest.raises(Unavailable):
            READS["orders"](shop.connect())

    @pytest.mark.parametrize("fault", ["html", "truncated", "cut_before", "unavailable"])
    def test_one_bad_answer_to_a_read_is_got_over(self, shop: Any, fault: str) -> None:
        shop.fault(fault, method="GET")
        assert len(READS["products"](shop.connect())[0]) == 2

    @pytest.mark.parametrize("fault", ["html", "truncated", "cut_before", "timeout"])
    def test_bad_answers_to_a_read_are_a_named_failure(self, shop: Any, fault: str) -> None:
        shop.fault(fault, method="GET", times=50)
        with pytest.raises((Unavailable, UnexpectedPayload)):
            READS["products"](shop.connect())
