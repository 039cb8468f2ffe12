"""Cost and rule → price. Pure: every rounding of a price is decided here and nowhere else.

The dropship price is a figure of the goods (the supplier's retail price, its MSRP or its cost) less the margin that decided (an override, else the narrowest
rule that fits, else the list's own), landed on the list's ending or on the currency's smallest coin, and kept between the list's floors and ceiling. The
suggested retail price is the retail price times the list's rate. Both come with the sum that made them.
"""

from __future__ import annotations

from catalog.pricing.breaks import Step, amount_for
from catalog.pricing.prices import OVERRIDE, Price, amount_of, margin_percent, price_of, suggested
from catalog.pricing.replay import replay
from catalog.pricing.rounding import land, rounding_words
from catalog.pricing.rules import NARROWEST_FIRST, read_band
from catalog.pricing.terms import COST, MSRP, RETAIL, Break, Goods, Margin, Rule, Terms, figure, signed

__all__ = [
    "COST",
    "MSRP",
    "NARROWEST_FIRST",
    "OVERRIDE",
    "RETAIL",
    "Break",
    "Goods",
    "Margin",
    "Price",
    "Rule",
    "Step",
    "Terms",
    "amount_for",
    "amount_of",
    "figure",
    "land",
    "margin_percent",
    "price_of",
    "read_band",
    "replay",
    "rounding_words",
    "signed",
    "suggested",
]
