"""The catalogue of causes: code → sentence, who must act, what to do. Every problem and every health reason is a row here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Who can clear it."""

    SUPPLIER = "supplier"
    RETAILER = "retailer"
    INTEGRATION = "integration"
    STAFF = "staff"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Cause:
    """``title`` groups rows on the Problems page, ``action`` says what to do, ``fix`` names the screen that mends it."""

    code: str
    title: str
    owner: Owner
    action: str
    fix: str = ""
    help: str = ""


_ROWS = (
    # Connection
    Cause(
        "credentials_rejected",
        "The store stopped accepting our key",
        Owner.INTEGRATION,
        "Reauthorise the integration.",
        "reauthorise",
    ),
    Cause(
        "permission_missing",
        "A permission is missing",
        Owner.INTEGRATION,
        "Grant it in the store, then check again.",
        "reauthorise",
    ),
    Cause(
        "another_store",
        "The key belongs to another store",
        Owner.INTEGRATION,
        "Use a key of the connected store.",
        "reauthorise",
    ),
    Cause(
        "wrong_address",
        "The store's address leads somewhere else",
        Owner.INTEGRATION,
        "Check the address.",
        "reauthorise",
    ),
    Cause(
        "setting_missing",
        "A setting is missing",
        Owner.INTEGRATION,
        "Choose it in the integration's settings.",
        "settings",
    ),
    Cause("store_unavailable", "The store is not available", Owner.NOBODY, "Nothing to do: we try again by ourselves."),
    Cause(
        "store_unreachable", "The store cannot be reached", Owner.NOBODY, "Nothing to do: we try again by ourselves."
    ),
    Cause("rate_limited", "The store asks us to slow down", Owner.NOBODY, "Nothing to do: we go on when it lets us."),
    Cause(
        "no_products",
        "No products arrived within 20 minutes",
        Owner.STAFF,
        "Look at the product run of this integration.",
    ),
    Cause(
        "mass_change",
        "An unusual share of the catalogue would vanish",
        Owner.INTEGRATION,
        "Look at the store; go on if it is right.",
        "confirm",
    ),
    Cause(
        "unexpected_answer",
        "The store answered in a way we do not know",
        Owner.STAFF,
        "We look into it; nothing is lost.",
    ),
    Cause("our_mistake", "Something went wrong on our side", Owner.STAFF, "We look into it; nothing is lost."),
    # Products
    Cause("sku_missing", "A product has no SKU", Owner.SUPPLIER, "Give it a SKU in the store."),
    Cause("sku_twice", "Two products have the same SKU", Owner.SUPPLIER, "Give each its own SKU in the store."),
    Cause(
        "already_there",
        "The store has something with this name or SKU",
        Owner.RETAILER,
        "Rename or match it in the store, then try again.",
        "retry",
    ),
    Cause(
        "too_many_variants",
        "The product has more variants than the store takes",
        Owner.RETAILER,
        "Choose fewer variants.",
    ),
    Cause(
        "currency_differs",
        "The price list has no rate for the store's currency",
        Owner.SUPPLIER,
        "Set the rate on the price list.",
        "prices",
    ),
    Cause("no_price", "A chosen product has no price", Owner.SUPPLIER, "Set its price.", "prices"),
    # Orders
    Cause("needs_match", "An order line matches no product", Owner.RETAILER, "Match it once; we remember it.", "match"),
    Cause(
        "record_rejected", "The store refused this", Owner.INTEGRATION, "Mend what it names, then try again.", "retry"
    ),
    Cause(
        "not_found_there",
        "The store does not have this record any more",
        Owner.INTEGRATION,
        "Look in the store, then try again.",
        "retry",
    ),
    Cause(
        "changed_at_store",
        "An order was changed in its store after it was sent",
        Owner.RETAILER,
        "Agree with your partner what to do.",
    ),
    Cause(
        "cancelled_at_supplier",
        "The supplier's store cancelled an order",
        Owner.SUPPLIER,
        "Restore it or tell the retailer.",
    ),
    Cause(
        "product_not_linked",
        "A product is not in the supplier's store any more",
        Owner.SUPPLIER,
        "Restore it or enter the order by hand.",
        "retry",
    ),
    Cause(
        "parcel_unknown_lines",
        "A parcel holds lines that we did not order",
        Owner.SUPPLIER,
        "Look at the order in the store.",
    ),
    Cause(
        "line_not_in_store",
        "The store's order lacks a line that was shipped",
        Owner.RETAILER,
        "Tell the customer by hand.",
    ),
    Cause("order_held", "An order is held", Owner.RETAILER, "Open the order; it says what to do.", "order"),
)

CAUSES: dict[str, Cause] = {cause.code: cause for cause in _ROWS}


def cause_of(code: str) -> Cause:
    """The catalogue's row; an unknown code is ours to look at."""
    return CAUSES.get(code) or Cause(
        code, code.replace("_", " ").capitalize(), Owner.STAFF, "We look into it; nothing is lost."
    )
