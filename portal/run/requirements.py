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
    """The promises in our own words: id, tab, sentence."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [Row(*row) for row in csv.reader(lines, delimiter="\t") if row]


def write_page(page: Path, rows: Sequence[Row], results: Mapping[str, Mapping[str, str]]) -> int:
    """Write the page from row id → {test: outcome}; how many rows are shown by tests that all passed."""
    shown = [row for row in rows if results.get(row.id) and set(results[row.id].values()) == {PASSED}]
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


def _line(row: Row, tests: Mapping[str, str]) -> str:
    if not tests:
        kept = "not shown yet"
    else:
        kept = "yes" if set(tests.values()) == {PASSED} else "no"
    names = "<br>".join(
        f"`{test}`" + ("" if outcome == PASSED else f" ({outcome})") for test, outcome in sorted(tests.items())
    )
    return f"| {row.id} | {row.text.replace('|', '/')} | {kept} | {names} |"
