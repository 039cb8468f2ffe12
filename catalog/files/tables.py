"""A file as rows of cells, read as a stream: CSV from text, XLSX sheet by sheet, with limits that no file can lie its way around."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.files import encoding as letters
from catalog.files import workbook
from catalog.files.values import Cell
from portal.lib.errors import DomainError

MOST_BYTES = 20_000_000
MOST_ROWS = 250_000
MOST_COLUMNS = 200
# Nobody means a table that begins after so many rows without a cell.
MOST_EMPTY_ROWS = 5_000
Row = list[Cell]
_WRONG_KINDS = (
    (b"\xd0\xcf\x11\xe0", "This is the older Excel format (.xls). Save it as .xlsx or CSV, then upload it again."),
    (b"%PDF", "This is a PDF. Save the table as CSV or as an Excel workbook (.xlsx)."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and upload the table in it."),
    (b"\x89PNG", "This is a picture. Upload the table as CSV or as an Excel workbook (.xlsx)."),
    (b"{\\rtf", "This is a text document. Save the table as CSV or as an Excel workbook (.xlsx)."),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How to read a file. ``sheet`` counts for workbooks, the rest for CSV."""

    form: str = "csv"
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    sheet: str = ""
    sheets: tuple[str, ...] = field(default=())


def inspect(content: bytes, *, encoding: str = "", delimiter: str = "", sheet: str = "") -> Reading:
    """How ``content`` is to be read: what is given, the rest guessed. Raises DomainError for what is no table, is empty, or is too large."""
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise DomainError("This file is empty. Download the template to see what belongs in it.", field="file")
    if len(content) > MOST_BYTES:
        raise DomainError(
            f"This file has {len(content) // 1_000_000} MB; {MOST_BYTES // 1_000_000} MB are the most. Split it.",
            field="file",
        )
    for start, sentence in _WRONG_KINDS:
        if content.startswith(start):
            raise DomainError(sentence, field="file")
    if content.startswith(b"PK\x03\x04"):
        names = workbook.sheet_names(content)
        return Reading("xlsx", "", "", sheet if sheet in names else names[0], tuple(names))
    chosen = encoding if encoding in letters.ENCODINGS else letters.guess_encoding(content)
    text = letters.decode(content, chosen)
    return Reading("csv", chosen, delimiter if delimiter in letters.DELIMITERS else letters.guess_delimiter(text))


def read_rows(content: bytes, reading: Reading) -> Iterator[tuple[int, Row]]:
    """(number from 1, cells) of every row that has any cell filled, in order.

    Raises DomainError at the row from which a file cannot be read, for more than MOST_ROWS rows, and for a gap that no table has.
    """
    rows = workbook.rows_of(content, reading.sheet) if reading.form == "xlsx" else _csv_rows(content, reading)
    filled, last = 0, 0
    for number, row in rows:
        if not any(not isinstance(cell, str) or cell.strip() for cell in row):
            continue
        if number - last > MOST_EMPTY_ROWS:
            raise DomainError(
                f"There are {number - last:,} empty rows before row {number:,}. Delete them and upload the file again.",
                field="file",
            )
        filled, last = filled + 1, number
        if filled > MOST_ROWS + 1:
            raise DomainError(f"This file has more than {MOST_ROWS:,} rows. Split it into parts.", field="file")
        yield number, row[:MOST_COLUMNS]


def _csv_rows(content: bytes, reading: Reading) -> Iterator[tuple[int, Row]]:
    text = letters.decode(content, reading.encoding)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=reading.delimiter or ",")
    number = 0
    try:
        for number, row in enumerate(lines, 1):
            if number == 1 and len(row) <= 2 and "".join(row).strip().lower() in {"sep=", f"sep={reading.delimiter}"}:
                continue
            yield number, list(row)
    except csv.Error as error:
        raise DomainError(
            f"Row {number + 1:,} cannot be read as CSV: a quotation mark may be missing, or a cell is far too long. Mend it and upload the file again.",
            field="file",
        ) from error
