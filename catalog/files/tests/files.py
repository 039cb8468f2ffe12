"""Files as people make them."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import Workbook

from catalog.files import services
from catalog.files.services import Upload
from catalog.models import ImportFile
from portal.companies.models import Company


def csv_file(*lines: str, name: str = "goods.csv", encoding: str = "utf-8") -> Upload:
    return Upload(name, "\r\n".join(lines).encode(encoding))


def xlsx_file(*rows: list[Any], name: str = "goods.xlsx") -> Upload:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return Upload(name, content.getvalue())


def take(company: Company, upload: Upload, *, kind: str = "products", **more: Any) -> ImportFile:
    """Received and checked."""
    file = services.receive(company, upload, kind=kind, **more)
    services.check(file)
    return file


def take_in(company: Company, upload: Upload, *, kind: str = "products", **more: Any) -> ImportFile:
    """Received, checked and applied."""
    file = take(company, upload, kind=kind, **more)
    services.apply(file)
    return file


def wrong(file: ImportFile) -> list[tuple[int, str, str]]:
    """(row, column, sentence) of everything refused."""
    return list(file.issues.filter(is_warning=False).values_list("line", "column", "wrong"))


def odd(file: ImportFile) -> list[tuple[int, str, str]]:
    """(row, column, sentence) of everything odd in rows that are taken."""
    return list(file.issues.filter(is_warning=True).values_list("line", "column", "wrong"))
