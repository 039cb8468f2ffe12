"""Taking a file of products or stock back: each field that still is as the file left it becomes what it was; what somebody changed since stays and is named.

New products are taken out of trade, not deleted: orders and listings may know them. What was looked at is forgotten in the same transaction, so that an
interrupted undo goes on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from catalog.data import ProductData, StockData, VariantData
from catalog.files.ledger import Facts, Key, Undone, What, goods_of, stock_of
from catalog.files.products import held_products
from catalog.models import ImportedChange, ImportFile, StockLevel, Variant
from catalog.services import apply_products, apply_stock

AT_ONCE = 400
CAUSE = "undo"
AMOUNTS = frozenset({"price", "cost", "msrp", "map_price", "weight"})
LABELS = {
    "image_url": "Picture",
    "map_price": "MAP",
    "msrp": "MSRP",
    "sku": "SKU",
    "on_hand": "On hand",
    "is_active": "Active",
    "price": "Retail price",
    "tracks_stock": "Stock counted",
}


def is_pending(file: ImportFile) -> bool:
    """Whether the file changed goods or stock that were not put back yet."""
    return _pending(file).exists()


def undo_some(file: ImportFile) -> Undone | None:
    """Put the next records back; None when all are done. The caller holds the transaction."""
    rows = list(_pending(file).order_by("pk")[:AT_ONCE])
    if not rows:
        return None
    done = Undone()
    _undo_stock(file, [row for row in rows if row.what == What.STOCK], done)
    _undo_goods(file, [row for row in rows if row.what != What.STOCK], done)
    ids = [row.pk for row in rows]
    # What the file made is remembered as undone: the next file that names it brings it back into trade.
    ImportedChange.objects.filter(pk__in=ids, before__isnull=True, what=What.VARIANT).update(after={})
    ImportedChange.objects.filter(pk__in=ids).exclude(before__isnull=True, what=What.VARIANT).delete()
    return done


def _pending(file: ImportFile) -> Any:
    return ImportedChange.objects.filter(file=file).exclude(after={})


# --- stock ------------------------------------------------------------------------------------------------------------


def _undo_stock(file: ImportFile, rows: Sequence[ImportedChange], done: Undone) -> None:
    now = stock_of(file, [StockData(row.record, 0, row.place) for row in rows])
    same = [row for row in rows if now.get(_key(row)) == row.after]
    figures = [StockData(row.record, (row.before or {"on_hand": 0})["on_hand"], row.place) for row in same]
    if figures:
        apply_stock(file.company, figures, cause=CAUSE)
    for row in same:
        if row.before is None:
            _uncount(file, row)
    done.back += len(same)
    skus = _skus(rows)
    for row in rows:
        if row not in same:
            held = now.get(_key(row), {}).get("on_hand")
            done.keep(skus.get(row.record, ""), [("On hand", str(row.after["on_hand"]), _word(held) or "gone")])


def _uncount(file: ImportFile, row: ImportedChange) -> None:
    """There was no figure before the file brought one."""
    StockLevel.objects.filter(variant=row.record, location__company=file.company_id, location__key=row.place).delete()


# --- goods ------------------------------------------------------------------------------------------------------------


def _undo_goods(file: ImportFile, rows: Sequence[ImportedChange], done: Undone) -> None:
    owners = _product_ids(rows)
    now = goods_of(file, set(owners.values()))
    back: dict[Key, Facts] = {}
    names = _skus([row for row in rows if row.what == What.VARIANT])
    for row in rows:
        held = now.get(_key(row))
        wanted, kept = _taken_back(row, held)
        if wanted:
            back[_key(row)] = wanted
        if kept:
            sku = names.get(row.record) if row.what == What.VARIANT else ""
            done.keep(sku or str((held or row.after).get("name", "")), kept)
        else:
            done.back += 1
    _write(file, back, {owners[key] for key in back})


def _taken_back(row: ImportedChange, held: Facts | None) -> tuple[Facts, list[tuple[str, str, str]]]:
    """The fields to put back, and (label, as the file left it, as it is) of those that somebody changed since."""
    if held is None:
        return {}, [("Deleted since", "", "")]
    moved = [name for name, value in row.after.items() if held.get(name) != value]
    kept = [(_label(name), _word(row.after[name]), _word(held.get(name))) for name in moved]
    if row.before is None:
        return ({}, kept) if moved else ({"is_active": False}, [])
    return {name: value for name, value in row.before.items() if name not in moved}, kept


def _write(file: ImportFile, back: dict[Key, Facts], product_ids: set[int]) -> None:
    """Through the one writer of products, so that prices, listings and stores follow."""
    currencies = dict(Variant.objects.filter(product_id__in=product_ids).values_list("product_id", "currency"))
    by_currency: dict[str, list[ProductData]] = defaultdict(list)
    for item in held_products(product_ids).values():
        variants = tuple(_variant_back(one, back) for one in item.variants)
        facts = back.get((What.PRODUCT.value, item.product_id or 0, ""), {})
        currency = currencies.get(item.product_id or 0, "") or file.company.currency
        by_currency[currency].append(replace(item, variants=variants, **facts))
    for currency, items in by_currency.items():
        apply_products(file.company, items, currency=currency, cause=CAUSE)


def _variant_back(one: VariantData, back: dict[Key, Facts]) -> VariantData:
    facts = back.get((What.VARIANT.value, one.variant_id or 0, ""), {})
    return replace(one, **{name: _value(name, value) for name, value in facts.items()})


def _value(name: str, value: Any) -> Any:
    return Decimal(value) if name in AMOUNTS and value is not None else value


def _product_ids(rows: Sequence[ImportedChange]) -> dict[Key, int]:
    """The product of each record."""
    variants = [row.record for row in rows if row.what == What.VARIANT]
    owners = dict(Variant.objects.filter(pk__in=variants).values_list("pk", "product_id"))
    return {_key(row): row.record if row.what == What.PRODUCT else owners.get(row.record, 0) for row in rows}


def _skus(rows: Sequence[ImportedChange]) -> dict[int, str]:
    return dict(Variant.objects.filter(pk__in=[row.record for row in rows]).values_list("pk", "sku"))


def _key(row: ImportedChange) -> Key:
    return str(row.what), row.record, row.place


def _label(name: str) -> str:
    return LABELS.get(name) or name.replace("_", " ").capitalize()


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(map(str, value.values()))
    return "" if value is None else str(value)[:60]
