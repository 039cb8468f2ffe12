"""Supplier orders, here and in the supplier's store."""

from __future__ import annotations

from channels.causes import Owner
from channels.reconcile.differences.kind import Choice, Kind, note

_KEEP_BOUGHT = note("Keep ours", "Our order stands as it was placed; your partner reads the note on it.")
_ACCEPT_BOUGHT = note("Accept the store's", "A placed order is never changed here; your partner reads the note on it.")

BOUGHT = (
    Kind(
        "bought_not_sent",
        "Never sent",
        "It is accepted, and nothing waits to send it to the store.",
        Owner.STAFF,
        ours=Choice("send_order", "Send it", "The order is made in the store within a minute, once."),
        is_lapse=True,
    ),
    Kind(
        "bought_not_linked",
        "In the store, not noted here",
        "The store has an order with our reference, and we never noted that it was taken.",
        Owner.STAFF,
        theirs=Choice(
            "find_order", "Use the store's", "The order is looked up by our reference and noted; none is made."
        ),
        is_lapse=True,
    ),
    Kind(
        "bought_twice",
        "Twice in the store",
        "A second order in the store carries our reference. Cancel it there before it is shipped.",
        Owner.INTEGRATION,
        ours=note("Keep the first", "Cancel the second one in the store; nothing is sent."),
        is_lapse=True,
    ),
    Kind(
        "bought_gone_there",
        "Deleted in the store",
        "Somebody deleted the order in the store after it was sent there.",
        Owner.SUPPLIER,
        ours=_KEEP_BOUGHT,
        theirs=_ACCEPT_BOUGHT,
    ),
    Kind(
        "bought_cancelled_there",
        "Cancelled in the store",
        "The supplier's store cancelled it. Agree with your partner what to do.",
        Owner.SUPPLIER,
        ours=_KEEP_BOUGHT,
        theirs=_ACCEPT_BOUGHT,
    ),
    Kind(
        "bought_cancelled_here",
        "Cancelled here only",
        "It was cancelled here and is still open in the store. Cancel it there too.",
        Owner.SUPPLIER,
        ours=note("Keep it cancelled", "Nothing is sent: cancel it in the store too."),
        theirs=_ACCEPT_BOUGHT,
    ),
    Kind(
        "bought_total",
        "Another total",
        "The order was edited in the supplier's store. The partner pays what was agreed when it was placed.",
        Owner.SUPPLIER,
        ours=_KEEP_BOUGHT,
        theirs=_ACCEPT_BOUGHT,
    ),
    Kind(
        "bought_lines",
        "Other lines",
        "The total is the same and the goods, units or prices are not: the order was edited in the supplier's store.",
        Owner.SUPPLIER,
        ours=_KEEP_BOUGHT,
        theirs=_ACCEPT_BOUGHT,
    ),
)
