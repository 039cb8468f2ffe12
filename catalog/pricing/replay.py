"""A past price from its stored sum alone: the proof that an explanation explains."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from catalog.pricing.rounding import land_on
from catalog.pricing.terms import Margin


def replay(facts: Mapping[str, str]) -> Decimal:
    """Do the sum of an explanation again and return the dropship price it comes to, in the list's currency.

    Raises KeyError for facts that hold no sum.
    """
    if facts.get("override"):
        return Decimal(facts["override"])
    off = Decimal(facts["off"]) if facts.get("off") else None
    unrounded = Margin(Decimal(facts["percent"]), off).taken_off(Decimal(facts["base"]))
    ending = Decimal(facts["ending"]) if facts.get("ending") else None
    landed = land_on(unrounded, ending=ending, direction=facts.get("direction", "nearest"), step=Decimal(facts["step"]))
    return Decimal(facts["limit"]) if facts.get("limit") else landed
