"""Excel workbooks as a stream of rows. What the file says about its own size is never believed: zip entries, dimensions and row numbers can lie."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import zip_longest
from typing import Any
from xml.etree.ElementTree import ParseError  # nosec B405  # the error alone; openpyxl parses

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalog.files.values import Cell, NoResult
from portal.lib.errors import DomainError

MOST_UNPACKED = 400_000_000
# The shared texts are held in memory while the sheet is read.
MOST_TEXTS = 80_000_000
MOST_ENTRIES = 2_000
SHEET_ROWS = 1_048_576
MOST_COLUMNS = 200
_BLOCK = 1 << 20
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    NotImplementedError,
    OverflowError,
)
_SENTENCE = "This workbook cannot be read. Open it in your spreadsheet, save it as .xlsx again, then upload it."


def sheet_names(content: bytes) -> list[str]:
    """The sheets with cells, in the workbook's order. Raises DomainError for what is no workbook or unpacks to too much."""
    check_size(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        names = [sheet.title for sheet in book.worksheets]
        book.close()
    except _BROKEN as error:
        raise DomainError(_SENTENCE, field="file") from error
    if not names:
        raise DomainError("This workbook has no sheet with cells.", field="file")
    return names


def check_size(content: bytes) -> None:
    """Refuse a zip bomb before anything is unpacked. An entry cannot hold more than it declares: zipfile stops there. Raises DomainError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
    except _BROKEN as error:
        raise DomainError(_SENTENCE, field="file") from error
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names and "[Content_Types].xml" not in names:
        raise DomainError(
            "This is a packed folder, not a workbook. Unpack it and upload the table in it.", field="file"
        )
    texts = sum(entry.file_size for entry in entries if "sharedstrings" in entry.filename.lower())
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED or texts > MOST_TEXTS:
        raise DomainError(
            "This workbook unpacks to far more than a table of goods needs. Save the table alone as CSV.", field="file"
        )


def rows_of(content: bytes, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
    """(number from 1, cells) of each row of ``sheet``; formulas give their stored result, or NoResult. Raises DomainError."""
    check_size(content)
    try:
        values = _rows(content, sheet, results=True)
        formulas = _rows(content, sheet, results=False) if _has(content, b"<f>", b"<f ") else None
        for number, (row, origin) in enumerate(zip_longest(values, formulas or ()), 1):
            if number > SHEET_ROWS:
                raise DomainError(
                    f"This sheet claims more than {SHEET_ROWS:,} rows. Save the table alone as CSV.", field="file"
                )
            yield number, _cells(row or (), origin or ())
    except _BROKEN as error:
        raise DomainError(_SENTENCE, field="file") from error


def has_merged_cells(content: bytes) -> bool:
    """Whether some sheet merges cells: then only the first of them holds the value."""
    return _has(content, b"<mergeCell ")


def _cells(row: tuple[Any, ...], origin: tuple[Any, ...]) -> list[Cell]:
    # Gaps come as rows of nothing, perhaps a million of them: they are told apart before any cell is looked at.
    if row.count(None) == len(row) and origin.count(None) == len(origin):
        return []
    return [_cell(value, origin[at] if at < len(origin) else None) for at, value in enumerate(row)]


def _rows(content: bytes, name: str, *, results: bool) -> Iterator[tuple[Any, ...]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=results)
    sheets = [sheet for sheet in book.worksheets if sheet.title == name] or book.worksheets
    # The declared dimension may say anything; without it the rows that are there are read.
    sheets[0].reset_dimensions()
    yield from sheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS)


def _has(content: bytes, *marks: bytes) -> bool:
    """Whether a sheet's XML holds one of ``marks``; read in blocks."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml") and _stream_has(packed, name, marks):
                return True
    return False


def _stream_has(packed: zipfile.ZipFile, name: str, marks: tuple[bytes, ...]) -> bool:
    kept = b""
    with packed.open(name) as stream:
        while block := stream.read(_BLOCK):
            if any(mark in kept + block for mark in marks):
                return True
            kept = block[-20:]
    return False


def _cell(value: Any, origin: Any) -> Cell:
    if value is None:
        return NoResult(origin) if isinstance(origin, str) and origin.startswith("=") else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if value == value and abs(value) < 1e300 else "#NUM!"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
