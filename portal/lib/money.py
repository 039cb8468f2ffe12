"""Money: a Decimal with its currency, and the few rules of rounding that everybody shares.

In the database an amount is a ``DecimalField`` beside one ``currency`` column of its row; in code that adds or shows money it is a
``moneyed.Money``, which refuses to mix currencies.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache

from moneyed import Currency, Money, get_currency
from moneyed.l10n import format_money

ZERO = Decimal("0")
CENT = Decimal("0.01")


def money(amount: Decimal | str | int, currency: str) -> Money:
    """``amount`` in ``currency`` (ISO 4217 letters). Raises ``moneyed.CurrencyDoesNotExist`` for unknown letters."""
    return Money(amount, get_currency(currency))


def minor_unit(currency: str) -> Decimal:
    """The smallest step of a currency: 0.01 for GBP, 1 for JPY."""
    return Decimal(1) / _sub_unit(get_currency(currency))


def _sub_unit(currency: Currency) -> int:
    return int(currency.sub_unit or 1)


def to_minor(amount: Decimal, currency: str) -> Decimal:
    """``amount`` rounded half up to the currency's smallest step."""
    return amount.quantize(minor_unit(currency), rounding=ROUND_HALF_UP)


def places(amount: Decimal) -> int:
    """The decimal places that ``amount`` is written with; negative for whole tens. Raises ValueError for what is no number."""
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int):
        return -exponent
    raise ValueError(f"{amount} is not a number.")


def parse_decimal(value: object) -> Decimal | None:
    """A vendor's number or text as Decimal, without passing through binary floats; None for empty or unreadable."""
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def display(amount: Decimal, currency: str) -> str:
    """``£64.90``: for sentences and screens, in British notation."""
    amount = amount if isinstance(amount, Decimal) else Decimal(str(amount))
    before, after, places = _notation(currency)
    figure = f"{abs(amount):,.{places}f}"
    # As the locale does it, the sign stands before the symbol, also where the figure rounds to nothing.
    return f"{'-' if amount.is_signed() else ''}{before}{figure}{after}"


@cache
def _notation(currency: str) -> tuple[str, str, int]:
    """What stands before and after a figure of ``currency``, and its decimal places, as the locale's own formatting has them."""
    shown = format_money(money(Decimal(1), currency), locale="en_GB")
    before, _, rest = shown.partition("1")
    places = len(rest) - len(rest.lstrip(".0123456789"))
    return before, rest[places:], max(places - 1, 0)
