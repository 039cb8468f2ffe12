"""Order statuses 0 to 14 and what they mean for stock and shipping (section 5.2)."""

from __future__ import annotations

INCOMPLETE, PENDING, SHIPPED, PARTIALLY_SHIPPED = 0, 1, 2, 3
REFUNDED, CANCELLED, DECLINED, AWAITING_PAYMENT = 4, 5, 6, 7
AWAITING_PICKUP, AWAITING_SHIPMENT, COMPLETED, AWAITING_FULFILLMENT = 8, 9, 10, 11
MANUAL_VERIFICATION, DISPUTED, PARTIALLY_REFUNDED = 12, 13, 14

NAMES = {
    INCOMPLETE: "Incomplete",
    PENDING: "Pending",
    SHIPPED: "Shipped",
    PARTIALLY_SHIPPED: "Partially Shipped",
    REFUNDED: "Refunded",
    CANCELLED: "Cancelled",
    DECLINED: "Declined",
    AWAITING_PAYMENT: "Awaiting Payment",
    AWAITING_PICKUP: "Awaiting Pickup",
    AWAITING_SHIPMENT: "Awaiting Shipment",
    COMPLETED: "Completed",
    AWAITING_FULFILLMENT: "Awaiting Fulfillment",
    MANUAL_VERIFICATION: "Manual Verification Required",
    DISPUTED: "Disputed",
    PARTIALLY_REFUNDED: "Partially Refunded",
}

DONE = frozenset({SHIPPED, COMPLETED})
PAID = frozenset({SHIPPED, PARTIALLY_SHIPPED, AWAITING_PICKUP, AWAITING_SHIPMENT, COMPLETED, AWAITING_FULFILLMENT})
