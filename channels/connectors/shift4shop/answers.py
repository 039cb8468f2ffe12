"""Arrays of write results and of errors: ``[{Key, Value, Status, Message}]`` (vendor reference, sections 6.1 and 6.2)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from channels.errors import ChannelError, UnclearOutcome, UnexpectedPayload
from channels.http import Answer

PAST_THE_END = "offset amount exceeds"


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one record. ``status`` is the vendor's number, as text or as integer; a message is never compared with case."""

    key: str
    value: str
    status: int
    message: str

    @property
    def is_good(self) -> bool:
        return self.status < 400 and self.key.lower() != "error"


def entries_in(body: Any) -> tuple[Entry, ...]:
    """The entries of a decoded body; () when it is of another shape."""
    rows = body if isinstance(body, list) else [body]
    if not all(isinstance(row, dict) and "Status" in row for row in rows):
        return ()
    return tuple(_entry(row) for row in rows)


def entries_in_text(text: str) -> tuple[Entry, ...]:
    """The entries of an error answer; () for HTML, nothing, or anything else."""
    try:
        return entries_in(json.loads(text))
    except ValueError:
        return ()


def _entry(row: dict[str, Any]) -> Entry:
    status = str(row.get("Status") or "").strip()
    return Entry(
        key=str(row.get("Key") or ""),
        value=str(row.get("Value") if row.get("Value") is not None else ""),
        status=int(status) if status.isdigit() else 0,
        message=str(row.get("Message") or ""),
    )


def written(answer: Answer) -> tuple[Entry, ...]:
    """The entries of a 2xx answer to a write. Raises UnclearOutcome when it cannot be read: the write may have happened."""
    try:
        entries = entries_in(answer.json())
    except UnexpectedPayload as error:
        raise _unclear(answer) from error
    if not entries:
        raise _unclear(answer)
    return entries


def _unclear(answer: Answer) -> ChannelError:
    return UnclearOutcome(
        "The store took this but its answer cannot be read.", status=answer.status, detail=answer.text[:300]
    )
