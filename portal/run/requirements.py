"""The page of requirements: each row in our own words, the tests that show it, and whether they passed."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Row:
    """One promise. ``id`` such as "S1-05"."""

    id: str
    text: str


def read_rows(file: Path) -> list[Row]:
    """The promises in our own words: id, tab, sentence. Raises ValueError for a line of another shape or an id that stands twice."""
    with file.open(encoding="utf-8", newline="") as lines:
        pairs = [row for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE) if row]
    rows = [Row(*pair) for pair in pairs if len(pair) == 2]
    if len({row.id for row in rows}) != len(pairs):
        raise ValueError(f"{file}: each line is an id, a tab and a sentence, and each id stands once.")
    return rows


def unknown_rows(rows: Sequence[Row], results: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Ids that tests name and no promise has: a slip of the pen that would hide what a test shows."""
    return sorted(results.keys() - {row.id for row in rows})


def write_page(page: Path, rows: Sequence[Row], results: Mapping[str, Mapping[str, str]]) -> int:
    """Write the page from row id → {test: outcome}; how many rows are shown by tests that all passed."""
    shown = [row for row in rows if _kept(results.get(row.id, {})) == "yes"]
    lines = [
        "# What is promised, and what is kept",
        "",
        "Written by `make requirements` from the markers on the tests; do not edit.",
        "",
        f"{len(shown)} of {len(rows)} rows are shown by passing tests.",
        "",
        "| row | promise | kept | shown by |",
        "| --- | --- | --- | --- |",
        *(_line(row, results.get(row.id, {})) for row in rows),
    ]
    page.parent.mkdir(exist_ok=True)
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(shown)


def _kept(tests: Mapping[str, str]) -> str:
    """Whether the tests show their row: "in part" where some were skipped."""
    outcomes = set(tests.values())
    if not outcomes:
        return "not shown yet"
    if outcomes == {PASSED}:
        return "yes"
    return "in part" if PASSED in outcomes and outcomes <= {PASSED, "skipped"} else "no"


def _line(row: Row, tests: Mapping[str, str]) -> str:
    names = "<br>".join(
        f"`{test}`" + ("" if outcome == PASSED else f" ({outcome})") for test, outcome in sorted(tests.items())
    )
    return f"| {row.id} | {row.text.replace('|', '/')} | {_kept(tests)} | {names} |"
