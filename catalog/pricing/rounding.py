"""Where a price lands: on the chosen ending in its direction, or on the currency's smallest coin."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from catalog.pricing.terms import Terms
from portal.lib.money import ZERO

_COINS = {"GBP": "penny", "EUR": "cent", "USD": "cent", "CAD": "cent", "AUD": "cent", "NZD": "cent", "JPY": "yen"}


def land(amount: Decimal, *, terms: Terms) -> Decimal:
    """``amount`` on the list's ending in its direction, or on the currency's smallest step. What was above zero never lands on zero or below."""
    return land_on(amount, ending=terms.ending, direction=terms.rounding_direction, step=terms.coin)


def land_on(amount: Decimal, *, ending: Decimal | None, direction: str, step: Decimal) -> Decimal:
    """The same from bare figures; ``step`` is the smallest coin."""
    if amount <= ZERO:
        return ZERO
    landed = amount.quantize(step, rounding=ROUND_HALF_UP) if ending is None else _DIRECTIONS[direction](amount, ending)
    return landed if landed > ZERO else max(amount.quantize(step, rounding=ROUND_HALF_UP), step)


def rounding_words(terms: Terms) -> str:
    """How the list rounds, for people: ``to the penny`` or ``ends in .99, up``."""
    ending = terms.ending
    if ending is None:
        return f"to the {_COINS.get(terms.currency, 'smallest coin')}"
    return f"ends in {str(ending.quantize(Decimal('0.01')))[1:]}, {_WAYS[terms.rounding_direction]}"


_WAYS = {"up": "up", "down": "down", "nearest": "to the nearest"}


def _up(amount: Decimal, ending: Decimal) -> Decimal:
    return (amount - ending).to_integral_value(rounding=ROUND_CEILING) + ending


def _down(amount: Decimal, ending: Decimal) -> Decimal:
    return (amount - ending).to_integral_value(rounding=ROUND_FLOOR) + ending


def _nearest(amount: Decimal, ending: Decimal) -> Decimal:
    """The nearer of both; the upper one in the middle."""
    lower, upper = _down(amount, ending), _up(amount, ending)
    return lower if amount - lower < upper - amount else upper


_DIRECTIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {"up": _up, "down": _down, "nearest": _nearest}
