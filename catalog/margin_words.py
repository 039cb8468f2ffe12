"""How people say a margin: one number and what it is taken off, or put on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from catalog.pricing import COST, MSRP, RETAIL, figure
from portal.lib.money import ZERO

HOWS = (
    ("retail-percent", "% off the retail price"),
    ("retail-amount", "off the retail price, as an amount"),
    ("msrp-percent", "% off the list price (MSRP)"),
    ("msrp-amount", "off the list price, as an amount"),
    ("cost-percent", "% on top of cost"),
    ("cost-amount", "on top of cost, as an amount"),
)
_BASES = {RETAIL, MSRP, COST}


def margin_fields(number: Decimal, how: str) -> dict[str, Any]:
    """The fields ``basis``, ``percent_off`` and ``amount_off`` of ``number`` said as ``how``; on cost it is added."""
    basis, _, method = how.partition("-")
    off = -number if basis == COST else number
    is_amount = method == "amount"
    return {"basis": basis, "percent_off": ZERO if is_amount else off, "amount_off": off if is_amount else None}


def said_margin(row: Any, *, basis: str = "") -> tuple[Decimal, str]:
    """The number and the how of a list, rule or terms; ``basis`` stands in where a rule has none of its own."""
    base = (row.basis if row.basis in _BASES else "") or basis or RETAIL
    off = row.percent_off if row.amount_off is None else row.amount_off
    return (-off if base == COST else off), f"{base}-{'percent' if row.amount_off is None else 'amount'}"


def margin_phrase(number: Decimal, how: str) -> str:
    """``20 % off the retail price``, ``2.50 off the list price``, ``30 % on top of cost``."""
    words = dict(HOWS)[how].replace(", as an amount", "").replace(" (MSRP)", "")
    return f"{plain_number(number)} {words}" if words.startswith("%") else f"{figure(number)} {words}"


def plain_number(number: Decimal | None) -> str:
    """``20`` instead of ``20.000``."""
    return "" if number is None else f"{Decimal(number).normalize():f}"
