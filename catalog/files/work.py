"""Checking, applying and undoing a file: chunk by chunk, each with its place in one transaction, so that a killed import goes on where it was.

Whoever works holds a lease on the row. Every chunk ends with a conditional update that names the lease and the state: a worker whose lease was taken over, or
whose import was stopped meanwhile, rolls its chunk back and leaves.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from catalog.files import prices, undoing
from catalog.files.kinds import KINDS
from catalog.files.ledger import KEPT
from catalog.files.plan import REFUSED, UNCHANGED, Issue, Line, Planned, Planner, read_line
from catalog.files.prices import PricePlanner
from catalog.files.products import ProductPlanner
from catalog.files.stock import StockPlanner
from catalog.files.tables import Reading, Row, read_rows
from catalog.models import (
    ImportContent,
    ImportedPrice,
    ImportFile,
    ImportIssue,
    ImportKind,
    ImportOverflow,
    ImportState,
)
from catalog.models.files import MOVING
from portal.lib import clock
from portal.lib.errors import DomainError

LEASE = timedelta(seconds=90)
# Rows in one transaction: a product costs several writes, a figure one.
CHUNKS: dict[str, int] = {ImportKind.PRODUCTS: 400, ImportKind.STOCK: 1_000, ImportKind.PRICES: 1_000}
# Rows of one product are kept in one chunk, up to so many more.
MOST_TOGETHER = 400
# So many things that are wrong are rows of their own; more are kept in blocks. As many that are only odd are kept.
MOST_ISSUES = 10_000
SAMPLE = 12
# Records named after an undo that left them.
MOST_KEPT = 50
MOST_ATTEMPTS = 6
PLANNERS: dict[str, Callable[[ImportFile], Planner]] = {
    ImportKind.PRODUCTS: ProductPlanner,
    ImportKind.STOCK: StockPlanner,
    ImportKind.PRICES: PricePlanner,
}
Numbered = tuple[int, Row]


class LeaseLost(Exception):
    """Somebody else works on the file now, or it was stopped."""


def work(file_id: int, *, seconds: float | None = None) -> bool:
    """Work on the file until its phase ends or ``seconds`` are over. Returns whether something is left to do. Twice at once is once."""
    owner = uuid.uuid4().hex
    file = _claim(file_id, owner)
    if file is None:
        return False
    until = time.monotonic() + seconds if seconds is not None else None
    try:
        left = _undo(file, owner, until) if file.state == ImportState.UNDOING else _go(file, owner, until)
    except LeaseLost:
        return False
    except DomainError as error:
        _end(file, owner, ImportState.FAILED, failure=error.sentence[:400])
        return False
    if left:
        ImportFile.objects.filter(pk=file_id, lease_owner=owner).update(lease_owner="", lease_until=None)
    return left


def due() -> list[int]:
    """Files that somebody should work on: moving, and nobody holds them (any more)."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=clock.now())
    return list(ImportFile.objects.filter(free, state__in=MOVING).order_by("pk").values_list("pk", flat=True)[:200])


def _claim(file_id: int, owner: str) -> ImportFile | None:
    """The file, held by ``owner`` now; None when it is at rest or somebody else holds it. A file that kills its workers is given up."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=clock.now())
    rows = ImportFile.objects.filter(free, pk=file_id, state__in=MOVING)
    if not rows.update(lease_owner=owner, lease_until=clock.now() + LEASE, attempts=F("attempts") + 1):
        return None
    file = ImportFile.objects.select_related("company", "price_list", "uploaded_by").get(pk=file_id)
    if file.attempts > MOST_ATTEMPTS:
        sentence = f"We began {MOST_ATTEMPTS} times and were cut off each time at row {file.position:,}. Split the file into parts."
        _end(file, owner, ImportState.FAILED, failure=sentence)
        return None
    return file


@dataclass(slots=True)
class _Progress:
    """What a phase has found so far."""

    position: int
    counts: Counter[str]
    sample: list[dict[str, Any]]
    seen: dict[Any, int] = field(default_factory=dict)


def _go(file: ImportFile, owner: str, until: float | None) -> bool:
    kind, planner = KINDS[file.kind], PLANNERS[file.kind](file)
    progress = _Progress(file.position, Counter(file.counts), list(file.sample))
    chunks = _chunks(_lines(file, progress, planner), planner, CHUNKS[file.kind])
    for chunk in chunks:
        _take(file, owner, planner, chunk, progress)
        # The last chunk ends the phase, however long it took: no worker is called for nothing.
        if until is not None and time.monotonic() > until and next(chunks, None):
            return True
    if not progress.position:
        raise DomainError(f"There is no row below the head. Add one {kind.noun} a row, then upload the file again.")
    ended = ImportState.CHECKED if file.state == ImportState.CHECKING else ImportState.DONE
    _end(file, owner, ended, rows=progress.position)
    return False


def _take(file: ImportFile, owner: str, planner: Planner, chunk: Sequence[Line], progress: _Progress) -> None:
    """One chunk: planned, written (when applying), counted, and its place kept, in one transaction."""
    with transaction.atomic():
        planned = planner.plan(chunk)
        if file.state == ImportState.APPLYING:
            planner.write(planned)
        _note_issues(file, planned, progress)
        _note_warnings(file, planned, progress)
        progress.counts.update(one.verdict for one in planned)
        progress.position += len(chunk)
        changed = (one for one in planned if one.verdict not in (UNCHANGED, REFUSED))
        progress.sample += [_shown(one) for one in islice(changed, max(SAMPLE - len(progress.sample), 0))]
        kept = {
            "position": progress.position,
            "counts": dict(progress.counts),
            "sample": progress.sample,
            "attempts": 0,
        }
        _keep(file, owner, **kept)


def _keep(file: ImportFile, owner: str, **values: Any) -> None:
    """Note the place and hold the file on. Raises LeaseLost, which rolls the caller's transaction back."""
    now = clock.now()
    rows = ImportFile.objects.filter(pk=file.pk, lease_owner=owner, state=file.state)
    if not rows.update(lease_until=now + LEASE, changed_at=now, **values):
        raise LeaseLost


