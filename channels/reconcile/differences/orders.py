"""Orders of a retailer's store, there and here."""

from __future__ import annotations

from channels.causes import Owner
from channels.reconcile.differences.kind import Choice, Kind, note

_FETCH_ORDER = Choice(
    "fetch_order", "Take it in", "The order is read from the store again and goes the way of every order."
)
_FOLLOW_ORDER = Choice(
    "follow_order",
    "Follow the store",
    "If nothing was sent on yet, our order becomes what the store says. An order that was sent on is never changed: then only the difference is written down.",
)
_KEEP_ORDER = note("Keep ours", "Our order goes on as it is; nothing is sent to the store.")

ORDERS = (
    Kind(
        "order_not_here",
        "Only in the store",
        "The store has it and we do not: its message to us was lost, or it was refused when it came.",
        Owner.INTEGRATION,
        ours=note("Leave it out", "The order stays out of the portal."),
        theirs=_FETCH_ORDER,
        is_lapse=True,
    ),
    Kind(
        "order_gone_there",
        "Deleted in the store",
        "Somebody deleted it in the store after it was taken in here.",
        Owner.INTEGRATION,
        ours=_KEEP_ORDER,
        theirs=Choice(
            "cancel_order",
            "Cancel ours",
            "Our order is cancelled if nothing was sent on yet. If something was, you are told so and nothing changes.",
        ),
    ),
    Kind(
        "order_cancelled_there",
        "Cancelled in the store",
        "It was cancelled in the store, and we did not hear of it or had sent it on already.",
        Owner.INTEGRATION,
        ours=_KEEP_ORDER,
        theirs=_FOLLOW_ORDER,
    ),
    Kind(
        "order_cancelled_here",
        "Cancelled here only",
        "It was cancelled here and is still open in the store. Cancel it there too, or enter it again.",
        Owner.INTEGRATION,
        ours=note("Keep it cancelled", "Nothing is sent to the store: cancel it there too."),
        theirs=note("Leave both", "Both sides stay as they are."),
    ),
    Kind(
        "order_total",
        "Another total",
        "It was edited in the store after it was taken in, or our copy was changed.",
        Owner.INTEGRATION,
        ours=_KEEP_ORDER,
        theirs=_FOLLOW_ORDER,
    ),
    Kind(
        "order_lines",
        "Other lines",
        "The total is the same and the goods, units or prices are not: a line was edited in the store, or our copy was changed.",
        Owner.INTEGRATION,
        ours=_KEEP_ORDER,
        theirs=_FOLLOW_ORDER,
    ),
)
