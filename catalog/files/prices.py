"""A price file: overrides of one price list, through its services."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from catalog.files.kinds import RULE
from catalog.files.ledger import Undone
from catalog.files.near import look_alikes
from catalog.files.plan import CREATE, UNCHANGED, UPDATE, Line, Planned, one_variant, refused, variants_by_sku
from catalog.models import EffectivePrice, ImportedPrice, ImportFile, PriceList, PriceOverride
from catalog.pricing.change import Change, Fixed
from catalog.services import clear_overrides, set_overrides
from catalog.services.releasing import goes_to_draft
from catalog.services.revisions import draft_change
from portal.lib.errors import DomainError
from portal.lib.money import display


class PricePlanner:
    """Plans and writes the prices of one file on its list; what it replaced is kept, so that the import can be undone."""

    def __init__(self, file: ImportFile) -> None:
        self.file, self.company, self.price_list = file, file.company, _list_of(file)
        self._drafts = goes_to_draft(self.price_list)

    def identity(self, line: Line) -> Any:
        return line.key or None

    def belongs_together(self, line: Line) -> str:
        return ""

    def plan(self, lines: Sequence[Line]) -> list[Planned]:
        good = [line for line in lines if not line.issues]
        found = variants_by_sku(self.company, good)
        near = look_alikes(self.company, [line.sku for line in good if line.key not in found])
        ids = [variant.pk for held in found.values() for variant in held]
        overrides = {
            row.variant_id: row for row in PriceOverride.objects.filter(price_list=self.price_list, variant_id__in=ids)
        }
        in_force = dict(
            EffectivePrice.objects.filter(
                price_list=self.price_list, variant_id__in=ids, valid_until__isnull=True
            ).values_list("variant_id", "amount")
        )
        return [self._one(line, found, near, overrides, in_force) for line in lines]

    def write(self, planned: Sequence[Planned]) -> None:
        """Into force at once; into the draft where the company wants prices approved, or where a draft is open already."""
        wanted = [one for one in planned if one.verdict in (CREATE, UPDATE)]
        if wanted and self._drafts:
            fixed = {pk: Fixed(after) for pk, _, after in (one.payload for one in wanted)}
            draft_change(self.price_list, Change(overrides=fixed), by=self.file.uploaded_by)
            return
        amounts = {one.payload[0]: one.payload[2] for one in wanted if one.payload[2] is not None}
        cleared = [one.payload[0] for one in wanted if one.payload[2] is None]
        ImportedPrice.objects.bulk_create(
            [
                ImportedPrice(file=self.file, variant_id=pk, before=before, after=after)
                for pk, before, after in (one.payload for one in wanted)
            ],
            ignore_conflicts=True,
        )
        if amounts:
            set_overrides(self.price_list, amounts, by=self.file.uploaded_by)
        if cleared:
            clear_overrides(self.price_list, cleared)

    def _one(
        self, line: Line, found: dict, near: dict, overrides: dict[int, PriceOverride], in_force: dict[int, Decimal]
    ) -> Planned:
        variant = None if line.issues else one_variant(line, found, near)
        if variant is None or not self._may(line, overrides.get(variant.pk)):
            return refused(line)
        held, wanted = overrides.get(variant.pk), line.values["amount"]
        before = held.amount if held else None
        after = None if wanted == RULE else wanted
        if after == before or (held is None and after == in_force.get(variant.pk)):
            return Planned(line, UNCHANGED)
        change = ("Dropship price", self._words(in_force.get(variant.pk)), self._words(after) or "the list's rule")
        return Planned(line, UPDATE if variant.pk in in_force else CREATE, (change,), (variant.pk, before, after))

    def _may(self, line: Line, held: PriceOverride | None) -> bool:
        """Whether this row's price may be written; the reason is noted where not."""
        currency = line.values.get("currency", self.price_list.currency)
        if currency != self.price_list.currency:
            line.refuse(
                "Currency",
                f"The price is in {currency}; “{self.price_list}” is in {self.price_list.currency}.",
                f"Give the price in {self.price_list.currency}, or choose another list.",
            )
            return False
        if getattr(held, "is_locked", False):
            line.refuse(
                "SKU",
                "The price of this SKU is locked on this list.",
                "Unlock it on the Prices page first, or leave the row out.",
            )
            return False
        return True

    def _words(self, amount: Decimal | None) -> str:
        return "" if amount is None else display(amount, self.price_list.currency)


def _list_of(file: ImportFile) -> PriceList:
    """The list that the prices of ``file`` are for. Raises DomainError where nobody chose one."""
    if file.price_list is None:
        raise DomainError("Choose the price list that these prices are for.", field="price_list")
    return file.price_list


def undo_some(file: ImportFile, *, most: int = 1_000) -> Undone | None:
    """Put back the next prices that ``file`` replaced, where nobody changed or locked them since; None when all are done.

    What was looked at is forgotten in the same transaction, which the caller holds, so that an interrupted undo goes on.
    """
    rows = list(ImportedPrice.objects.filter(file=file).select_related("variant").order_by("pk")[:most])
    if not rows:
        return None
    price_list = _list_of(file)
    held = PriceOverride.objects.filter(price_list=price_list, variant_id__in=[row.variant_id for row in rows])
    now = {one.variant_id: one for one in held}
    same = [row for row in rows if _is_as_left(row, now.get(row.variant_id))]
    back = {row.variant_id: row.before for row in same if row.before is not None}
    cleared = [row.variant_id for row in same if row.before is None]
    if back:
        set_overrides(price_list, back, by=file.uploaded_by)
    if cleared:
        clear_overrides(price_list, cleared)
    ImportedPrice.objects.filter(pk__in=[row.pk for row in rows]).delete()
    done = Undone(back=len(same))
    for row in rows:
        if row not in same:
            meanwhile = _now(price_list, now.get(row.variant_id))
            done.keep(row.variant.sku, [("Dropship price", _words(price_list, row.after), meanwhile)])
    return done


def _now(price_list: PriceList, held: PriceOverride | None) -> str:
    return _words(price_list, held.amount if held else None) + (", locked" if held and held.is_locked else "")


def _words(price_list: PriceList, amount: Decimal | None) -> str:
    return "the list's rule" if amount is None else display(amount, price_list.currency)


def _is_as_left(row: ImportedPrice, held: PriceOverride | None) -> bool:
    """Whether the override still is what the file made it, and may be changed."""
    return (held.amount if held else None) == row.after and not getattr(held, "is_locked", False)
