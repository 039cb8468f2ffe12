"""Floors and ceilings that no rule passes; a price typed by a person may."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from catalog.pricing.terms import Goods, Terms, figure, signed
from portal.lib.money import ZERO


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount with the words that say where it comes from: ``cost 6.90 +5 %``."""

    amount: Decimal
    why: str


def floor_of(goods: Goods, terms: Terms) -> Limit | None:
    """The highest of the floors that the list has and the goods have figures for, on a whole coin."""
    found = []
    if terms.floor_cost and goods.cost is not None and goods.cost > ZERO:
        found.append(_cost_floor(goods.cost, terms))
    if terms.floor_map and goods.map_price is not None and goods.map_price > ZERO:
        found.append(Limit(_whole(goods.map_price, terms, ROUND_CEILING), f"MAP {figure(goods.map_price)}"))
    return max(found, key=lambda limit: limit.amount, default=None)


def ceiling_of(goods: Goods, terms: Terms) -> Limit | None:
    """MSRP on a whole coin, where the list has that ceiling."""
    if not terms.ceiling_msrp or goods.msrp is None or goods.msrp <= ZERO:
        return None
    return Limit(_whole(goods.msrp, terms, ROUND_FLOOR), f"MSRP {figure(goods.msrp)}")


def hold(amount: Decimal, goods: Goods, terms: Terms) -> tuple[Decimal, Limit | None]:
    """``amount`` between ceiling and floor, and the limit that changed it. Where both contradict, the floor wins."""
    ceiling, floor = ceiling_of(goods, terms), floor_of(goods, terms)
    held, by = (ceiling.amount, ceiling) if ceiling and amount > ceiling.amount else (amount, None)
    return (floor.amount, floor) if floor and held < floor.amount else (held, by)


def _cost_floor(cost: Decimal, terms: Terms) -> Limit:
    over = terms.floor_percent
    why = f"cost {figure(cost)} {signed(-over)}" if over else f"cost {figure(cost)}"
    return Limit(_whole(cost * (100 + over) / 100, terms, ROUND_CEILING), why)


def _whole(amount: Decimal, terms: Terms, way: str) -> Decimal:
    return amount.quantize(terms.coin, rounding=way)
