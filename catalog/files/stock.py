"""A stock file: units on hand by SKU and place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from catalog.data import StockData
from catalog.files.ledger import note, stock_of
from catalog.files.near import look_alikes
from catalog.files.plan import CREATE, UNCHANGED, UPDATE, Line, Planned, one_variant, refused, variants_by_sku
from catalog.models import ImportFile, StockLevel
from catalog.services import apply_stock
from catalog.services.stock import DEFAULT


class StockPlanner:
    """Plans and writes stock rows of one file."""

    def __init__(self, file: ImportFile) -> None:
        self.file, self.company = file, file.company

    def identity(self, line: Line) -> Any:
        """A SKU may stand once a place."""
        return (line.key, place_of(line)) if line.key else None

    def belongs_together(self, line: Line) -> str:
        return ""

    def plan(self, lines: Sequence[Line]) -> list[Planned]:
        good = [line for line in lines if not line.issues]
        found = variants_by_sku(self.company, good)
        near = look_alikes(self.company, [line.sku for line in good if line.key not in found])
        ids = [variant.pk for held in found.values() for variant in held]
        levels = {
            (variant_id, place): units
            for variant_id, place, units in StockLevel.objects.filter(
                variant_id__in=ids, location__company=self.company
            ).values_list("variant_id", "location__key", "on_hand")
        }
        return [self._one(line, found, near, levels) for line in lines]

    def write(self, planned: Sequence[Planned]) -> None:
        figures = [one.payload for one in planned if one.verdict in (CREATE, UPDATE)]
        if figures:
            write_stock(self.file, figures)

    def _one(self, line: Line, found: dict, near: dict, levels: dict) -> Planned:
        variant = None if line.issues else one_variant(line, found, near)
        if variant is None:
            return refused(line)
        wanted, place = line.values["on_hand"], place_of(line)
        before = levels.get((variant.pk, place))
        if before == wanted:
            return Planned(line, UNCHANGED)
        change = ("On hand", "" if before is None else f"{before:,}", f"{wanted:,}")
        return Planned(line, CREATE if before is None else UPDATE, (change,), StockData(variant.pk, wanted, place))


def write_stock(file: ImportFile, figures: Sequence[StockData]) -> None:
    """Make the levels what the file says, and write down what they were."""
    before = stock_of(file, figures)
    apply_stock(file.company, figures, cause="file")
    note(file, before, stock_of(file, figures))


def place_of(line: Line) -> str:
    """The place's key: the main stock where the file names none."""
    text = line.values.get("location", "").strip()
    return DEFAULT if text.casefold() in {"", DEFAULT, "main stock"} else text[:80]
