"""Orders for programs: customer orders (retailer), supplier orders (both sides) and parcels.

Amounts are texts with their currency beside them. A supplier never reads what the customer paid. Lists are newest first, read by cursor.
"""

from __future__ import annotations

from rest_framework.routers import BaseRouter

from orders.api.customer_orders import OrderViewSet
from orders.api.shipments import ShipmentViewSet
from orders.api.supplier_orders import SupplierOrderViewSet


def register(router: BaseRouter) -> None:
    """Add this module's endpoints."""
    router.register("orders", OrderViewSet, basename="order")
    router.register("supplier-orders", SupplierOrderViewSet, basename="supplier-order")
    router.register("shipments", ShipmentViewSet, basename="shipment")
