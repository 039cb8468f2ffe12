"""Query filters: dates, lists, booleans and the V3 operators (vendor reference, section 3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from flask import request

from channels.connectors.bigcommerce.simulator import errors
from channels.connectors.bigcommerce.simulator.fields import MAX_INTEGER
from channels.connectors.bigcommerce.simulator.state import Shop

_DATE_ONLY = re.compile(r"^\d{4}-\d{2}-\d{2}$")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a query parameter compares: field of the record, operator, and how its text is read."""

    field: str
    operator: str = "="
    read: Callable[[str, Shop], Any] = lambda text, shop: text


def read_filters(shop: Shop, table: Mapping[str, Filter]) -> list[tuple[str, str, Any]]:
    """The conditions of this query. Unknown parameters are ignored; a value that cannot be read is refused."""
    where = []
    for name, filter in table.items():
        text = request.args.get(name)
        if text is None:
            continue
        try:
            where.append((filter.field, filter.operator, filter.read(text, shop)))
        except (ValueError, TypeError) as error:
            raise _refused(name, text) from error
    return where


def integer(text: str, shop: Shop) -> int:
    """A whole number that the database can hold."""
    if abs(int(text)) > MAX_INTEGER:
        raise ValueError(text)
    return int(text)


def number(text: str, shop: Shop) -> float:
    """A number."""
    return float(text)


def integers(text: str, shop: Shop) -> list[int]:
    """Comma-separated whole numbers."""
    return [integer(part, shop) for part in text.split(",")]


def lowered(text: str, shop: Shop) -> str:
    """A text compared without regard to case."""
    return text.lower()


def lowered_list(text: str, shop: Shop) -> list[str]:
    """Comma-separated texts compared without regard to case."""
    return [part.strip().lower() for part in text.split(",")]


def containing(text: str, shop: Shop) -> str:
    """A part of a text."""
    return f"%{text.lower()}%"


def boolean(text: str, shop: Shop) -> int:
    """`true`, `false`, `1` or `0`, as SQLite keeps them."""
    return {"true": 1, "false": 0, "1": 1, "0": 0}[_known(text.lower())]


def moment(text: str, shop: Shop) -> float:
    """Seconds since the epoch out of ISO 8601, RFC 2822 or a Unix time.

    A date without a time gets the current time of day, as the vendor documents; without a zone it is UTC.
    """
    if text.isdigit():
        return float(text)
    if _DATE_ONLY.match(text):
        now = shop.parts.clock.now()
        return datetime.fromisoformat(text).replace(tzinfo=UTC, hour=now.hour, minute=now.minute).timestamp()
    parsed = parsedate_to_datetime(text) if "," in text else datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def iso(seconds: float) -> str:
    """V3's time: ISO 8601 with `+00:00`."""
    return datetime.fromtimestamp(int(seconds), tz=UTC).isoformat()


def rfc2822(seconds: float | None) -> str:
    """V2's time, empty for none."""
    return "" if not seconds else format_datetime(datetime.fromtimestamp(int(seconds), tz=UTC))


def _known(text: str) -> str:
    if text not in {"true", "false", "1", "0"}:
        raise ValueError(text)
    return text


def _refused(name: str, text: str) -> errors.ApiError:
    sentence = f"The filter {name} has a value that cannot be read: {text!r}."
    if "/v2/" in request.path:
        return errors.v2(400, sentence)
    return errors.v3(422, "Invalid filter(s).", {name: sentence})
