"""A product file: new SKUs become products or variants, known ones take what the file says; an empty cell and a missing column leave what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from catalog.data import Applied, ProductData, StockData, VariantData
from catalog.files.ledger import goods_of, note, undone_variants
from catalog.files.plan import CREATE, UNCHANGED, UPDATE, Line, Planned, refused, variants_by_sku
from catalog.files.stock import write_stock
from catalog.models import ImportFile, Product, StockLevel, Variant
from catalog.services import apply_products
from catalog.services.rows import PRODUCT_COLUMNS, VARIANT_FACTS
from catalog.services.stock import DEFAULT
from portal.lib.money import display

PRODUCT_FIELDS = {"name": "Name", "description": "Description", "brand": "Brand", "category": "Category"}
VARIANT_FIELDS = {
    "barcode": "Barcode",
    "price": "Retail price",
    "cost": "Cost",
    "msrp": "MSRP",
    "map_price": "MAP",
    "weight": "Weight",
    "is_active": "Active",
}
MONEY = frozenset({"price", "cost", "msrp", "map_price"})


class ProductPlanner:
    """Plans and writes product rows of one file. Rows of one product stand together or are joined by the product's name."""

    def __init__(self, file: ImportFile) -> None:
        self.file, self.company = file, file.company
        held = (
            Variant.objects.filter(company=self.company).exclude(currency="").values_list("currency", flat=True).first()
        )
        self.currency = held or self.company.currency

    def identity(self, line: Line) -> Any:
        return line.key or None

    def belongs_together(self, line: Line) -> str:
        return group_of(line)

    def plan(self, lines: Sequence[Line]) -> list[Planned]:
        good = [line for line in lines if not line.issues]
        found = variants_by_sku(self.company, good)
        known = {line.number: held[0] for line in good if (held := _single(found.get(line.key, [])))}
        _bring_back(good, known)
        products = {row.pk: row for row in Product.objects.filter(pk__in={v.product_id for v in known.values()})}
        units = self._units(known.values())
        joins = self._joins([line for line in good if line.number not in known])
        joins |= {
            group_of(line): known[line.number].product_id for line in good if line.number in known and group_of(line)
        }
        return [self._one(line, found, known, products, units, joins) for line in lines]

    def write(self, planned: Sequence[Planned]) -> None:
        wanted = [one for one in planned if one.verdict in (CREATE, UPDATE)]
        if not wanted:
            return
        items, homes = self._items(wanted)
        for currency, some in items.items():
            before = goods_of(self.file, [item.product_id for item in some if item.product_id])
            applied = apply_products(self.company, some, currency=currency, cause="file")
            note(self.file, before, goods_of(self.file, [pk for pk, _ in applied.ids.values()]))
            self._write_stock(wanted, homes, applied)

    # --- planning -----------------------------------------------------------------------------------------------------

    def _one(
        self, line: Line, found: Mapping, known: Mapping, products: Mapping, units: Mapping, joins: Mapping
    ) -> Planned:
        if line.issues:
            return refused(line)
        if len(found.get(line.key, [])) > 1 and line.number not in known:
            line.refuse(
                "SKU",
                f"{len(found[line.key])} of your products have this SKU.",
                "Give each product a SKU of its own first.",
            )
            return refused(line)
        if line.number in known:
            variant = known[line.number]
            changes = self._changes(line, variant, products[variant.product_id], units.get(variant.pk))
            return Planned(line, UPDATE if changes else UNCHANGED, changes, variant)
        if not line.values.get("name") and group_of(line) not in joins:
            line.refuse("Name", "A new product needs a name.", "Fill the Name column in this row.")
            return refused(line)
        return Planned(line, CREATE, (("New", "", str(line.values.get("name", line.sku))),), joins.get(group_of(line)))

    def _changes(
        self, line: Line, variant: Variant, product: Product, units: int | None
    ) -> tuple[tuple[str, str, str], ...]:
        pairs = [(label, getattr(product, key), line.values.get(key), key) for key, label in PRODUCT_FIELDS.items()]
        pairs += [(label, getattr(variant, key), line.values.get(key), key) for key, label in VARIANT_FIELDS.items()]
        pairs += [("Stock", units, line.values.get("on_hand"), "on_hand")]
        pairs += [
            ("SKU", variant.sku, line.sku, "sku"),
            ("Picture", product.image_url, line.values.get("image_url"), "image_url"),
        ]
        if options := options_of(line):
            pairs.append(("Options", variant.options, options, "options"))
        return tuple(
            (label, self._words(before, key, variant.currency), self._words(after, key, variant.currency))
            for label, before, after, key in pairs
            if after is not None and before != after
        )

    def _joins(self, new: Sequence[Line]) -> dict[str, int]:
        """By group: the product with choices that has the very name of the new variants, so that a second file adds to it."""
        names = {group_of(line): line.values.get("name", "") for line in new if group_of(line)}
        if not names:
            return {}
        rows = Product.objects.filter(
            company=self.company, name__in=set(names.values()) - {""}, variants__options__isnull=False
        )
        by_name = {name: pk for pk, name, options in rows.values_list("pk", "name", "variants__options") if options}
        return {group: by_name[name] for group, name in names.items() if name in by_name}

    def _units(self, variants: Iterable[Variant]) -> dict[int, int]:
        rows = StockLevel.objects.filter(variant_id__in=[one.pk for one in variants], location__key=DEFAULT)
        return dict(rows.values_list("variant_id", "on_hand"))

    def _words(self, value: Any, key: str, currency: str) -> str:
        if value is None or value == "":
            return ""
        if key in MONEY:
            return display(value, currency)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dict):
            return ", ".join(value.values())
        return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)[:60]

    # --- writing ------------------------------------------------------------------------------------------------------

    def _items(self, wanted: Sequence[Planned]) -> tuple[dict[str, list[ProductData]], dict[int, tuple[str, str]]]:
        """The products to apply, by currency, and for each line where its variant is: (product key, variant key)."""
        ids = {
            one.payload.product_id if isinstance(one.payload, Variant) else one.payload for one in wanted if one.payload
        }
        held = held_products(ids)
        homes: dict[int, tuple[str, str]] = {}
        new: dict[str, ProductData] = {}
        for one in wanted:
            key = _home(one)
            current = held.get(key) or new.get(key)
            item, variant_key = _taken(current, one, key)
            (held if key in held else new)[key] = item
            homes[one.line.number] = (key, variant_key)
        currencies = dict(Variant.objects.filter(product_id__in=ids).values_list("product_id", "currency"))
        by_currency: dict[str, list[ProductData]] = defaultdict(list)
        for item in (*held.values(), *new.values()):
            by_currency[currencies.get(item.product_id or 0, "") or self.currency].append(item)
        return by_currency, homes

    def _write_stock(self, wanted: Sequence[Planned], homes: Mapping[int, tuple[str, str]], applied: Applied) -> None:
        figures = []
        for one in wanted:
            product_key, variant_key = homes[one.line.number]
            units = one.line.values.get("on_hand")
            if units is not None and product_key in applied.ids:
                figures.append(StockData(applied.ids[product_key][1][variant_key], units))
        if figures:
            write_stock(self.file, figures)


