"""Prices by quantity: what a unit costs from so many units on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from catalog.pricing.limits import floor_of
from catalog.pricing.terms import Goods, Terms

# From so many units on, this much a unit.
Step = tuple[int, Decimal]


def breaks_of(amount: Decimal, goods: Goods, terms: Terms, own: Sequence[Step] = ()) -> tuple[Step, ...]:
    """The steps below the unit price ``amount``, by quantity: the variant's ``own`` where it has any, else the list's. No step passes the floor, and one that
    saves nothing is left out."""
    if not own and not terms.breaks:
        return ()
    floor = floor_of(goods, terms)
    steps = own or [(one.quantity, amount * (100 - one.percent_off) / 100) for one in terms.breaks]
    coin = terms.coin
    kept: list[Step] = []
    for quantity, each in sorted(steps):
        landed = max(each.quantize(coin, rounding=ROUND_HALF_UP), floor.amount if floor else coin)
        if landed < (kept[-1][1] if kept else amount):
            kept.append((quantity, landed))
    return tuple(kept)


def amount_for(quantity: int, amount: Decimal, steps: Sequence[Step]) -> Decimal:
    """What one of ``quantity`` units costs: the last step reached, else ``amount``."""
    reached = [each for begins, each in steps if quantity >= begins]
    return reached[-1] if reached else amount
