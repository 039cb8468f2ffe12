"""Bodies of writes: JSON only, one object or an array, cleaned to the vendor's shapes or refused as it refuses."""

from __future__ import annotations

from typing import Any

from flask import request

from channels.connectors.shift4shop.simulator import answers, shapes, times
from channels.connectors.shift4shop.simulator.shapes import Record, Shape
from channels.connectors.shift4shop.simulator.world import Shop

MOST_RECORDS = 100
_DATES = ("OrderDate", "ItemDateAdded", "TransactionDateTime")


def read_object() -> Record:
    """The body as one object; an array of one is taken as well. Anything else ends the call."""
    body = _body()
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    if not isinstance(body, dict):
        answers.end(answers.unreadable())
    return body


def read_array() -> list[Record]:
    """The body as an array of objects; a single object is an array of one. More than 100 records are refused."""
    body = _body()
    rows = [body] if isinstance(body, dict) else body
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        answers.end(answers.unreadable())
    if len(rows) > MOST_RECORDS:
        answers.refuse(f"A maximum of {MOST_RECORDS} records can be updated in one request")
    return rows


def clean(shop: Shop, shape: Shape, values: Record) -> Record:
    """The known keys in their kinds, dates in the service's form. Raises shapes.Unfit."""
    cleaned = shapes.cleaned(shape, values, overlong=shop.switches.text("overlong_text"))
    for name in _DATES:
        if cleaned.get(name):
            cleaned[name] = _date(shop, name, cleaned[name])
    return cleaned


def pick(values: Record, name: str) -> Any:
    """A key in any case, or None."""
    return next((value for key, value in values.items() if key.lower() == name.lower()), None)


def _date(shop: Shop, name: str, text: str) -> str:
    try:
        return times.stored_date(text, accept_iso=shop.switches.on("accept_iso_dates"))
    except ValueError as error:
        raise shapes.Unfit(f"{name}: {error}") from error


def _body() -> Any:
    if (request.mimetype or "") not in {"application/json", "text/json"}:
        answers.end(answers.nothing(415))
    body = request.get_json(force=True, silent=True)
    if body is None:
        answers.end(answers.unreadable())
    return body
