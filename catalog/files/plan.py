"""What a chunk of rows would do: the words that every kind of file shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from catalog.files.kinds import FileKind
from catalog.files.tables import Row
from catalog.files.values import BadCell, is_empty, shown
from catalog.models import Variant, sku_key
from portal.companies.models import Company

CREATE, UPDATE, UNCHANGED, REFUSED = "create", "update", "unchanged", "refused"
VERDICTS = (CREATE, UPDATE, UNCHANGED, REFUSED)


@dataclass(frozen=True, slots=True)
class Issue:
    """What is wrong or odd in a row. ``column`` is our name of the field, "" for the row as a whole."""

    line: int
    column: str
    value: str
    wrong: str
    todo: str = ""


@dataclass(slots=True)
class Line:
    """A row as values: only the cells that are filled. ``issues`` not empty means: refused. ``warnings`` are of cells that are taken as they stand."""

    number: int
    values: dict[str, Any]
    issues: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)

    @property
    def sku(self) -> str:
        return self.values.get("sku", "")

    @property
    def key(self) -> str:
        return sku_key(self.sku)

    def refuse(self, column: str, wrong: str, todo: str = "", *, value: str = "") -> None:
        self.issues.append(Issue(self.number, column, value or self.sku, wrong, todo))


@dataclass(slots=True)
class Planned:
    """What becomes of a row. ``changes`` are (label, before, after) in words; ``payload`` is the writer's own."""

    line: Line
    verdict: str
    changes: tuple[tuple[str, str, str], ...] = ()
    payload: Any = None


class Planner(Protocol):
    """One kind of file: ``plan`` reads and writes nothing, ``write`` makes it so; both get one chunk, ``write`` inside the chunk's transaction."""

    def identity(self, line: Line) -> Any: ...

    def belongs_together(self, line: Line) -> str: ...

    def plan(self, lines: Sequence[Line]) -> list[Planned]: ...

    def write(self, planned: Sequence[Planned]) -> None: ...


def read_line(kind: FileKind, number: int, row: Row, *, columns: Mapping[str, int], decimal: str) -> Line:
    """The values of a row, with an issue for each cell that cannot be taken and each required one that is empty."""
    line = Line(number, {})
    for one in kind.fields:
        at = columns.get(one.key)
        cell = row[at] if at is not None and at < len(row) else ""
        if is_empty(cell):
            if one.is_required and at is not None:
                todo = f"Fill the {one.label} column in this row, or delete the row. Of merged cells only the first is filled."
                line.issues.append(Issue(number, one.label, "", f"{one.label} is empty.", todo))
            continue
        try:
            line.values[one.key] = one.read(cell, decimal)
        except BadCell as error:
            line.issues.append(Issue(number, one.label, shown(cell), error.wrong, error.todo))
            continue
        if one.doubt and (said := one.doubt(line.values[one.key])):
            line.warnings.append(Issue(number, one.label, shown(cell), *said))
    return line


def refused(line: Line) -> Planned:
    return Planned(line, REFUSED)


def variants_by_sku(company: Company, lines: Sequence[Line]) -> dict[str, list[Variant]]:
    """The company's variants that the lines name, by SKU key; several where goods share a SKU. One query."""
    keys = {line.key for line in lines if line.key}
    found: dict[str, list[Variant]] = {}
    # Sorted here: an ORDER BY would tempt SQLite away from the index on SKU keys.
    rows = Variant.objects.filter(company=company, sku_key__in=keys).order_by()
    for variant in sorted(rows, key=lambda one: (not one.is_active, one.pk)):
        found.setdefault(variant.sku_key, []).append(variant)
    return found


def one_variant(line: Line, found: Mapping[str, list[Variant]], near: Mapping[str, str]) -> Variant | None:
    """The variant that ``line`` names; None, with the reason noted, for none and for several. ``near`` has look-alikes of unknown SKUs."""
    held = found.get(line.key, [])
    active = [variant for variant in held if variant.is_active] or held
    if len(active) == 1:
        return active[0]
    if active:
        line.refuse(
            "SKU", f"{len(active)} of your products have this SKU.", "Give each product a SKU of its own first."
        )
    elif line.key in near:
        line.refuse(
            "SKU",
            f"No product has this SKU. {near[line.key]} looks like it.",
            f"If you mean {near[line.key]}, write it exactly so.",
        )
    else:
        line.refuse("SKU", "No product has this SKU.", "Check the SKU, or import the product first.")
    return None
