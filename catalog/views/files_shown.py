"""What the pages of an import show: its steps, its columns with examples, its result in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from catalog.files.encoding import DELIMITERS, ENCODINGS
from catalog.files.kinds import KINDS, Field
from catalog.files.services import can_be_undone
from catalog.files.work import MOST_ISSUES
from catalog.models import ImportFile, ImportKind, ImportState
from catalog.services.releasing import goes_to_draft
from portal.ui.looks import FINE, GONE, ODD, OFF, QUIET, Look

STATES: dict[str, Look] = {
    ImportState.RECEIVED: QUIET.named("Columns to confirm"),
    ImportState.CHECKING: Look("loader-circle", "acc", "Being checked"),
    ImportState.CHECKED: ODD.named("Ready to apply"),
    ImportState.APPLYING: Look("loader-circle", "acc", "Being applied"),
    ImportState.DONE: FINE.named("Applied"),
    ImportState.CANCELLED: OFF.named("Stopped"),
    ImportState.FAILED: Look("circle-x", "bad", "Cannot be read"),
    ImportState.UNDOING: Look("loader-circle", "acc", "Being undone"),
    ImportState.UNDONE: GONE.named("Undone"),
}
# A file that was checked and of which nothing can be, or need be, applied.
NOTHING = QUIET.named("Nothing to apply")
# The step that each state stands at: 1 upload, 2 columns, 3 check, 4 apply.
STEP_OF: dict[str, int] = {
    ImportState.RECEIVED: 2,
    ImportState.FAILED: 2,
    ImportState.CHECKING: 3,
    ImportState.CHECKED: 3,
    ImportState.APPLYING: 4,
    ImportState.CANCELLED: 4,
}
STEPS = ("Upload", "Match columns", "Check", "Apply")
SHOWN_ISSUES = 50
UNDO_NOUNS: dict[str, str] = {
    ImportKind.PRODUCTS: "products, variants and figures",
    ImportKind.STOCK: "stock figures",
    ImportKind.PRICES: "prices",
}
UNDO_WORDS: dict[str, str] = {
    ImportKind.PRODUCTS: "Everything that this file changed goes back to what it was, except what somebody changed since. "
    "Products that it added go out of trade; your partners' listings of them stop.",
    ImportKind.STOCK: "Every figure that this file changed goes back to what it was, except those that were read or changed since.",
    ImportKind.PRICES: "Every price that this file changed goes back to what it was before, except those that somebody changed since.",
}


@dataclass(frozen=True, slots=True)
class ShownColumn:
    """A column of the file: its header, some of its cells, and which of our fields it is."""

    at: int
    header: str
    examples: str
    chosen: str


def result_words(file: ImportFile) -> str:
    """``96 created, 4 changed, 900 unchanged``; "" before anything was looked at."""
    words = (("create", "new"), ("update", "changed"), ("unchanged", "unchanged"), ("refused", "refused"))
    said = ", ".join(f"{int(file.counts[key]):,} {word}" for key, word in words if file.counts.get(key))
    if file.state in (ImportState.UNDONE, ImportState.UNDOING):
        return f"{int(file.counts.get('back', 0)):,} put back"
    return f"would be: {said}" if said and file.state in (ImportState.CHECKING, ImportState.CHECKED) else said


def page_context(request: HttpRequest, file: ImportFile) -> dict[str, Any]:
    """Everything that the page of ``file`` reads."""
    kind = KINDS[file.kind]
    may = request.scope.can(kind.permission)
    changes = int(file.counts.get("create", 0)) + int(file.counts.get("update", 0))
    context: dict[str, Any] = {
        "file": file,
        "kind": kind,
        "title": file.name,
        "help_slug": "files",
        "may": may,
        "look": STATES[file.state] if changes or file.state != ImportState.CHECKED else NOTHING,
        "steps": _steps(file),
        "changes": changes,
        "figures": _figures(file),
        "issues": list(file.issues.filter(is_warning=False)[:SHOWN_ISSUES]),
        "warnings": list(file.issues.filter(is_warning=True)[:SHOWN_ISSUES]),
        "most_warnings": MOST_ISSUES,
        "may_undo": may and can_be_undone(file),
        "undo_noun": UNDO_NOUNS[file.kind],
        "undo_words": UNDO_WORDS[file.kind],
        "is_prices": file.kind == ImportKind.PRICES,
        "is_draft": _is_draft(file),
    }
    return context | (_column_context(file) if file.state == ImportState.RECEIVED else {})


def _is_draft(file: ImportFile) -> bool:
    """Whether the prices of the file wait, or may wait, in the draft of their list."""
    if file.price_list is None or file.state not in (ImportState.CHECKED, ImportState.DONE):
        return False
    return goes_to_draft(file.price_list)


def _steps(file: ImportFile) -> list[tuple[int, str, str]]:
    """(number, name, "done", "now" or "todo") of the four steps."""
    at = STEP_OF.get(file.state, 5)
    return [(n, name, "done" if n < at else "now" if n == at else "todo") for n, name in enumerate(STEPS, 1)]


# An import that was undone had its figures once.
_TENSES: dict[str, tuple[str, str]] = {ImportState.UNDONE: ("Had been new", "Had changed")}


def _figures(file: ImportFile) -> list[tuple[str, int, str]]:
    noun = {ImportKind.PRODUCTS: "SKU", ImportKind.STOCK: "figure", ImportKind.PRICES: "price"}[ImportKind(file.kind)]
    past = file.state not in (ImportState.CHECKING, ImportState.CHECKED)
    new, changed = _TENSES.get(file.state, ("New", "Changed") if past else ("Would be new", "Would change"))
    figures = (
        (new, int(file.counts.get("create", 0)), noun),
        (changed, int(file.counts.get("update", 0)), noun),
        ("Unchanged", int(file.counts.get("unchanged", 0)), "row"),
        ("Refused", file.refused, "row"),
    )
    return [(label, number, unit if number == 1 else f"{unit}s") for label, number, unit in figures]


def _column_context(file: ImportFile) -> dict[str, Any]:
    kind = KINDS[file.kind]
    by_place = {at: key for key, at in file.columns.items()}
    columns = [
        ShownColumn(at, header or f"Column {at + 1}", _examples(file, at), by_place.get(at, ""))
        for at, header in enumerate(file.headers)
    ]
    return {
        "columns": columns,
        "fields": kind.fields,
        "missing": [field.label for field in kind.required if field.key not in file.columns],
        "encodings": list(ENCODINGS.items()),
        "encoding_word": ENCODINGS.get(file.encoding, file.encoding),
        "delimiters": [
            ("tab" if mark == "\t" else mark, word, mark == file.delimiter) for mark, word in DELIMITERS.items()
        ],
        "delimiter_word": DELIMITERS.get(file.delimiter, ""),
        "has_amounts": any(field.is_amount for field in kind.fields),
        "unmatched": _unmatched(kind.fields, file),
    }


def _unmatched(fields: tuple[Field, ...], file: ImportFile) -> str:
    return ", ".join(field.label for field in fields if field.key not in file.columns)


def _examples(file: ImportFile, at: int) -> str:
    cells = [row[at] for row in file.examples if at < len(row) and row[at]]
    return " · ".join(cell[:28] for cell in cells[:3])
