"""The catalogue of causes: code → sentence, who must act, what to do. Every problem and every health reason is a row here."""

from __future__ import annotations

from channels.causes.cause import Cause, Fix, Owner
from channels.causes.connections import CONNECTION
from channels.causes.orders import ORDERS
from channels.causes.products import PRODUCTS
from channels.causes.stores import BOOKS, RULES, STORES

__all__ = ["CAUSES", "FAMILIES", "Cause", "Fix", "Owner", "cause_of"]

# The families as the guide to the causes lists them.
FAMILIES: tuple[tuple[str, tuple[Cause, ...]], ...] = (
    ("Connections", CONNECTION),
    ("Products", PRODUCTS),
    ("Orders", ORDERS),
    ("Sent to and told by stores", STORES),
    ("What our own rules refuse", RULES),
    ("Books", BOOKS),
)
CAUSES: dict[str, Cause] = {cause.code: cause for _, family in FAMILIES for cause in family}


def cause_of(code: str) -> Cause:
    """The catalogue's row; an unknown code is ours to look at."""
    return CAUSES.get(code) or Cause(
        code, code.replace("_", " ").capitalize(), Owner.STAFF, "We look into it; nothing is lost."
    )
