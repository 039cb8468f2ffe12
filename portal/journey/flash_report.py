"""What came of a flash sale, as lines for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from portal.journey.flash_sale import Outcome


def table(outcome: Outcome) -> Iterator[str]:
    """A figure a line."""
    yield f"Orders placed           {outcome.orders:>8,}"
    yield f"Orders in the portal    {outcome.arrived:>8,}"
    yield f"Units sold              {outcome.units:>8,} of {outcome.stock:,}"
    yield f"Customers turned away   {outcome.turned_away:>8,}"
    yield f"Oversold, knowable      {outcome.knowable:>8,}  (must be 0)"
    yield f"Oversold, unknowable    {outcome.unknowable:>8,}  (sold in two shops within one round)"
    yield f"Shelves that are wrong  {outcome.wrong_shelves:>8,}  (must be 0)"
    yield f"Round, median           {median(outcome.rounds):>8.2f} s from the sale until every shop was told"
    yield f"Round, slowest          {max(outcome.rounds):>8.2f} s"


def write_json(file: Path, outcome: Outcome, **facts: Any) -> None:
    """Everything that the table says, with how big the sale was asked to be."""
    file.write_text(json.dumps({**facts, "holds": outcome.is_good, **_as_dict(outcome)}, indent=2, default=str))


def _as_dict(outcome: Outcome) -> dict[str, Any]:
    return {
        "placed": outcome.orders,
        "arrived": outcome.arrived,
        "units": outcome.units,
        "stock": outcome.stock,
        "turned_away": outcome.turned_away,
        "oversold_knowable": outcome.knowable,
        "oversold_unknowable": outcome.unknowable,
        "wrong_shelves": outcome.wrong_shelves,
        "rounds": len(outcome.rounds),
        "round_median_seconds": round(median(outcome.rounds), 3),
        "round_slowest_seconds": round(max(outcome.rounds), 3),
    }
