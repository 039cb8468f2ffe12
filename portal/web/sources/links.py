"""Addresses and amounts that the sources share."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from portal.lib.money import display


def to(name: str, *args: object, **query: str) -> str:
    """The address of a page, with a query string; "" for a page that this installation does not have."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def sums(amounts: Iterable[tuple[str, Decimal | None]]) -> str:
    """``£284.10 and €12.00`` from (currency, amount) pairs; currencies are never added up. Empty without amounts."""
    return " and ".join(display(amount, currency) for currency, amount in amounts if currency and amount)


def counted(number: int, word: str, many: str = "") -> str:
    """``1 order``, ``14 orders``, ``1,030 products``."""
    return f"{number:,} {word if number == 1 else many or f'{word}s'}"
