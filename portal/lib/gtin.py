"""GTINs: the numbers under bar codes, known as EAN-8, UPC-A, EAN-13 (ISBN-13) and ITF-14.

The last digit is a check digit: the others, weighted 3, 1, 3, … from the right, add up with it to a multiple of ten (GS1 General Specifications, 7.9).

>>> check_digit("501234567890")
'0'
>>> is_gtin("5012345678900")
True
"""

from __future__ import annotations

import re

LENGTHS = (8, 12, 13, 14)
_DIGITS = re.compile(r"[0-9]+")


def check_digit(others: str) -> str:
    """The digit that belongs behind ``others``, the number without its last digit."""
    weighted = sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(reversed(others)))
    return str(-weighted % 10)


def is_digits(code: str) -> bool:
    """Whether ``code`` is made of the digits 0 to 9 alone."""
    return bool(_DIGITS.fullmatch(code))


def is_gtin(code: str) -> bool:
    """Whether ``code`` is a number that a scanner takes: of a length that there is, with the check digit that belongs to it."""
    return is_digits(code) and len(code) in LENGTHS and check_digit(code[:-1]) == code[-1]
