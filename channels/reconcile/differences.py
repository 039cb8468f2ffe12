"""The table of what can differ: kind → what happened, who acts, and what "ours" and "theirs" do. Screens, API and ``choose`` read it."""

from __future__ import annotations

from dataclasses import dataclass

from channels.causes import Owner


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out. ``do`` is a row of ``choose.DEEDS``; ``consequence`` says what will happen before a person agrees."""

    do: str
    label: str
    consequence: str


@dataclass(frozen=True, slots=True)
class Kind:
    """``title`` names it in a list, ``cause`` says what probably happened. A side that is None cannot be chosen.

    ``is_lapse``: something that we promise did not happen, whoever can mend it. The others are what people did in a store.
    """

    code: str
    title: str
    cause: str
    owner: Owner
    ours: Choice | None = None
    theirs: Choice | None = None
    is_lapse: bool = False


def _note(label: str, consequence: str) -> Choice:
    return Choice(
        "note", label, f"{consequence} It is written down and not shown as open again unless a figure changes."
    )


_FETCH_ORDER = Choice(
    "fetch_order", "Take it in", "The order is read from the store again and goes the way of every order."
)
_FOLLOW_ORDER = Choice(
    "follow_order",
    "Follow the store",
    "If nothing was sent on yet, our order becomes what the store says. An order that was sent on is never changed: then only the difference is written down.",
)
_FETCH_GOODS = Choice("fetch_product", "Take the store's", "The product is read from the store again, with its stock.")
_TELL_STOCK = Choice("tell_stock", "Send ours", "Our figure is sent to the store within a minute.")
_TELL_PRICE = Choice("tell_price", "Send ours", "Our price and cost are sent to the store within a minute.")
_KEEP_STOCK = _note("Leave the store's", "The store keeps its figure until ours changes the next time.")
_KEEP_ORDER = _note("Keep ours", "Our order goes on as it is; nothing is sent to the store.")
_KEEP_BOUGHT = _note("Keep ours", "Our order stands as it was placed; your partner reads the note on it.")
_ACCEPT_BOUGHT = _note("Accept the store's", "A placed order is never changed here; your partner reads the note on it.")

_ORDERS = (
    Kind(
        "order_not_here",
        "Only in the store",
        "The store has it and we do not: its message to us was lost, or it was refused when it came.",
        Owner.INTEGRATION,
        ours=_note("Leave it out", "The order stays out of the portal."),
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
        ours=_note("Keep it cancelled", "Nothing is sent to the store: cancel it there too."),
        theirs=_note("Leave both", "Both sides stay as they are."),
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
_BOUGHT = (
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
        ours=_note("Keep the first", "Cancel the second one in the store; nothing is sent."),
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
        ours=_note("Keep it cancelled", "Nothing is sent: cancel it in the store too."),
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
_STOCK = (
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
        theirs=_FETCH_GOODS,
        is_lapse=True,
    ),
)
_PRICES = (
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
        theirs=_FETCH_GOODS,
        is_lapse=True,
    ),
    Kind(
        "goods_not_here",
        "Only in the store",
        "The store sells it and the portal does not know it: its message was lost.",
        Owner.INTEGRATION,
        theirs=_FETCH_GOODS,
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
        theirs=_FETCH_GOODS,
        is_lapse=True,
    ),
)
_SHIPMENTS = (
    Kind(
        "parcel_not_told",
        "Not told to the store",
        "The parcel is recorded here, and the store was not told or refused it.",
        Owner.STAFF,
        ours=Choice(
            "tell_parcel",
            "Tell the store",
            "The store is asked whether it has the parcel; if not, it is told within a minute.",
        ),
        theirs=_note("Leave it", "The store is not told of this parcel."),
        is_lapse=True,
    ),
    Kind(
        "parcel_not_there",
        "Missing in the store",
        "The store was told of it and does not show it any more: it was deleted or overwritten there.",
        Owner.INTEGRATION,
        ours=Choice(
            "tell_parcel",
            "Tell it again",
            "The store is asked whether it has the parcel; if not, it is told again within a minute.",
        ),
        theirs=_note("Leave it", "The store is not told again."),
    ),
    Kind(
        "parcel_only_there",
        "Only in the store",
        "The store shows a tracking number for partners' goods that did not come from us.",
        Owner.INTEGRATION,
        theirs=_note("Leave it", "Nothing changes here; tell your partner if they should know."),
    ),
    Kind(
        "parcel_not_here",
        "Only in the store",
        "The supplier's store sent it and we did not hear of it, or could not record it.",
        Owner.INTEGRATION,
        ours=_note("Leave it out", "The parcel is not recorded here."),
        theirs=Choice("fetch_order", "Take it in", "The order is read from the store again, with its parcels."),
        is_lapse=True,
    ),
    Kind(
        "parcel_gone_there",
        "Deleted in the store",
        "It was deleted in the supplier's store after we recorded it. The customer may have its number already.",
        Owner.SUPPLIER,
        ours=_note("Keep ours", "The parcel stays recorded here."),
        theirs=_note("Accept the store's", "A parcel that was told is never taken back here: tell your partner."),
    ),
    Kind(
        "parcel_number",
        "Another tracking number",
        "The number was corrected in the supplier's store, and we did not hear of it.",
        Owner.INTEGRATION,
        ours=_note("Keep ours", "Our number stays."),
        theirs=Choice(
            "fetch_order", "Take the store's", "The order is read from the store again; its number is told on."
        ),
    ),
)

KINDS: dict[str, Kind] = {
    kind.code: kind for group in (_ORDERS, _BOUGHT, _STOCK, _PRICES, _SHIPMENTS) for kind in group
}
# What tells that a function of the portal did not do its work.
LAPSES = tuple(code for code, kind in KINDS.items() if kind.is_lapse)
_UNKNOWN = Kind("unknown", "They differ", "Both sides say something else.", Owner.STAFF)


def kind_of(code: str) -> Kind:
    """The row of a kind; a kind that is not told any more keeps a plain one."""
    return KINDS.get(code, _UNKNOWN)
