"""Order statuses and which changes the store refuses (section 4.4)."""

from __future__ import annotations

from typing import Any

from channels.connectors.shift4shop.simulator.world import Shop

NEW, PROCESSING, PARTIAL, SHIPPED, CANCEL, HOLD, NOT_COMPLETED, UNPAID = 1, 2, 3, 4, 5, 6, 7, 11

DEFINITIONS = {
    NEW: "New",
    PROCESSING: "Processing",
    PARTIAL: "Partial",
    SHIPPED: "Shipped",
    CANCEL: "Cancel",
    HOLD: "Hold",
    NOT_COMPLETED: "Not Completed",
    8: "Custom 1",
    9: "Custom 2",
    10: "Custom 3",
    UNPAID: "Unpaid",
    12: "Recurring Orders",
    13: "Review",
    14: "POS",
    15: "Custom 4",
    16: "Custom 5",
    17: "Custom 6",
    18: "Custom 7",
    19: "Custom 8",
}
REFUSED = "Not updated. Requested Change Status not allowed"


class RefusedMove(ValueError):
    """The store does not allow this change of status."""


def check_move(shop: Shop, before: int, after: int) -> None:
    """Raise RefusedMove for a status that does not exist or cannot be reached: nothing leads out of Cancel."""
    leaves_cancel = before == CANCEL and after != CANCEL and shop.switches.on("refuse_leaving_cancel")
    if after not in DEFINITIONS or leaves_cancel:
        raise RefusedMove(REFUSED)


def status_text(shop: Shop, status: int) -> str:
    """The label that the merchant gave this status, or its definition."""
    return shop.document["order_status_labels"].get(str(status)) or DEFINITIONS.get(status, "")


def status_rows(shop: Shop) -> list[dict[str, Any]]:
    """The records of GET /OrderStatus; those that the merchant took out of use are not visible."""
    hidden = shop.document.get("hidden_statuses", [])
    return [
        {
            "OrderStatusID": status,
            "Sorting": status,
            "StatusDefinition": definition,
            "StatusText": status_text(shop, status),
            "Visible": status not in hidden,
        }
        for status, definition in DEFINITIONS.items()
    ]
