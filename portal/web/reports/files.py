"""A report as a file: the rows of its table, with money as figures beside a column that names the currency."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from openpyxl import Workbook

from portal.ui.lists.export import safe
from portal.web.reports.ledger import Figures, Report
from portal.web.reports.period import Period

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def lines(report: Report, by: str) -> Iterator[list[Any]]:
    """The head, then a line for each row."""
    yield [by.capitalize(), "Orders", "Units", "Money", "Currency", "Shipped", "Shipped in time", "Share in time"]
    for row in report.rows:
        yield [safe(value) for value in _cells(row)]


def as_csv(report: Report, by: str, period: Period) -> HttpResponse:
    """A CSV file with a byte order mark, so that spreadsheets take it as UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerows(lines(report, by))
    return _sent(f"\ufeff{text.getvalue()}".encode(), "text/csv; charset=utf-8", by, period, "csv")


def as_xlsx(report: Report, by: str, period: Period) -> HttpResponse:
    """A workbook of one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Report")
    for line in lines(report, by):
        sheet.append(line)
    body = io.BytesIO()
    book.save(body)
    return _sent(body.getvalue(), _EXCEL, by, period, "xlsx")


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}


def _cells(row: Figures) -> list[Any]:
    share = round(row.in_time / row.shipped, 4) if row.shipped else None
    return [row.name, row.orders, row.units, row.money, row.currency, row.shipped, row.in_time, share]


def _sent(body: bytes, kind: str, by: str, period: Period, ending: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    name = f"report-by-{by}-{period.first}-{period.last}.{ending}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
