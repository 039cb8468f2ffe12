"""Every request of ours and every answer that we take fits the machine-readable contract (``TRADELANE_SPECS``)."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from channels.connectors.bigcommerce.tests.conftest import Shop
from channels.connectors.conformance import HOOK_ADDRESS, LONG_AGO, READS, lamp, parcel
from channels.contract import ListingRequest, ListingVariant, PriceUpdate, StockUpdate
from channels.http import Http

HOST = "http://127.0.0.1:8900"


@pytest.fixture(scope="module")
def contract() -> OpenAPI:
    folder = os.environ.get("TRADELANE_SPECS")
    if not folder:
        pytest.skip("set TRADELANE_SPECS to the folder of machine-readable contracts to run this")
    return OpenAPI.from_file_path(str(Path(folder) / "bigcommerce" / "connector-contract.openapi.yaml"))


class Judge(requests.adapters.BaseAdapter):
    """Passes calls on and notes where request or answer breaks the contract."""

    def __init__(self, inner: requests.adapters.BaseAdapter, contract: OpenAPI) -> None:
        super().__init__()
        self.inner, self.contract = inner, contract
        self.seen: set[str] = set()
        self.broken: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        response = self.inner.send(request, *args, **kwargs)
        self.seen.add(f"{request.method} {response.status_code}")
        asked = RequestsOpenAPIRequest(request)
        for judge in (
            lambda: self.contract.validate_request(asked),
            lambda: self.contract.validate_response(asked, RequestsOpenAPIResponse(response)),
        ):
            try:
                judge()
            except OpenAPIError as error:
                causes = [str(each.message) for each in getattr(error.__cause__, "schema_errors", ())]
                self.broken.append(f"{request.method} {request.path_url}: {error!r} {error.__cause__!r} {causes}")
        return response

    def close(self) -> None:
        self.inner.close()


def test_everything_we_send_and_take_fits_the_contract(shop: Shop, contract: OpenAPI) -> None:
    judge = Judge(shop.adapter, contract)
    connector = shop.connect(http=Http(adapter=judge))
    connector.session.http.session.mount("http://", judge)
    connector.client._api = HOST
    for read in READS.values():
        read(connector)
    list(connector.products(modified_since=LONG_AGO))
    connector.create_order(shop.request(comment="Ring twice. 🏠"))
    order_id = shop.place(lines=[{"sku": "MUG", "quantity": 2}, {"sku": "TENT-RED", "quantity": 1}])
    order = connector.order(order_id)
    connector.create_shipment(parcel(order, "1Z1", completes=False, lines={order.lines[0].remote_id: 1}))
    connector.find_shipment(parcel(order, "1Z1", completes=False, lines={order.lines[0].remote_id: 1}))
    connector.publish(lamp())
    connector.publish(two_sizes())
    connector.publish(two_sizes())
    list(connector.update_stock([StockUpdate(*ids, 4) for ids in shop.goods.values()]))
    list(connector.update_prices([PriceUpdate(*ids, Decimal("9.99"), Decimal("5")) for ids in shop.goods.values()]))
    connector.register_hooks(HOOK_ADDRESS)
    connector.unregister_hooks(HOOK_ADDRESS)
    for name in ("import_status", "stock_locations"):
        connector.setting_choices(name)
    assert judge.broken == []
    assert {"GET 200", "GET 204", "POST 201", "POST 200", "PUT 200", "DELETE 200"} <= judge.seen


def two_sizes() -> ListingRequest:
    variants = [
        ListingVariant(
            size, f"BAG-{size}", Decimal("12.50"), 3, {"Size": size}, cost=Decimal("6"), barcode="5012345678900"
        )
        for size in ("S", "L")
    ]
    return ListingRequest(
        "Bag", tuple(variants), description="<p>Holds</p>", image_url="https://cdn.example.com/bag.jpg"
    )
