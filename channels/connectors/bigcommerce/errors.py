"""BigCommerce's error answers → ``channels.errors``: status first, then the body read leniently (vendor reference, section 1.6).

Bodies come as a V3 object, a V2 array, an older ``{"error": …}``, plain text, HTML or nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from channels.errors import (
    AlreadyThere,
    ChannelError,
    Misconfigured,
    NeedsReauthorisation,
    NotFound,
    RateLimited,
    Rejected,
)
from portal.lib import clock

NO_ROUTE = "The route is not found"


@dataclass(frozen=True, slots=True)
class Said:
    """What an error answer says: one sentence of theirs, the field at fault, and details by name."""

    sentence: str = ""
    field: str = ""
    details: Mapping[str, Any] | None = None


def explain(status: int, headers: Mapping[str, str], text: str) -> ChannelError | None:
    """The error for an answer that is no 2xx; None leaves it to the table that all channels share."""
    said = read(text)
    detail = text[:500]
    if status in {429, 509}:
        return RateLimited("BigCommerce asks us to slow down.", retry_at=retry_at(headers), status=status)
    if status == 401:
        return NeedsReauthorisation("BigCommerce does not accept the access token.", status=status, detail=detail)
    if status == 403:
        return Misconfigured("BigCommerce says that a permission is missing.", status=status, detail=detail)
    if status == 404 and NO_ROUTE in text:
        return Misconfigured(
            "The address of the BigCommerce API is wrong: it does not know this call.",
            code="wrong_address",
            status=status,
            detail=detail,
        )
    if status == 404:
        return NotFound("BigCommerce does not have this record (any more).", status=status, detail=detail)
    if status == 409:
        return AlreadyThere(
            _sentence("BigCommerce already has something like it", said), field=said.field, status=status, detail=detail
        )
    if status in {400, 405, 406, 413, 415, 422, 423, 507}:
        return Rejected(_sentence("BigCommerce refused this", said), field=said.field, status=status, detail=detail)
    return None


def retry_at(headers: Mapping[str, str]) -> datetime | None:
    """When they listen again: the longer of window reset and ``X-Retry-After``; None when the answer has neither (section 2)."""
    waits = [
        number / unit
        for name, unit in (("X-Rate-Limit-Time-Reset-Ms", 1000.0), ("X-Retry-After", 1.0))
        if (number := _number(headers.get(name))) is not None
    ]
    return clock.now() + timedelta(seconds=max(waits)) if waits else None


def read(text: str) -> Said:
    """Their words out of any of the known body shapes; empty when there are none for people."""
    try:
        body = json.loads(text)
    except ValueError:
        return Said()
    return _from_object(_first(body))


def _first(body: Any) -> Any:
    if isinstance(body, list):
        return body[0] if body else {}
    if isinstance(body, dict) and isinstance(body.get("data"), list) and "title" not in body:
        return body["data"][0] if body["data"] else {}
    return body


def _from_object(body: Any) -> Said:
    if not isinstance(body, dict):
        return Said()
    if "error" in body:
        error = body["error"]
        return Said(str(error.get("message", "")) if isinstance(error, dict) else str(error))
    fields = body.get("errors")
    details = body.get("details")
    title = str(body.get("title") or body.get("message") or body.get("detail") or "")
    named = dict(fields) if isinstance(fields, dict) else {}
    return Said(
        "; ".join(_words(title, named)),
        field=str(next(iter(named), "")),
        details=details if isinstance(details, dict) else None,
    )


def _words(title: str, fields: Mapping[str, Any]) -> list[str]:
    """Title and field messages, each once, without closing dots."""
    found: list[str] = []
    for words in (title, *(str(value) for value in fields.values())):
        clean = words.strip().rstrip(".")
        if clean and clean not in found:
            found.append(clean)
    return found


def _sentence(start: str, said: Said) -> str:
    return f"{start}: {said.sentence}." if said.sentence else f"{start}."


def _number(value: str | None) -> float | None:
    try:
        return float(value) if value not in (None, "") else None
    except ValueError:
        return None
