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


class Fix(StrEnum):
    """The screen that mends a cause; "" where only waiting, the store or a word with the partner helps."""

    NONE = ""
    REAUTHORISE = "reauthorise"
    SETTINGS = "settings"
    MAPPING = "mapping"
    CONFIRM = "confirm"
    PRICES = "prices"
    PARTNERS = "partners"
    ADDRESS = "address"
    MATCH = "match"
    ORDER = "order"
    RETRY = "retry"
    BOOKS = "books"
    WEBHOOK = "webhook"
    CONNECTIONS = "connections"


@dataclass(frozen=True, slots=True)
class Cause:
    """``title`` groups rows on the Problems page, ``action`` says what to do, ``fix`` names the screen that mends it."""

    code: str
    title: str
    owner: Owner
    action: str
    fix: Fix = Fix.NONE

    @property
    def anchor(self) -> str:
        """Where the guide to the causes tells of it."""
        return f"cause-{self.code.replace('_', '-')}"


_CONNECTION = (
    Cause(
        "credentials_rejected",
        "The store stopped accepting our key",
        Owner.INTEGRATION,
        "Reauthorise the integration; what waits then goes out by itself.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "permission_missing",
        "A permission is missing",
        Owner.INTEGRATION,
        "Grant it in the store, then check again.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "key_expires",
        "A key ends soon",
        Owner.INTEGRATION,
        "Make a new key in the store and reauthorise before the day; nothing stops until then.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "another_store",
        "The key belongs to another store",
        Owner.INTEGRATION,
        "Use a key of the connected store.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "wrong_address",
        "The store’s address leads somewhere else",
        Owner.INTEGRATION,
        "Check the address.",
        Fix.REAUTHORISE,
    ),
    Cause(
        "setting_missing",
        "A setting is missing",
        Owner.INTEGRATION,
        "Choose it in the integration’s settings.",
        Fix.SETTINGS,
    ),
    Cause(
        "status_gone",
        "An order status is not in the store any more",
        Owner.INTEGRATION,
        "Choose another status under Mapping; orders then go on by themselves.",
        Fix.MAPPING,
    ),
    Cause(
        "store_connected_already",
        "The store is connected already",
        Owner.INTEGRATION,
        "Remove the other connection first.",
        Fix.CONNECTIONS,
    ),
    Cause("store_unavailable", "The store is not available", Owner.NOBODY, "Nothing to do: we try again by ourselves."),
    Cause(
        "store_unreachable", "The store cannot be reached", Owner.NOBODY, "Nothing to do: we try again by ourselves."
    ),
    Cause("rate_limited", "The store asks us to slow down", Owner.NOBODY, "Nothing to do: we go on when it lets us."),
    Cause(
        "no_clear_answer",
        "The store gave no clear answer",
        Owner.NOBODY,
        "Nothing to do: we look whether it is there before anything is sent again.",
    ),
    Cause(
        "no_products",
        "No products arrived within 20 minutes",
        Owner.STAFF,
        "We look at it. Check meanwhile that the store has active products.",
        Fix.RETRY,
    ),
    Cause(
        "mass_change",
        "An unusual share of the catalogue would vanish",
        Owner.INTEGRATION,
        "Look at the store. If the products are really gone, let us hide them.",
        Fix.CONFIRM,
    ),
    Cause(
        "channel_error",
        "The store answered with an error",
        Owner.STAFF,
        "We look into it; nothing is lost.",
        Fix.RETRY,
    ),
    Cause(
        "unexpected_answer",
        "The store answered in a way we do not know",
        Owner.STAFF,
        "We look into it; nothing is lost.",
        Fix.RETRY,
    ),
    Cause(
        "webhook_failing",
        "A webhook of yours does not take events",
        Owner.INTEGRATION,
        "Mend the program that receives it, then let us send again what it did not take.",
        Fix.WEBHOOK,
    ),
    Cause(
        "our_mistake",
        "Something went wrong on our side",
        Owner.STAFF,
        "We look into it; nothing is lost.",
        Fix.RETRY,
    ),
)

_PRODUCTS = (
    Cause("sku_missing", "A product has no SKU", Owner.SUPPLIER, "Give it a SKU in the store.", Fix.RETRY),
    Cause(
        "sku_twice",
        "Two variants have the same SKU",
        Owner.SUPPLIER,
        "Give each its own SKU in the store.",
        Fix.RETRY,
    ),
    Cause(
        "already_there",
        "The store has something with this name or SKU",
        Owner.RETAILER,
        "Rename or match it in the store, then try again.",
        Fix.RETRY,
    ),
    Cause(
        "too_many_variants",
        "The product has more variants than the store takes",
        Owner.RETAILER,
        "Choose fewer variants, then try again.",
        Fix.RETRY,
    ),
    Cause(
        "currency_differs",
        "The price list has no rate for the store’s currency",
        Owner.SUPPLIER,
        "Set the rate on the price list.",
        Fix.PRICES,
    ),
)

