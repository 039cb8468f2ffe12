"""Everything that is wrong in the rows of an import, in the order of the file, however much it is, and what is only odd."""

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
    """What is wrong in refused rows below ``after``. A stream: memory does not grow with it."""
    return chain(_kept(file, after, is_warning=False), _overflow(file, after))


def warnings_of(file: ImportFile, *, after: int = 0) -> Iterator[Said]:
    """What is odd in rows below ``after`` that are taken all the same: the first ten thousand oddities. A stream."""
    return _kept(file, after, is_warning=True)


def _kept(file: ImportFile, after: int, *, is_warning: bool) -> Iterator[Said]:
    rows = file.issues.filter(line__gt=after, is_warning=is_warning).order_by("line", "pk")
    return map(Said._make, rows.values_list(*Said._fields).iterator(CHUNK))


def _overflow(file: ImportFile, after: int) -> Iterator[Said]:
    blocks = file.overflow.order_by("line").values_list("issues", flat=True)
    return (said for block in blocks.iterator(10) for said in map(Said._make, block) if said.line > after)
