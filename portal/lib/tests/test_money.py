"""Money on screen stands as the locale writes it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed.l10n import format_money

from portal.lib.money import display, money


@given(
    amount=st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False),
    currency=st.sampled_from(["GBP", "EUR", "USD", "JPY", "KWD", "CHF", "SEK", "INR", "XAU"]),
)
def test_any_amount_stands_as_the_locales_own_formatting_has_it(amount, currency):
    assert display(amount, currency) == format_money(money(amount, currency), locale="en_GB")


@pytest.mark.parametrize(
    ("amount", "said"), [("64.9", "£64.90"), ("-0.001", "-£0.00"), ("1234567.885", "£1,234,567.88")]
)
def test_amounts_people_know(amount, said):
    assert display(Decimal(amount), "GBP") == said