_ORDERS = (
    Cause(
        "no_such_sku",
        "A SKU is not among the listings",
        Owner.RETAILER,
        "Match it once; we remember it.",
        Fix.MATCH,
    ),
    Cause(
        "empty_sku", "An order line has no SKU", Owner.RETAILER, "Match it, and give it a SKU in the store.", Fix.MATCH
    ),
    Cause("sku_case", "A SKU differs only by capital letters", Owner.RETAILER, "Confirm the match once.", Fix.MATCH),
    Cause(
        "ambiguous_sku", "Several listings have this SKU", Owner.RETAILER, "Choose the one that was bought.", Fix.MATCH
    ),
    Cause(
        "needs_match", "An order line matches no product", Owner.RETAILER, "Match it once; we remember it.", Fix.MATCH
    ),
    Cause(
        "negative_quantity",
        "A quantity is below zero",
        Owner.RETAILER,
        "Correct it in the store or cancel the order there.",
        Fix.ORDER,
    ),
    Cause(
        "zero_quantity",
        "A quantity is 0",
        Owner.RETAILER,
        "Correct it in the store or cancel the order there.",
        Fix.ORDER,
    ),
    Cause(
        "fractional_quantity", "A quantity is no whole number", Owner.RETAILER, "Correct it in the store.", Fix.ORDER
    ),
    Cause(
        "zero_price",
        "Something was sold for 0",
        Owner.RETAILER,
        "Let the order through if it is a gift; correct it in the store if not.",
        Fix.ORDER,
    ),
    Cause(
        "line_sum",
        "An order line does not add up",
        Owner.RETAILER,
        "Check it in the store, or let the order through.",
        Fix.ORDER,
    ),
    Cause(
        "order_sum",
        "An order’s total does not add up",
        Owner.RETAILER,
        "Check it in the store, or let the order through.",
        Fix.ORDER,
    ),
    Cause(
        "no_partnership",
        "No accepted partnership with the supplier",
        Owner.RETAILER,
        "Accept or ask for the partnership; the order then goes on by itself.",
        Fix.PARTNERS,
    ),
    Cause(
        "no_price_list",
        "The supplier has not assigned a price list",
        Owner.SUPPLIER,
        "Assign one on the Prices page; the order then goes on by itself.",
        Fix.PRICES,
    ),
    Cause("no_price", "A product has no price on the list", Owner.SUPPLIER, "Set its price.", Fix.PRICES),
    Cause(
        "product_stopped",
        "The supplier stopped the product",
        Owner.SUPPLIER,
        "Let the order through if it is still shipped; if not, refund it and cancel it in the store.",
        Fix.ORDER,
    ),
    Cause(
        "no_address",
        "The retailer’s postal address is not complete",
        Owner.RETAILER,
        "Enter it under Settings › Company; the order then goes on by itself.",
        Fix.ADDRESS,
    ),
    Cause(
        "no_ship_to",
        "An order has no delivery address",
        Owner.RETAILER,
        "Enter it in the store, or cancel the order there.",
        Fix.ORDER,
    ),
    Cause(
        "refused",
        "The supplier’s store refused an order",
        Owner.SUPPLIER,
        "Mend what it names, then try again.",
        Fix.RETRY,
    ),
    Cause("order_held", "An order is held", Owner.RETAILER, "Open the order; it says what to do.", Fix.ORDER),
    Cause("still_held", "An order is still held", Owner.RETAILER, "Open the order; it says what to do.", Fix.ORDER),
    Cause("held", "An order is held", Owner.RETAILER, "Open the order; it says what to do.", Fix.ORDER),
)

_STORES = (
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
_RULES = (
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

_BOOKS = (
    Cause(
        "books_differ",
        "The store and the portal say different things",
        Owner.INTEGRATION,
        "Look at the differences and choose for each whose figure holds; those that mend themselves vanish.",
        Fix.BOOKS,
    ),
)

# The families as the guide to the causes lists them.
FAMILIES: tuple[tuple[str, tuple[Cause, ...]], ...] = (
    ("Connections", _CONNECTION),
    ("Products", _PRODUCTS),
    ("Orders", _ORDERS),
    ("Sent to and told by stores", _STORES),
    ("What our own rules refuse", _RULES),
    ("Books", _BOOKS),
)
CAUSES: dict[str, Cause] = {cause.code: cause for _, family in FAMILIES for cause in family}


def cause_of(code: str) -> Cause:
    """The catalogue's row; an unknown code is ours to look at."""
    return CAUSES.get(code) or Cause(
        code, code.replace("_", " ").capitalize(), Owner.STAFF, "We look into it; nothing is lost."
    )
