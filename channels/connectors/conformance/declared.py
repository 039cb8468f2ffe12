"""What we call: nothing that is not declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
import requests

from channels.connectors.conformance.facts import Facts
from channels.connectors.conformance.making import HOOK_ADDRESS, READS, lamp, parcel, price, stock
from channels.contract import StoreConnector
from channels.http import Http


class OnlyDeclared(requests.adapters.BaseAdapter):
    """A transport that lets declared calls through and fails on any other one."""

    def __init__(
        self, inner: requests.adapters.BaseAdapter, calls: Iterable[Any], path_of: Callable[[str], str]
    ) -> None:
        super().__init__()
        self.inner, self.path_of = inner, path_of
        self.allowed = [
            (call.method, re.compile("^" + re.escape(call.path).replace(r"\{\}", "[^/]+") + "$")) for call in calls
        ]
        self.refused: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        path = self.path_of(str(request.path_url).split("?", 1)[0])
        if not any(request.method == method and pattern.match(path) for method, pattern in self.allowed):
            self.refused.append(f"{request.method} {path}")
            raise requests.ConnectionError(f"undeclared call: {request.method} {path}")
        return self.inner.send(request, *args, **kwargs)

    def close(self) -> None:
        self.inner.close()


class Declared(Facts):
    """What we call: nothing that is not declared."""

    @pytest.mark.row("S1-18")
    def test_nothing_is_called_that_is_not_declared(self, shop: Any) -> None:
        declared = type(shop.connect()).calls
        only = OnlyDeclared(shop.adapter, declared, self.path_of)
        connector = shop.connect(http=Http(adapter=only))
        exercise(connector, shop)
        assert only.refused == []


def exercise(connector: StoreConnector, shop: Any) -> None:
    """Use everything that a connector can do, once."""
    list(connector.check())
    for read in READS.values():
        read(connector)
    connector.product(shop.goods["MUG"][0])
    connector.product_count()
    request = shop.request()
    connector.ensure_customer(request.bill_to, key="p1")
    connector.create_order(request)
    order_id = shop.place()
    told = parcel(connector.order(order_id), "1Z1", completes=True)
    connector.find_shipment(told)
    connector.create_shipment(told)
    connector.shipments(order_id)
    connector.publish(lamp())
    list(connector.update_stock([stock(shop, "MUG", 4)]))
    list(connector.update_prices([price(shop, "TENT-RED", Decimal("99.00"))]))
    connector.register_hooks(HOOK_ADDRESS)
    connector.hooks()
    connector.unregister_hooks(HOOK_ADDRESS)
    for field in connector.setting_fields:
        connector.setting_choices(field.name)
