"""Reading what a list or a single record comes in (vendor reference, sections 0.3, 0.4 and 2.3)."""

from __future__ import annotations

from typing import Any

from channels.connectors.shift4shop.answers import PAST_THE_END
from channels.errors import NotFound, Rejected, UnexpectedPayload
from channels.http import Answer

Row = dict[str, Any]


def area_of(path: str) -> str:
    """What a path is about, in the vendor's words: "Orders"."""
    return path.split("/", 1)[0]


def rows_in(answer: Answer) -> list[Row]:
    """The objects of an answer: an array, or one object alone. Raises UnexpectedPayload."""
    body = answer.json()
    rows = [] if body is None else body if isinstance(body, list) else [body]
    if not all(isinstance(row, dict) for row in rows):
        raise UnexpectedPayload("The store answered a list of something else than records.", path="$[*]")
    return rows


def is_nothing(error: Rejected) -> bool:
    """Whether this refusal only says that there are no (more) rows: 404, or 400 with the fixed message."""
    return isinstance(error, NotFound) or (error.status == 400 and PAST_THE_END in error.detail.lower())
