"""Order statuses: numbers that never change, labels that merchants do (vendor reference, section 4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channels.connectors.shift4shop.records import text
from channels.contract import RemoteOrderState, RemoteOrderStatus

NEW, PROCESSING, PARTIAL, SHIPPED, CANCEL, HOLD, NOT_COMPLETED, UNPAID = 1, 2, 3, 4, 5, 6, 7, 11

# 6, 7 and 11 as here; a wide-spread list that has 6 = Not Completed and 7 = Unpaid is wrong. 8 to 10 and 15 to 19 are the merchant's own, 12 to 14 disputed.
STATES = {
    NEW: RemoteOrderState.NEW,
    PROCESSING: RemoteOrderState.PROCESSING,
    PARTIAL: RemoteOrderState.PARTLY_SHIPPED,
    SHIPPED: RemoteOrderState.SHIPPED,
    CANCEL: RemoteOrderState.CANCELLED,
    HOLD: RemoteOrderState.HELD,
    NOT_COMPLETED: RemoteOrderState.INCOMPLETE,
    UNPAID: RemoteOrderState.UNPAID,
}


def state_of(status: str) -> RemoteOrderState:
    """What a status number means to us; UNKNOWN for the merchant's own and for new ones."""
    return STATES.get(int(status), RemoteOrderState.UNKNOWN) if status.isdigit() else RemoteOrderState.UNKNOWN


def status_row(row: Mapping[str, Any]) -> RemoteOrderStatus:
    """A row of ``/OrderStatus``: the merchant's label, with the fixed meaning beside it where the two differ."""
    number, label, meaning = text(row, "OrderStatusID"), text(row, "StatusText"), text(row, "StatusDefinition")
    differs = label and meaning and label.lower() != meaning.lower()
    return RemoteOrderStatus(
        remote_id=number,
        label=f"{label} ({meaning})" if differs else label or meaning or number,
        state=state_of(number),
    )
