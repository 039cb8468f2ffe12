"""Everything that changes orders. Each function is one transaction, may be called twice, and announces what it did through ``orders.signals``."""

from orders.services.cancelling import cancel_order_before_sending
from orders.services.correcting import correct_ship_to
from orders.services.entering import enter_order
from orders.services.importing import import_order
from orders.services.people import match_line, write_note
from orders.services.progress import refresh_order_state
from orders.services.sending import (
    accept_supplier_order,
    confirm_sent,
    note_refused,
    note_unclear,
    recheck_held_orders,
    recheck_order,
    release_hold,
    start_sending,
)
from orders.services.shipping import note_told_problem, record_shipment, record_tracking_told

__all__ = [
    "accept_supplier_order",
    "cancel_order_before_sending",
    "confirm_sent",
    "correct_ship_to",
    "enter_order",
    "import_order",
    "match_line",
    "note_refused",
    "note_told_problem",
    "note_unclear",
    "recheck_held_orders",
    "recheck_order",
    "record_shipment",
    "record_tracking_told",
    "refresh_order_state",
    "release_hold",
    "start_sending",
    "write_note",
]
