"""The drill's outcome as a table for people and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from portal.journey import report
from portal.journey.drill import Drilled

SHOWN = 8


def table(drilled: Drilled) -> Iterator[str]:
    """The lines of one direction."""
    yield from report.table(drilled.played)
    yield f"  calls {drilled.calls}, disturbed {drilled.disturbed} ({drilled.share:.1%}): " + _counts(drilled.by_fault)
    yield "  killed: " + (_counts(drilled.kills) or "nobody")
    yield "  incidents: " + (_counts(drilled.incidents) or "none") + f"; reauthorised {drilled.mended} times"
    for verdict in drilled.verdicts:
        yield f"  {'holds ' if verdict.holds else 'BROKEN'} {verdict.name}"
        yield from (f"         {against}" for against in list(verdict.against)[:SHOWN])


def write_json(file: Path, drilled: Sequence[Drilled], **facts: Any) -> None:
    """Everything that the tables say."""
    good = all(one.is_good for one in drilled)
    file.write_text(
        json.dumps({**facts, "holds": good, "directions": [_as_dict(one) for one in drilled]}, indent=2, default=str)
    )


def _as_dict(drilled: Drilled) -> dict[str, Any]:
    return {
        **report.as_dict(drilled.played),
        "calls": drilled.calls,
        "disturbed": drilled.disturbed,
        "disturbed_share": round(drilled.share, 4),
        "by_fault": dict(drilled.by_fault),
        "kills": dict(drilled.kills),
        "incidents": dict(drilled.incidents),
        "reauthorised": drilled.mended,
        "verdicts": [{"name": v.name, "holds": v.holds, "against": list(v.against)} for v in drilled.verdicts],
    }


def _counts(counts: Any) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counts.items()))
