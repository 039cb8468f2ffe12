"""Causes that keep goods from a shelf."""

from __future__ import annotations

from channels.causes.cause import Cause, Fix, Owner

PRODUCTS: tuple[Cause, ...] = (
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
