"""Causes that hold an order before anything is sent on."""

from __future__ import annotations

from channels.causes.cause import Cause, Fix, Owner

ORDERS: tuple[Cause, ...] = (
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
