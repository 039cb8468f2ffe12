"""Everything that is wrong in the rows of an import, in the order of the file, however much it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from catalog.models import ImportFile

CHUNK = 2_000


class Said(NamedTuple):
    """What is wrong in a row: where, what, and what to do."""

    line: int
    column: str
    value: str
    wrong: str
    todo: str


def issues_of(file: ImportFile, *, after: int = 0) -> Iterator[Said]:
    """What was found in rows below ``after``. A stream: memory does not grow with it."""
    rows = file.issues.filter(line__gt=after).order_by("line", "pk").values_list(*Said._fields)
    return chain(map(Said._make, rows.iterator(CHUNK)), _overflow(file, after))


def _overflow(file: ImportFile, after: int) -> Iterator[Said]:
    blocks = file.overflow.order_by("line").values_list("issues", flat=True)
    return (said for block in blocks.iterator(10) for said in map(Said._make, block) if said.line > after)
