"""BigCommerce keeps every promise of the contract."""

from __future__ import annotations

from channels.connectors.bigcommerce import mapping_orders
from channels.connectors.conformance import StoreConformance
from channels.contract import RemoteOrderState


class TestBigCommerce(StoreConformance):
    scopes_without_orders = (
        *("store_v2_products", "store_v2_information", "store_v2_transactions"),
        *("store_inventory", "store_locations"),
    )

    def path_of(self, path: str) -> str:
        return path.split("/", 3)[3]

    def state_of(self, status: str) -> RemoteOrderState:
        return mapping_orders.order_state(status)
