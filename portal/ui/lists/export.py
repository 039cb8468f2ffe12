"""CSV and XLSX of exactly the rows and columns that a list shows under its filters; rows are streamed, memory does not grow with them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from openpyxl import Workbook

from portal.lib import clock
from portal.lib.cells import guarded, printable
from portal.ui.lists.columns import Column

CHUNK = 2_000
# An XLSX sheet holds 1,048,576 rows, one of which is the head.
SHEET_ROWS = 1_048_575


def safe(value: Any) -> Any:
    """``value`` for a spreadsheet cell: text that would run as a formula is kept as text, and what no sheet can hold is left out."""
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None, microsecond=0)
    if value is None or isinstance(value, bool | int | float | Decimal):
        return value
    return guarded(printable(str(value)))


def lines(rows: QuerySet, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """The head, then one line a row."""
    yield [column.head for column in columns]
    for row in rows.iterator(chunk_size=CHUNK):
        yield [safe(column.for_export(row)) for column in columns]


def as_csv(name: str, rows: QuerySet, columns: Sequence[Column]) -> HttpResponseBase:
    """The list as a CSV file."""
    return csv_answer(name, lines(rows, columns))


def as_xlsx(name: str, rows: QuerySet, columns: Sequence[Column]) -> HttpResponseBase:
    """The list as a workbook."""
    return xlsx_answer(name, lines(rows[:SHEET_ROWS], columns))


def csv_answer(name: str, body: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """A CSV file of ``body`` sent while it is read, with a byte order mark so that spreadsheets take it as UTF-8. Cells must be ``safe``."""
    writer = csv.writer(_Echo())
    texts = (writer.writerow(line) for line in body)
    response = StreamingHttpResponse(_after("\ufeff", texts), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(name, "csv")}"'
    return response


def xlsx_answer(name: str, body: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """A workbook of one sheet, written to a temporary file that goes when it was sent. Cells must be ``safe``."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    for line in body:
        sheet.append(line)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it after sending
    book.save(file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_file_name(name, "xlsx"))


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}
ANSWERS = {"csv": csv_answer, "xlsx": xlsx_answer}


def _file_name(name: str, ending: str) -> str:
    return f"{name}-{timezone.localtime(clock.now()):%Y-%m-%d}.{ending}"


def _after(first: str, rest: Iterable[str]) -> Iterator[str]:
    yield first
    yield from rest


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text