def group_of(line: Line) -> str:
    """What ties the rows of one product: its code, else (for rows with options) its name; "" for a row that stands alone."""
    code = line.values.get("group", "")
    name = line.values.get("name", "") if options_of(line) else ""
    return f"{code}".casefold() or name.casefold()


def _home(one: Planned) -> str:
    """The key of the product that a line belongs to: a known one's id, its group, or its own SKU."""
    if isinstance(one.payload, Variant):
        return str(one.payload.product_id)
    group = group_of(one.line)
    return str(one.payload) if one.payload else f"group {group}" if group else f"sku {one.line.key}"


def options_of(line: Line) -> dict[str, str]:
    """``{"Colour": "Red"}`` from the option columns; an option without a name is called by its number."""
    found = {}
    for number in ("1", "2"):
        if value := line.values.get(f"option{number}"):
            found[line.values.get(f"option{number}_name") or ("Option" if number == "1" else "Option 2")] = value
    return found


def _bring_back(lines: Iterable[Line], known: Mapping[int, Variant]) -> None:
    """Goods that are out of trade because the import that made them was undone are in trade again, unless the row says otherwise."""
    undone = undone_variants(one.pk for one in known.values() if not one.is_active)
    for line in lines:
        if line.number in known and known[line.number].pk in undone:
            line.values.setdefault("is_active", True)


def _single(held: Sequence[Variant]) -> list[Variant]:
    active = [one for one in held if one.is_active] or list(held)
    return active if len(active) == 1 else []


def held_products(product_ids: Iterable[int]) -> dict[str, ProductData]:
    """Known products as they are, with all their variants: what the writer is not told becomes inactive."""
    items: dict[str, ProductData] = {}
    variants: dict[int, list[VariantData]] = defaultdict(list)
    ids = list(product_ids)
    for row in Variant.objects.filter(product_id__in=ids).order_by("position", "pk"):
        variants[row.product_id].append(_as_data(row))
    for product in Product.objects.filter(pk__in=ids):
        facts = {name: getattr(product, name) for name in PRODUCT_COLUMNS}
        key, own = str(product.pk), tuple(variants[product.pk])
        items[key] = ProductData(key=key, variants=own, product_id=product.pk, **facts)
    return items


def _as_data(row: Variant) -> VariantData:
    return VariantData(
        key=str(row.pk),
        variant_id=row.pk,
        **{name: getattr(row, name) for name in (*VARIANT_FACTS, "position")},
    )


def _taken(item: ProductData | None, one: Planned, key: str) -> tuple[ProductData, str]:
    """``item`` with what the line says, and the key of the line's variant in it."""
    given = one.line.values
    if item is None:
        item = ProductData(key=key, name=given.get("name", ""), variants=())
    if isinstance(one.payload, Variant):
        variant_key = str(one.payload.pk)
        variants = tuple(_overlaid(v, one.line) if v.key == variant_key else v for v in item.variants)
    else:
        variant_key = f"new {one.line.key}"
        fresh = VariantData(key=variant_key, position=len(item.variants))
        variants = (*item.variants, _overlaid(fresh, one.line))
    texts = {name: given[name] for name in (*PRODUCT_FIELDS, "image_url") if name in given}
    item = replace(item, variants=variants, **texts)
    if "is_active" in given:
        # A product is in trade while any of its variants is.
        item = replace(item, is_active=any(variant.is_active for variant in variants))
    return item, variant_key


def _overlaid(variant: VariantData, line: Line) -> VariantData:
    values = {name: line.values[name] for name in ("sku", *VARIANT_FIELDS) if name in line.values}
    if options := options_of(line):
        values |= {"options": options, "name": ", ".join(options.values())}
    return replace(variant, **values)
