"""Amounts as people type them."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpRequest

from portal.lib.errors import DomainError
from portal.lib.money import parse_decimal


def typed_amount(request: HttpRequest, pk: int) -> str:
    """What was typed in the cell of row ``pk``: cells of a grid stand in one form, so each has a name of its own."""
    return request.POST.get(f"amount-{pk}", request.POST.get("amount", ""))


def read_amount(typed: str) -> Decimal | None:
    """The amount in ``typed``; None for an empty field. ``£1,234.50`` and ``12,5`` are understood. Raises DomainError for anything else."""
    text = typed.strip().lstrip("£$€").replace("\u00a0", "").replace(" ", "")
    if not text:
        return None
    if "," in text and "." not in text and len(text.rsplit(",", 1)[1]) != 3:
        text = text.replace(",", ".")
    amount = parse_decimal(text.replace(",", ""))
    if amount is None:
        raise DomainError(
            f"“{typed.strip()[:20]}” is not an amount. Type one such as 9.95; nothing was changed.", field="amount"
        )
    return amount
