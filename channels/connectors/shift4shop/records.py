"""Reading single values out of vendor dicts: texts, numbers, money, HTML; never raising for a missing one."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from channels.errors import UnexpectedPayload
from portal.lib.money import ZERO, parse_decimal

Row = Mapping[str, Any]

_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")


def text(row: Row, key: str) -> str:
    """The text of a key, stripped; "" when missing or null."""
    value = row.get(key)
    return "" if value is None else str(value).strip()


def number(row: Row, key: str) -> Decimal:
    """The number of a key; 0 when missing or unreadable."""
    return parse_decimal(row.get(key)) or ZERO


def positive(row: Row, key: str) -> Decimal | None:
    """A number that means something only above zero (cost, list price, weight)."""
    value = number(row, key)
    return value if value > 0 else None


def whole(row: Row, key: str) -> int:
    """A number as whole units, rounded down: half a piece cannot be sold."""
    return int(number(row, key).to_integral_value(ROUND_FLOOR))


def flag(row: Row, key: str) -> bool:
    return str(row.get(key)).lower() in {"true", "1"}


def rows(row: Row, key: str) -> list[dict[str, Any]]:
    """The objects of a list; [] when it is missing or null."""
    value = row.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def part(row: Row, key: str) -> Row:
    """A nested object; {} when missing."""
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def required(row: Row, key: str, *, path: str) -> str:
    """The id of a record. Raises UnexpectedPayload with the path when it is missing."""
    value = text(row, key)
    if not value:
        raise UnexpectedPayload(f"The store sent a record without {key}.", path=path)
    return value


def plain(markup: str) -> str:
    """A vendor's HTML fragment as one line of text: breaks become commas."""
    with_commas = _BREAK.sub(", ", markup)
    return " ".join(html.unescape(_TAG.sub("", with_commas)).split()).strip(" ,")


def total(values: Iterable[Decimal]) -> Decimal:
    return sum(values, ZERO)
