"""What a person or program does with a file: upload it, match its columns, check it, apply it, stop it, undo it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction

from catalog import jobs
from catalog.files import matching, workbook
from catalog.files.kinds import KINDS
from catalog.files.tables import MOST_BYTES, MOST_COLUMNS, Reading, inspect, read_rows
from catalog.files.values import Cell, guess_decimal, shown
from catalog.files.work import is_undoable, work
from catalog.models import (
    ColumnMemory,
    ImportContent,
    ImportFile,
    ImportIssue,
    ImportKind,
    ImportOverflow,
    ImportState,
    PriceList,
)
from catalog.models.files import MOVES, MOVING
from portal.companies.models import Company, User
from portal.lib import clock
from portal.lib.errors import DomainError, InvalidMove

EXAMPLES = 5
LOOK_AT = 60
# A file that is through within this time needs no worker.
AT_ONCE = 1.0
MERGED = "This workbook merges cells: only the first of merged cells holds their value."


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file: its name and its bytes."""

    name: str
    content: bytes


def receive(
    company: Company, upload: Upload, *, kind: str, price_list: PriceList | None = None, by: User | None = None
) -> ImportFile:
    """Keep the file, guess how to read it and what its columns are. Nothing is imported yet. Raises DomainError for what is no table of ours."""
    if kind not in KINDS:
        raise DomainError("Choose products, stock or prices.", field="kind")
    if kind == ImportKind.PRICES and (price_list is None or price_list.company_id != company.pk):
        raise DomainError("Choose the price list that these prices are for.", field="price_list")
    file = ImportFile(
        company=company,
        kind=kind,
        price_list=price_list if kind == ImportKind.PRICES else None,
        name=_name(upload.name),
        size=len(upload.content),
        uploaded_by=by,
    )
    _look(file, upload.content, inspect(upload.content))
    with transaction.atomic():
        file.save()
        ImportContent.objects.create(file=file, content=upload.content)
    return file


