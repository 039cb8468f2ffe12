"""Causes in what is sent to and told by stores, what our own rules refuse of it, and books that differ."""

from __future__ import annotations

from channels.causes.cause import Cause, Fix, Owner

STORES: tuple[Cause, ...] = (
    Cause(
        "record_rejected",
        "The store refused this",
        Owner.INTEGRATION,
        "Mend what it names, then try again.",
        Fix.RETRY,
    ),
    Cause(
        "not_found_there",
        "The store does not have this record any more",
        Owner.INTEGRATION,
        "Look in the store, then try again.",
        Fix.RETRY,
    ),
    Cause(
        "product_not_linked",
        "A product is not in the supplier’s store any more",
        Owner.SUPPLIER,
        "Restore it in the store, or work on the order by hand.",
        Fix.RETRY,
    ),
    Cause(
        "changed_at_store",
        "An order was changed in its store after it was sent",
        Owner.RETAILER,
        "Agree with your partner what to do.",
        Fix.ORDER,
    ),
    Cause(
        "cancelled_at_supplier",
        "The supplier’s store cancelled an order",
        Owner.SUPPLIER,
        "Restore it there or tell the retailer.",
        Fix.ORDER,
    ),
    Cause(
        "parcel_unknown_lines",
        "A parcel holds lines that we did not order",
        Owner.SUPPLIER,
        "Look at the order in the store.",
        Fix.ORDER,
    ),
    Cause(
        "over_shipped",
        "A parcel holds more units than were ordered",
        Owner.SUPPLIER,
        "Compare the parcel with the order and correct it in the store.",
        Fix.ORDER,
    ),
    Cause(
        "nothing_left_to_ship",
        "A parcel came for an order that is shipped whole",
        Owner.SUPPLIER,
        "Compare the parcel with the order and correct it in the store.",
        Fix.ORDER,
    ),
    Cause(
        "line_not_in_store",
        "The store’s order lacks a line that was shipped",
        Owner.RETAILER,
        "Tell the customer by hand.",
        Fix.ORDER,
    ),
)

# Refusals of our own rules while something was taken in from a store.
RULES: tuple[Cause, ...] = (
    Cause(
        "invalid",
        "Something the store sent cannot be taken as it is",
        Owner.INTEGRATION,
        "Correct it in the store.",
        Fix.RETRY,
    ),
    Cause(
        "invalid_move",
        "Something the store sent came too late",
        Owner.INTEGRATION,
        "Compare the order here with the store’s.",
        Fix.ORDER,
    ),
    Cause("not_allowed", "Something is not allowed", Owner.STAFF, "We look into it; nothing is lost.", Fix.RETRY),
    Cause(
        "conflict",
        "Two changes came at the same time",
        Owner.NOBODY,
        "Nothing to do: it is read again within the hour.",
        Fix.RETRY,
    ),
)

BOOKS: tuple[Cause, ...] = (
    Cause(
        "books_differ",
        "The store and the portal say different things",
        Owner.INTEGRATION,
        "Look at the differences and choose for each whose figure holds; those that mend themselves vanish.",
        Fix.BOOKS,
    ),
)
