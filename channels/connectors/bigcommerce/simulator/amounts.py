"""Money as V2 has it: strings of four decimals, computed with Decimal (section 5.1)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from channels.connectors.bigcommerce.simulator.state import Shop

MAX_AMOUNT = Decimal(10) ** 12
_PLACES = Decimal("0.0001")


def parse(value: Any) -> Decimal:
    """Number, string or integer as Decimal; raises ValueError for anything else or a negative one."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"not an amount: {value!r}") from error
    if isinstance(value, bool) or not amount.is_finite() or not 0 <= amount < MAX_AMOUNT:
        raise ValueError(f"not an amount: {value!r}")
    return amount


def show(amount: Decimal | float | int | str) -> str:
    """Four decimals."""
    return str(Decimal(str(amount)).quantize(_PLACES, ROUND_HALF_UP))


def both_taxes(shop: Shop, price: Decimal) -> tuple[Decimal, Decimal]:
    """(without tax, with tax) of a store price, as the store enters prices and taxes them."""
    factor = 1 + Decimal(str(shop.profile["tax_rate"]))
    if shop.profile["prices_include_tax"]:
        return (price / factor).quantize(_PLACES, ROUND_HALF_UP), price
    return price, (price * factor).quantize(_PLACES, ROUND_HALF_UP)