def _end(file: ImportFile, owner: str, state: str, **values: Any) -> None:
    now = clock.now()
    more = (
        {"checked": ImportFile.objects.get(pk=file.pk).counts} if state == ImportState.CHECKED else {"finished_at": now}
    )
    rows = ImportFile.objects.filter(pk=file.pk, lease_owner=owner)
    rows.update(state=state, lease_owner="", lease_until=None, changed_at=now, **more, **values)


def reading_of(file: ImportFile) -> Reading:
    return Reading(file.form, file.encoding, file.delimiter, file.sheet)


def body_of(file: ImportFile) -> Iterator[Numbered]:
    """The rows below the head, with their numbers in the file."""
    content = bytes(ImportContent.objects.get(file=file).content)
    return islice(read_rows(content, reading_of(file)), file.head_row + 1, None)


def _lines(file: ImportFile, progress: _Progress, planner: Planner) -> Iterator[Line]:
    """The rows from the place on; what stands before it is read for SKUs that stand twice."""
    kind, seen = KINDS[file.kind], progress.seen
    start = progress.position
    for index, (number, row) in enumerate(body_of(file)):
        line = read_line(kind, number, row, columns=file.columns, decimal=file.decimal)
        identity = planner.identity(line)
        if identity is not None:
            first = seen.setdefault(identity, number)
            if first != number:
                line.refuse("SKU", f"This SKU stands in row {first:,} already.", "Keep one of the two rows.")
        if index >= start:
            yield line


def _chunks(lines: Iterator[Line], planner: Planner, size: int) -> Iterator[list[Line]]:
    """Some hundred lines each; the rows of one product are not parted."""
    chunk: list[Line] = []
    for line in lines:
        full = len(chunk) >= size
        group = planner.belongs_together(line)
        together = full and group and group == planner.belongs_together(chunk[-1]) and len(chunk) < size + MOST_TOGETHER
        if full and not together:
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def _note_issues(file: ImportFile, planned: Sequence[Planned], progress: _Progress) -> None:
    """The first ones as rows, to be shown and searched; what is more in one row a chunk, for the download."""
    found = [issue for one in planned for issue in one.line.issues]
    room = max(MOST_ISSUES - progress.counts["issues"], 0)
    ImportIssue.objects.bulk_create(_row(file, issue) for issue in found[:room])
    if rest := found[room:]:
        said = [[one.line, one.column, one.value, one.wrong, one.todo] for one in (_row(file, one) for one in rest)]
        ImportOverflow.objects.create(file=file, line=rest[0].line, issues=said)
    progress.counts["issues"] += len(found)


def _note_warnings(file: ImportFile, planned: Sequence[Planned], progress: _Progress) -> None:
    """What is odd in rows that are taken, beside what is wrong in those that are not. All are counted."""
    found = [issue for one in planned if one.verdict != REFUSED for issue in one.line.warnings]
    room = max(MOST_ISSUES - progress.counts["warnings"], 0)
    ImportIssue.objects.bulk_create(_row(file, issue, is_warning=True) for issue in found[:room])
    progress.counts.update({"warnings": len(found)} if found else {})


def _row(file: ImportFile, issue: Issue, *, is_warning: bool = False) -> ImportIssue:
    return ImportIssue(
        file=file,
        is_warning=is_warning,
        line=issue.line,
        column=issue.column[:80],
        value=issue.value.replace("\x00", "")[:80],
        wrong=issue.wrong[:300],
        todo=issue.todo[:300],
    )


def _shown(one: Planned) -> dict[str, Any]:
    return {
        "line": one.line.number,
        "sku": one.line.sku,
        "verdict": one.verdict,
        "changes": [list(change) for change in one.changes[:4]],
    }


def _undo(file: ImportFile, owner: str, until: float | None) -> bool:
    """Put back what the file replaced, some hundred records a transaction, and keep the first that stayed to be named."""
    undo_some = prices.undo_some if file.kind == ImportKind.PRICES else undoing.undo_some
    counts, kept = Counter(file.counts), [one for one in file.sample if one["verdict"] == KEPT]
    while True:
        with transaction.atomic():
            done = undo_some(file)
            if done is not None:
                counts.update(back=done.back, left=done.left)
                kept = [*kept, *done.kept][:MOST_KEPT]
                _keep(file, owner, counts=dict(counts), sample=kept, attempts=0)
        if done is None:
            _end(file, owner, ImportState.UNDONE)
            return False
        if until is not None and time.monotonic() > until and is_undoable(file):
            return True


def is_undoable(file: ImportFile) -> bool:
    """Whether something that the file replaced was not put back yet."""
    return ImportedPrice.objects.filter(file=file).exists() or undoing.is_pending(file)
