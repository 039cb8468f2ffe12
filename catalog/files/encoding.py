"""Which letters and which separator a CSV file is written with: guessed from its bytes, shown, and changeable."""

from __future__ import annotations

import csv
import io
from collections import Counter

from portal.lib.errors import DomainError

# What may be chosen, with what it is called on screen.
ENCODINGS: dict[str, str] = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16 (Unicode text)",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "cp1252": "Windows-1252 (Western)",
    "latin-1": "Latin-1 (ISO 8859-1)",
}
DELIMITERS: dict[str, str] = {",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar"}
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Bytes that mean nothing in Windows-1252.
_UNDEFINED = frozenset(b"\x81\x8d\x8f\x90\x9d")
_LOOK_AT = 64_000
_LINES = 60


def guess_encoding(content: bytes) -> str:
    """The encoding of ``content``: by its mark, else UTF-16 by its zeros, else UTF-8 if it is valid, else the Western one of Windows."""
    marked = next((name for bom, name in _BOMS if content.startswith(bom)), "")
    if marked:
        return marked
    head = content[:_LOOK_AT]
    if (wide := _guess_wide(head)) is not None:
        return wide
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1" if _UNDEFINED & set(content) else "cp1252"
    return "utf-8-sig"


def _guess_wide(head: bytes) -> str | None:
    """UTF-16 without a mark: in Western text every other byte is zero."""
    if len(head) < 4 or head.count(0) * 3 < len(head):
        return None
    return "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"


def decode(content: bytes, encoding: str) -> str:
    """``content`` as text. Raises DomainError for bytes that this encoding does not have, and for files that are no text at all."""
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        name = ENCODINGS.get(encoding, encoding)
        raise DomainError(f"This file is not written in {name}. Choose another encoding.", field="encoding") from error
    if "\x00" in text[:_LOOK_AT]:
        raise DomainError(
            "This is not a table of text. Save it as CSV or as an Excel workbook (.xlsx), then upload it again.",
            field="file",
        )
    return text.removeprefix("\ufeff")


def guess_delimiter(text: str) -> str:
    """The separator under which the first lines have the same number of cells, the more the better; a comma where nothing tells."""
    first = text[:8].split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return first[4]
    return max(DELIMITERS, key=lambda mark: _fit(text[:_LOOK_AT], mark))


def _fit(text: str, mark: str) -> tuple[int, int]:
    """(how many of the first lines have the most common width above 1, that width)."""
    try:
        rows = [
            len(row)
            for row, _ in zip(csv.reader(io.StringIO(text), delimiter=mark), range(_LINES), strict=False)
            if row
        ]
    except csv.Error:
        return 0, 0
    wide = Counter(width for width in rows if width > 1)
    if not wide:
        return 0, 0
    width, times = wide.most_common(1)[0]
    return times, width
