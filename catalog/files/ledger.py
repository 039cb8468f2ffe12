"""What a file of products or stock changed, written down beside the change: per record the fields as they were and as the file left them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from catalog.data import StockData
from catalog.models import ImportedChange, ImportFile, Product, StockLevel, Variant
from catalog.services.rows import PRODUCT_COLUMNS, VARIANT_FACTS

What = ImportedChange.What
# The verdict of a record that an undo left as it is.
KEPT = "kept"
# What a record is: its kind, its id, and for stock the place.
Key = tuple[str, int, str]
Facts = dict[str, Any]


@dataclass(slots=True)
class Undone:
    """How many records are back as they were, how many stayed wholly or partly, and which: (what, field, as the file left it, as it is now)."""

    back: int = 0
    left: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)

    def keep(self, name: str, changes: Sequence[tuple[str, str, str]]) -> None:
        self.left += 1
        self.kept.append({"line": 0, "sku": name, "verdict": KEPT, "changes": [list(one) for one in changes[:4]]})


def goods_of(file: ImportFile, product_ids: Iterable[int]) -> dict[Key, Facts]:
    """These products of the file's company and all their variants, as they are now. Two queries."""
    ids = list(product_ids)
    products = Product.objects.filter(company=file.company_id, pk__in=ids).values_list("pk", *PRODUCT_COLUMNS)
    variants = Variant.objects.filter(company=file.company_id, product_id__in=ids).values_list("pk", *VARIANT_FACTS)
    return {(What.PRODUCT.value, pk, ""): _facts(PRODUCT_COLUMNS, values) for pk, *values in products} | {
        (What.VARIANT.value, pk, ""): _facts(VARIANT_FACTS, values) for pk, *values in variants
    }


def stock_of(file: ImportFile, figures: Iterable[StockData]) -> dict[Key, Facts]:
    """The figures of these variants in these places as they are now; those never counted are left out. One query."""
    asked = {(one.variant_id, one.location[:80]) for one in figures}
    rows = StockLevel.objects.filter(
        variant_id__in={pk for pk, _ in asked}, location__company=file.company_id
    ).values_list("variant_id", "location__key", "on_hand")
    return {(What.STOCK.value, pk, place): {"on_hand": units} for pk, place, units in rows if (pk, place) in asked}


def note(file: ImportFile, before: dict[Key, Facts], after: dict[Key, Facts]) -> None:
    """Write down what differs. A record that the file changed before keeps its first ``before``. In the transaction of the change."""
    rows = [row for key, now in after.items() if (row := _row(file, key, before.get(key), now))]
    held = _held(file, rows)
    ImportedChange.objects.bulk_create(row for row in rows if _key(row) not in held)
    again = [_joined(held[_key(row)], row) for row in rows if _key(row) in held]
    ImportedChange.objects.bulk_update(again, ("before", "after"))


def undone_variants(variant_ids: Iterable[int]) -> set[int]:
    """Those of ``variant_ids`` that a file made whose import was undone."""
    rows = ImportedChange.objects.filter(what=What.VARIANT, record__in=list(variant_ids), before__isnull=True, after={})
    return set(rows.values_list("record", flat=True))


def _row(file: ImportFile, key: Key, before: Facts | None, now: Facts) -> ImportedChange | None:
    what, record, place = key
    changed = now if before is None else {name: value for name, value in now.items() if before[name] != value}
    if not changed:
        return None
    was = None if before is None else {name: before[name] for name in changed}
    return ImportedChange(file=file, what=what, record=record, place=place, before=was, after=changed)


def _held(file: ImportFile, rows: Sequence[ImportedChange]) -> dict[Key, ImportedChange]:
    found = ImportedChange.objects.filter(file=file, record__in={row.record for row in rows})
    return {_key(row): row for row in found}


def _joined(first: ImportedChange, later: ImportedChange) -> ImportedChange:
    if first.before is not None:
        first.before = {**(later.before or {}), **first.before}
    first.after = {**first.after, **later.after}
    return first


def _key(row: ImportedChange) -> Key:
    return str(row.what), row.record, row.place


def _facts(names: Sequence[str], values: Sequence[Any]) -> Facts:
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in zip(names, values, strict=True)
    }
