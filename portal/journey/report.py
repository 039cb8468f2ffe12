"""The journey's outcome as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from portal.journey.play import Played

SHOWN = 8


def table(played: Played) -> Iterator[str]:
    """The lines of one direction's table."""
    balance = played.balance
    yield f"\n{played.direction}"
    yield f"  {'':<20}{'orders':>8}{'lines':>8}{'units':>9}{'money GBP':>14}"
    for book in balance.books:
        yield f"  {book.name:<20}{book.orders:>8}{book.lines:>8}{book.units:>9}{book.money:>14,.2f}"
    yield f"  lines read {balance.read_lines} = traded {balance.traded_lines} + held {balance.held_lines}"
    for code, number in balance.held_reasons.most_common():
        yield f"    held: {number} orders, {code}"
    for name, rows in (
        ("lost", balance.lost),
        ("doubled", balance.doubled),
        ("different", balance.different),
        ("without a reason", balance.unexplained),
        ("changed by running every step twice", played.changed_again),
    ):
        yield f"  {name}: {len(rows)}"
        yield from (f"    {row}" for row in rows[:SHOWN])
    yield "  " + " · ".join(f"{what} {seconds} s" for what, seconds in played.seconds.items())
    if played.latency:
        yield f"  {played.latency}"
    yield "  requests: " + " · ".join(f"{who} {number}" for who, number in played.calls.items())
    yield f"  {'The books balance.' if played.is_good else 'THE BOOKS DO NOT BALANCE.'}"


def write_json(file: Path, played: Sequence[Played], **facts: Any) -> None:
    """Everything that the tables say, for programs."""
    file.write_text(json.dumps({**facts, "directions": [as_dict(one) for one in played]}, indent=2, default=str))


def as_dict(played: Played) -> dict[str, Any]:
    balance = played.balance
    return {
        "direction": played.direction,
        "balances": played.is_good,
        "books": [vars(book) for book in balance.books],
        "lines": {"read": balance.read_lines, "traded": balance.traded_lines, "held": balance.held_lines},
        "held_reasons": dict(balance.held_reasons),
        "lost": balance.lost,
        "doubled": balance.doubled,
        "different": balance.different,
        "unexplained": balance.unexplained,
        "changed_by_running_twice": played.changed_again,
        "seconds": played.seconds,
        "requests": played.calls,
        "order_to_supplier_seconds": asdict(played.latency) if played.latency else None,
    }
