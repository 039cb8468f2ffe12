"""Text in spreadsheet cells: what would run as a formula is kept as text, and taken back as it was.

Source: OWASP, "CSV Injection": a cell that begins with = + - @, tab or carriage return may be run when the file is opened. An apostrophe before it makes it
text in every spreadsheet. ``unguarded(guarded(text)) == text`` for every text without control characters.
"""

from __future__ import annotations

import re

# The full-width signs are run by spreadsheets in East Asian settings.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# What an XLSX file cannot hold (XML 1.0, "Char").
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def guarded(text: str) -> str:
    """``text`` for a cell of an export. Text that would read like a guarded one is guarded, too, so that taking back is exact."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    """What ``guarded`` was given."""
    if text.startswith("'") and text.lstrip("'").startswith(FORMULA_SIGNS):
        return text[1:]
    return text


def printable(text: str) -> str:
    """``text`` without the control characters that no sheet can hold."""
    return _CONTROL.sub("", text)
