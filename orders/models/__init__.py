"""Orders as customers placed them, the parts that suppliers ship, their parcels and their story."""

from orders.models.counter import Counter
from orders.models.event import Audience, EventKind, OrderEvent
from orders.models.order import LineKind, Order, OrderLine, OrderSource, OrderState
from orders.models.shipment import Shipment, ShipmentLine, ShipmentSource
from orders.models.supplier_order import SupplierOrder, SupplierOrderLine, SupplierOrderState

__all__ = [
    "Audience",
    "Counter",
    "EventKind",
    "LineKind",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderSource",
    "OrderState",
    "Shipment",
    "ShipmentLine",
    "ShipmentSource",
    "SupplierOrder",
    "SupplierOrderLine",
    "SupplierOrderState",
]
