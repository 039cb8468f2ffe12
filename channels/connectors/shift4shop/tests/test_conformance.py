"""What every connector must obey, for this one; and what it must never call under a supplier's grant."""

from __future__ import annotations

import pytest

from channels.connectors.conformance import LONG_AGO, OnlyDeclared, StoreConformance, all_of, parcel
from channels.connectors.shift4shop.calls import CALLS
from channels.connectors.shift4shop.statuses import state_of
from channels.connectors.shift4shop.tests.conftest import RETAILER, Shop
from channels.contract import RemoteOrderState
from channels.http import Http

BASE = "/3dCartWebAPI/v2/"


@pytest.mark.usefixtures("same_clocks")
class TestShift4Shop(StoreConformance):
    """The promises of the contract."""

    page_size = 200
    order_path = r"/Orders$"
    shipment_path = r"/Shipments/\d+$"
    shipment_method = "PUT"
    scopes_without_orders = (
        "Products:read",
        "StoreSettings:read",
        "OrderStatus:read",
        "Customers:read",
        "Customers:write",
    )

    def path_of(self, path: str) -> str:
        return path.removeprefix(BASE)

    def state_of(self, status: str) -> RemoteOrderState:
        return state_of(status)


@pytest.mark.row("S1-17")
@pytest.mark.row("S1-18")
def test_a_suppliers_store_is_never_asked_for_anything_that_only_listings_need(shop: Shop) -> None:
    calls = [call for call in CALLS if not call.is_for_listings]
    only = OnlyDeclared(shop.adapter, calls, lambda path: path.removeprefix(BASE))
    connector = shop.connect(http=Http(adapter=only))

    list(connector.check())
    all_of(connector.products())
    all_of(connector.stock())
    all_of(connector.orders(modified_since=LONG_AGO))
    connector.order_statuses()
    connector.ensure_customer(RETAILER, key="p1")
    created = connector.create_order(shop.request())
    connector.find_order(reference="TLX7-17", reference_prefix="TLX7", number=17)
    connector.shipments(created.remote_id)
    connector.create_shipment(parcel(connector.order(shop.place()), "1Z1", completes=True))
    connector.register_hooks("https://portal.example.com/h")
    connector.unregister_hooks("https://portal.example.com/h")

    assert only.refused == []


def test_every_declared_call_belongs_to_a_permission_that_is_asked_for(shop: Shop) -> None:
    connector = shop.connect()
    asked = {permission.name for permission in connector.permissions}

    assert {call.area for call in CALLS} == asked
    writes = {call.area for call in CALLS if call.method != "GET"}
    assert writes == {permission.name for permission in connector.permissions if "write" in permission.access}
