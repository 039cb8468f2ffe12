"""What a source says of its products becomes ours: in sets, writing only what changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from catalog import signals
from catalog.data import Applied, ProductData
from catalog.models import PriceChange, Product, SkuRename, Variant
from catalog.services import bulk, rows
from catalog.services.bulk import Row
from catalog.services.listings import refresh_activity
from catalog.services.locks import lock_catalogue
from catalog.services.pace import paced
from catalog.services.prices import refresh_company_prices
from portal.companies.models import Company
from portal.lib import clock

PRICE_CHANGE_COLUMNS = ("variant_id", "field", "before", "after", "cause", "at")


def apply_products(
    company: Company, items: Iterable[ProductData], *, currency: str, cause: str = "pull", at: datetime | None = None
) -> Applied:
    """Make ``company``'s products what ``items`` say; amounts are in ``currency``.

    Short transactions (one inside the caller's own): hand over a chunk of 250 to 2,000 products at a time. Idempotent: what is already so is not written.
    An item whose ``product_id`` is unknown (or another company's) is created, variants likewise; variants missing from an item become inactive, never
    deleted. Changes of price, cost and MSRP leave PriceChange rows; prices in force and listings follow; ``products_changed`` names only what changed. Of
    items with the same key the last one counts.
    """
    wanted, moment = _prepare(items, currency), at or clock.now()
    return _together([_apply(company, part, cause, moment) for part in paced(wanted, rows=_Wanted.rows)])


def _apply(company: Company, wanted: Sequence[_Wanted], cause: str, at: datetime) -> Applied:
    changes = _Changes(company.pk, cause, at)
    with transaction.atomic():
        lock_catalogue(company.pk)
        known = _read(company, wanted)
        _write_products(wanted, known, changes)
        _write_variants(wanted, known, changes)
        _follow_up(company, changes)
    return changes.summary(wanted)


def _together(parts: Sequence[Applied]) -> Applied:
    return Applied(
        ids={key: ids for part in parts for key, ids in part.ids.items()},
        created=sum(part.created for part in parts),
        updated=sum(part.updated for part in parts),
        unchanged=sum(part.unchanged for part in parts),
        changed_variant_ids=tuple(variant for part in parts for variant in part.changed_variant_ids),
    )


def deactivate_products(company: Company, product_ids: Iterable[int]) -> list[int]:
    """Take products out of trade (gone or hidden at the source); listings stop. Returns the ids that were active until now."""
    with transaction.atomic():
        lock_catalogue(company.pk)
        active = Product.objects.filter(company=company, pk__in=list(product_ids), is_active=True)
        ids = list(active.values_list("pk", flat=True))
        Product.objects.filter(pk__in=ids).update(is_active=False, updated_at=clock.now())
        variant_ids = list(Variant.objects.filter(product_id__in=ids).values_list("pk", flat=True))
        refresh_activity(variant_ids=variant_ids)
        if ids:
            signals.products_changed.send(sender=Product, company_id=company.pk, product_ids=ids)
    return ids


@dataclass(slots=True)
class _Wanted:
    """An item with its values as the database would hold them."""

    item: ProductData
    row: Row
    variants: dict[str, tuple[int | None, Row]]
    product_id: int = 0
    variant_ids: dict[str, int] = field(default_factory=dict)

    def rows(self) -> int:
        return 1 + len(self.variants)


@dataclass(slots=True)
class _Known:
    """What the database holds of the products at hand: rows by id."""

    products: dict[int, Row]
    variants: dict[int, dict[int, Row]]


@dataclass(slots=True)
class _Changes:
    """What is being written, gathered for the history, the followers and the summary."""

    company_id: int
    cause: str
    at: datetime
    created: list[int] = field(default_factory=list)
    updated: set[int] = field(default_factory=set)
    variant_ids: list[int] = field(default_factory=list)
    prices: list[Row] = field(default_factory=list)
    renames: list[Row] = field(default_factory=list)

    def summary(self, wanted: Sequence[_Wanted]) -> Applied:
        ids = {one.item.key: (one.product_id, one.variant_ids) for one in wanted}
        unchanged = len(wanted) - len(self.created) - len(self.updated)
        return Applied(ids, len(self.created), len(self.updated), unchanged, tuple(self.variant_ids))


def _prepare(items: Iterable[ProductData], currency: str) -> list[_Wanted]:
    by_key = {item.key: item for item in items}
    return [
        _Wanted(
            item,
            rows.product_row(item),
            {v.key: (v.variant_id, rows.variant_row(v, currency=currency)) for v in item.variants},
        )
        for item in by_key.values()
    ]


def _read(company: Company, wanted: Sequence[_Wanted]) -> _Known:
    ids = [one.item.product_id for one in wanted if one.item.product_id]
    products = bulk.read_rows(Product, ("id", "company_id", *rows.PRODUCT_COLUMNS), by="id", ids=ids)
    ours = {row[0]: row[2:] for row in products if row[1] == company.pk}
    variants: dict[int, dict[int, Row]] = {product_id: {} for product_id in ours}
    for row in bulk.read_rows(Variant, ("product_id", "id", *rows.VARIANT_COLUMNS), by="product_id", ids=ours):
        variants[row[0]][row[1]] = row[2:]
    return _Known(ours, variants)


def _write_products(wanted: Sequence[_Wanted], known: _Known, changes: _Changes) -> None:
    new = [one for one in wanted if one.item.product_id not in known.products]
    moment = bulk.raw_time(changes.at)
    values = [(changes.company_id, *one.row, moment, moment) for one in new]
    columns = ("company_id", *rows.PRODUCT_COLUMNS, "created_at", "updated_at")
    for one, product_id in zip(new, bulk.insert_rows(Product, columns, values), strict=True):
        one.product_id = product_id
        changes.created.append(product_id)
    _update_products(wanted, known, changes)


def _update_products(wanted: Sequence[_Wanted], known: _Known, changes: _Changes) -> None:
    moment = bulk.raw_time(changes.at)
    changed = []
    for one in wanted:
        if one.product_id or one.item.product_id is None:
            continue
        one.product_id = one.item.product_id
        if known.products[one.product_id] != one.row:
            changed.append((one.product_id, *one.row, moment))
            changes.updated.add(one.product_id)
            changes.variant_ids.extend(known.variants[one.product_id])
    bulk.update_rows(Product, (*rows.PRODUCT_COLUMNS, "updated_at"), changed)


def _write_variants(wanted: Sequence[_Wanted], known: _Known, changes: _Changes) -> None:
    new: list[tuple[_Wanted, str, Row]] = []
    changed: list[Row] = []
    for one in wanted:
        held = known.variants.get(one.product_id, {})
        for key, (variant_id, row) in one.variants.items():
            if variant_id is None or (before := held.get(variant_id)) is None:
                new.append((one, key, row))
                continue
            one.variant_ids[key] = variant_id
            if not rows.same_variant(before, row):
                changed.append(_changed(changes, one.product_id, variant_id, before, row))
        changed.extend(_missing(changes, one, held))
    _insert_variants(new, changes)
    bulk.update_rows(Variant, (*rows.VARIANT_COLUMNS, "updated_at"), changed)
    bulk.insert_rows(PriceChange, PRICE_CHANGE_COLUMNS, changes.prices)
    bulk.insert_rows(SkuRename, ("variant_id", "before", "after", "at"), changes.renames)


def _changed(changes: _Changes, product_id: int, variant_id: int, before: Row, row: Row) -> Row:
    """The row to write, noted as a change together with the figures that moved."""
    moment = bulk.raw_time(changes.at)
    changes.variant_ids.append(variant_id)
    if product_id not in changes.updated:
        changes.updated.add(product_id)
    for name, at in rows.PRICED:
        if before[at] != row[at]:
            changes.prices.append((variant_id, name, before[at], row[at], changes.cause, moment))
    was, now = before[rows.SKU_AT], row[rows.SKU_AT]
    if was and now and was != now:
        changes.renames.append((variant_id, was, now, moment))
    return (variant_id, *row, moment)


def _missing(changes: _Changes, one: _Wanted, held: dict[int, Row]) -> list[Row]:
    """The variants that the source no longer has, as they are but inactive."""
    named = set(one.variant_ids.values())
    gone = [(i, row) for i, row in held.items() if i not in named and row[rows.ACTIVE_AT]]
    return [_changed(changes, one.product_id, i, row, _inactive(row)) for i, row in gone]


def _inactive(row: Row) -> Row:
    return (*row[: rows.ACTIVE_AT], False, *row[rows.ACTIVE_AT + 1 :])


def _insert_variants(new: Sequence[tuple[_Wanted, str, Row]], changes: _Changes) -> None:
    moment = bulk.raw_time(changes.at)
    created = set(changes.created)
    values = [(changes.company_id, one.product_id, *row, moment, moment) for one, _, row in new]
    columns = ("company_id", "product_id", *rows.VARIANT_COLUMNS, "created_at", "updated_at")
    for (one, key, _), variant_id in zip(new, bulk.insert_rows(Variant, columns, values), strict=True):
        one.variant_ids[key] = variant_id
        changes.variant_ids.append(variant_id)
        if one.product_id not in created:
            changes.updated.add(one.product_id)


def _follow_up(company: Company, changes: _Changes) -> None:
    """Prices in force, listings and whoever listens follow what changed."""
    changes.variant_ids = list(dict.fromkeys(changes.variant_ids))
    if changes.variant_ids:
        refresh_company_prices(company, changes.variant_ids, at=changes.at)
        refresh_activity(variant_ids=changes.variant_ids)
    product_ids = [*changes.created, *sorted(changes.updated)]
    if product_ids:
        signals.products_changed.send(sender=Product, company_id=company.pk, product_ids=product_ids)
