"""Units, in the supplier's store, here and in retailers' stores."""

from __future__ import annotations

from channels.causes import Owner
from channels.reconcile.differences.kind import FETCH_GOODS, Choice, Kind, note

_TELL_STOCK = Choice("tell_stock", "Send ours", "Our figure is sent to the store within a minute.")
_KEEP_STOCK = note("Leave the store's", "The store keeps its figure until ours changes the next time.")

STOCK = (
    Kind(
        "stock_edited_there",
        "Changed in the store",
        "The figure was changed in the store after we told ours, or units were sold there in an order that we do not have.",
        Owner.INTEGRATION,
        ours=_TELL_STOCK,
        theirs=_KEEP_STOCK,
    ),
    Kind(
        "stock_not_told",
        "Not told",
        "Our figure changed and the store was not told, or refused it.",
        Owner.STAFF,
        ours=_TELL_STOCK,
        theirs=_KEEP_STOCK,
        is_lapse=True,
    ),
    Kind(
        "stock_uncounted_there",
        "Not counted in the store",
        "The store does not track stock for it, so it can be sold without end. Switch tracking on there, then send ours.",
        Owner.INTEGRATION,
        ours=_TELL_STOCK,
        theirs=_KEEP_STOCK,
    ),
    Kind(
        "listing_gone_there",
        "Deleted in the store",
        "The listing was deleted in the store, so nobody can buy it there.",
        Owner.INTEGRATION,
        ours=Choice(
            "publish_again", "Publish again", "The product is made in the store again, with today's texts and figures."
        ),
        theirs=Choice(
            "stop_listing", "Stop selling it", "The listing is stopped here. You can take it up again later."
        ),
    ),
    Kind(
        "stock_missed",
        "Changed in the store",
        "The store has another figure than we last read: its message was lost.",
        Owner.INTEGRATION,
        theirs=FETCH_GOODS,
        is_lapse=True,
    ),
)
