"""Prices and costs, here and in retailers' stores."""

from __future__ import annotations

from channels.causes import Owner
from channels.reconcile.differences.kind import FETCH_GOODS, Choice, Kind

_TELL_PRICE = Choice("tell_price", "Send ours", "Our price and cost are sent to the store within a minute.")

PRICES = (
    Kind(
        "price_edited_there",
        "Changed in the store",
        "Somebody changed the price in the store after we told ours.",
        Owner.INTEGRATION,
        ours=_TELL_PRICE,
        theirs=Choice(
            "own_price", "Keep the store's", "The store's price becomes your own shelf price for this listing."
        ),
    ),
    Kind(
        "price_not_told",
        "Not told",
        "The price changed here and the store was not told, or refused it.",
        Owner.STAFF,
        ours=_TELL_PRICE,
        theirs=Choice(
            "own_price", "Keep the store's", "The store's price becomes your own shelf price for this listing."
        ),
        is_lapse=True,
    ),
    Kind(
        "price_missed",
        "Changed in the store",
        "The store asks another price than we last read: its message was lost.",
        Owner.INTEGRATION,
        theirs=FETCH_GOODS,
        is_lapse=True,
    ),
    Kind(
        "goods_not_here",
        "Only in the store",
        "The store sells it and the portal does not know it: its message was lost.",
        Owner.INTEGRATION,
        theirs=FETCH_GOODS,
        is_lapse=True,
    ),
    Kind(
        "goods_gone_there",
        "Deleted in the store",
        "The store does not have it any more, and it is still offered here.",
        Owner.INTEGRATION,
        theirs=Choice(
            "fetch_product",
            "Stop offering it",
            "The store is asked once more; if it is gone there, it is no longer offered here.",
        ),
    ),
    Kind(
        "goods_state",
        "Shown on one side only",
        "It was shown or hidden in the store, and its message to us was lost.",
        Owner.INTEGRATION,
        theirs=FETCH_GOODS,
        is_lapse=True,
    ),
)