def read_again(file: ImportFile, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> None:
    """Read the file another way and match its columns anew. Raises DomainError where it cannot be read so, and InvalidMove while it is at work."""
    _check_at_rest(file)
    content = bytes(ImportContent.objects.get(file=file).content)
    _look(file, content, inspect(content, encoding=encoding, delimiter=delimiter, sheet=sheet))
    _move(file, ImportState.RECEIVED, **{name: getattr(file, name) for name in _LOOKED})


def set_columns(file: ImportFile, columns: Mapping[str, int], *, decimal: str = "") -> None:
    """Say which field is read from which column (from 0), and remember it for the company's next file. Raises DomainError for what cannot be."""
    _check_at_rest(file)
    kind = KINDS[file.kind]
    known = {one.key for one in kind.fields}
    places = list(columns.values())
    if columns.keys() - known or any(not 0 <= at < len(file.headers) for at in places):
        raise DomainError("Choose a column of this file for each field.", field="columns")
    if len(set(places)) < len(places):
        twice = next(at for at in places if places.count(at) > 1)
        raise DomainError(
            f"The column “{file.headers[twice]}” is chosen for two fields. Choose it for one.", field="columns"
        )
    if missing := [one.label for one in kind.required if one.key not in columns]:
        raise DomainError(f"Choose the column for {' and '.join(missing)}.", field="columns")
    file.columns, file.decimal = dict(columns), decimal if decimal in (".", ",") else file.decimal
    _remember(file)
    _move(file, ImportState.RECEIVED, columns=file.columns, decimal=file.decimal)


def check(file: ImportFile) -> None:
    """Begin the dry run: every row is read and compared, nothing is written. A small file is through at once. Raises DomainError like ``set_columns``."""
    _check_at_rest(file)
    if missing := [one.label for one in KINDS[file.kind].required if one.key not in file.columns]:
        raise DomainError(f"Choose the column for {' and '.join(missing)}.", field="columns")
    if file.state != ImportState.RECEIVED:
        _move(file, ImportState.RECEIVED)
    _begin(file, ImportState.CHECKING)


def reopen(file: ImportFile) -> None:
    """Back to the columns, to match or read them differently. Raises InvalidMove for a file at work or applied."""
    _check_at_rest(file)
    _move(file, ImportState.RECEIVED, failure="")


def apply(file: ImportFile) -> None:
    """Apply a checked file; rows with a fault are left out. Beginning twice is once. Raises InvalidMove for a file that was not checked."""
    if file.state in (ImportState.APPLYING, ImportState.DONE):
        return
    _begin(file, ImportState.APPLYING)


def cancel(file: ImportFile) -> None:
    """Stop checking or applying. What was applied stays. Raises InvalidMove for a file that is through."""
    if file.state == ImportState.CANCELLED:
        return
    _move(file, ImportState.CANCELLED, lease_owner="", lease_until=None, finished_at=clock.now())


def undo(file: ImportFile) -> None:
    """Put back what the file replaced, except where somebody changed it since. Raises InvalidMove where there is nothing to undo."""
    if file.state in (ImportState.UNDOING, ImportState.UNDONE):
        return
    if not can_be_undone(file):
        raise InvalidMove("This file changed nothing that could be put back.")
    _move(file, ImportState.UNDOING, attempts=0, failure="", finished_at=None)
    _start(file)


def can_be_undone(file: ImportFile) -> bool:
    """Whether the file changed something that can be put back."""
    return ImportState.UNDOING in MOVES[file.state] and is_undoable(file)


def _begin(file: ImportFile, state: str) -> None:
    with transaction.atomic():
        _move(file, state, position=0, counts={}, sample=[], failure="", attempts=0, finished_at=None)
        ImportIssue.objects.filter(file=file).delete()
        ImportOverflow.objects.filter(file=file).delete()
    _start(file)


def _start(file: ImportFile) -> None:
    """Work for a second here; a worker takes over what is left."""
    if work(file.pk, seconds=AT_ONCE):
        jobs.queue_file(file.pk)
    file.refresh_from_db()


def _check_at_rest(file: ImportFile) -> None:
    if file.state in MOVING:
        raise InvalidMove("This file is being worked on. Stop it first, or wait until it is through.")
    if ImportState.RECEIVED not in MOVES[file.state] and file.state != ImportState.RECEIVED:
        raise InvalidMove("This file was applied already. Upload it again to import it once more.")


def _move(file: ImportFile, state: str, **values: Any) -> None:
    """From the state at hand to ``state``, if nobody was faster. Raises InvalidMove."""
    before = file.state
    if state != before and state not in MOVES[before]:
        raise InvalidMove(f"This file is “{file.get_state_display().lower()}”, so that cannot be done now.")
    rows = ImportFile.objects.filter(pk=file.pk, state=before)
    if not rows.update(state=state, changed_at=clock.now(), **values):
        raise InvalidMove("Somebody else did something with this file just now. Reload the page.")
    file.state = state
    for name, value in values.items():
        setattr(file, name, value)


_LOOKED = (
    "form",
    "encoding",
    "delimiter",
    "decimal",
    "sheet",
    "sheets",
    "head_row",
    "headers",
    "columns",
    "examples",
    "notes",
    "rows",
)


def _look(file: ImportFile, content: bytes, reading: Reading) -> None:
    """Read the first rows: the head, some examples, and what the columns mean. Raises DomainError for a file without a head."""
    kind = KINDS[file.kind]
    top = [row for _, row in islice(read_rows(content, reading), LOOK_AT)]
    if not top:
        raise DomainError("This file has no row with anything in it.", field="file")
    head = matching.find_head(kind, [[shown(cell) for cell in row] for row in top])
    headers = [shown(cell) for cell in top[head]][:MOST_COLUMNS]
    found = matching.match_columns(kind, headers, remembered=_remembered(file))
    body = top[head + 1 :]
    file.form, file.encoding, file.delimiter = reading.form, reading.encoding, reading.delimiter
    file.sheet, file.sheets = reading.sheet[:100], [name[:100] for name in reading.sheets]
    file.head_row, file.headers, file.columns = head, headers, found.columns
    file.examples = [[shown(cell) for cell in row] for row in body[:EXAMPLES]]
    file.decimal = guess_decimal(_amounts(kind, found.columns, body))
    file.notes = [MERGED] if reading.form == "xlsx" and workbook.has_merged_cells(content) else []
    file.rows = _count(content, reading, head) if reading.form == "csv" else None


def _amounts(kind: Any, columns: Mapping[str, int], body: list[list[Cell]]) -> list[Cell]:
    places = [columns[one.key] for one in kind.fields if one.is_amount and one.key in columns]
    return [row[at] for row in body for at in places if at < len(row)]


def _count(content: bytes, reading: Reading, head: int) -> int | None:
    """How many rows stand below the head. None where the file cannot be read to its end: the check says at which row."""
    try:
        return max(sum(1 for _ in read_rows(content, reading)) - head - 1, 0)
    except DomainError:
        return None


def _remembered(file: ImportFile) -> dict[str, str]:
    row = ColumnMemory.objects.filter(company=file.company, kind=file.kind).first()
    return row.fields if row else {}


def _remember(file: ImportFile) -> None:
    """Keep what each header of this file means, "" for those that are not used, beside what other files taught."""
    chosen = {at: name for name, at in file.columns.items()}
    fields = {matching.header_key(text): chosen.get(at, "") for at, text in enumerate(file.headers) if text}
    held = {key: name for key, name in _remembered(file).items() if key not in fields}
    ColumnMemory.objects.update_or_create(
        company=file.company, kind=file.kind, defaults={"fields": dict(list((held | fields).items())[-400:])}
    )


def _name(text: str) -> str:
    """The file's own name without any path, for show only."""
    return text.replace("\\", "/").rsplit("/", 1)[-1].replace("\x00", "").strip()[:200] or "file"


__all__ = [
    "MOST_BYTES",
    "Upload",
    "apply",
    "can_be_undone",
    "cancel",
    "check",
    "read_again",
    "receive",
    "reopen",
    "set_columns",
    "undo",
]
