"""Files out: templates to fill in, exports that can be imported again, and the refused rows of an import with what is wrong in each. All are streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery

from catalog.files.kinds import FileKind
from catalog.files.refused import Said, issues_of, warnings_of
from catalog.files.values import Cell
from catalog.files.work import body_of
from catalog.models import ImportFile, ImportKind, PriceList, StockLevel, Variant
from catalog.services.stock import DEFAULT
from portal.companies.models import Company
from portal.ui.lists.export import CHUNK, safe

Line = list[Any]


def template_lines(kind: FileKind) -> Iterator[Line]:
    """The head and two example rows."""
    yield [field.label for field in kind.fields]
    for at in (0, 1):
        yield [safe(field.examples[at]) for field in kind.fields]


def export_lines(company: Company, kind: FileKind, *, price_list: PriceList | None = None) -> Iterator[Line]:
    """The head, then one line a SKU of ``company``: imported again, it changes nothing."""
    rows = _ROWS[kind.key](company, price_list)
    yield [field.label for field in kind.fields]
    for values in rows:
        yield [safe(_plain(values.get(field.key))) for field in kind.fields]


def refused_lines(file: ImportFile) -> Iterator[Line]:
    """The refused rows as they stood, each with what is wrong and what to do: mend them and upload this very file."""
    return _marked(file, issues_of(file), "What is wrong")


def odd_lines(file: ImportFile) -> Iterator[Line]:
    """The rows with something odd that are taken all the same, as they stood, with what to look at."""
    return _marked(file, warnings_of(file), "What is odd")


def _marked(file: ImportFile, found: Iterator[Said], head: str) -> Iterator[Line]:
    yield [*(safe(text) for text in file.headers), "Row", head]
    width, rows = len(file.headers), body_of(file)
    for number, said in groupby(found, key=attrgetter("line")):
        row = next((row for at, row in rows if at == number), None)
        if row is None:
            return
        cells = [_cell(cell) for cell in row[:width]]
        yield [*cells, *([""] * (width - len(cells))), number, safe(" ".join(map(_sentence, said)))]


def _sentence(said: Said) -> str:
    wrong = f"{said.column}: {said.wrong}" if said.column else said.wrong
    return f"{wrong} {said.todo}".strip()


def _cell(cell: Cell) -> Any:
    return safe(cell) if isinstance(cell, str) else cell


def _plain(value: Any) -> Any:
    """Amounts without needless zeros but with their pence; yes and no in words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        pence = value.quantize(Decimal("0.01"))
        return pence if pence == value else value.normalize()
    return "" if value is None else value


def _product_rows(company: Company, price_list: PriceList | None) -> Iterator[dict[str, Any]]:
    levels = StockLevel.objects.filter(variant=OuterRef("pk"), location__key=DEFAULT).values("on_hand")[:1]
    rows = (
        Variant.objects.filter(company=company)
        .exclude(sku="")
        .select_related("product")
        .annotate(on_hand=Subquery(levels))
    )
    for row in rows.order_by("product_id", "position", "pk").iterator(CHUNK):
        options = [*row.options.items(), ("", ""), ("", "")][:2]
        yield {
            **{name: getattr(row, name) for name in _OWN},
            "name": row.product.name,
            "group": f"P{row.product_id}" if row.options else "",
            "option1_name": options[0][0],
            "option1": options[0][1],
            "option2_name": options[1][0],
            "option2": options[1][1],
            "description": row.product.description,
            "brand": row.product.brand,
            "category": row.product.category,
            "image_url": row.product.image_url,
            "is_active": row.is_active and row.product.is_active,
        }


_OWN = ("sku", "barcode", "price", "cost", "msrp", "map_price", "weight", "on_hand")


def _stock_rows(company: Company, price_list: PriceList | None) -> Iterator[dict[str, Any]]:
    own = Variant.objects.filter(company=company, is_active=True).exclude(sku="")
    rows = own.values("sku", on_hand=F("stock_levels__on_hand"), location=F("stock_levels__location__key"))
    for row in rows.order_by("product_id", "position", "pk").iterator(CHUNK):
        yield {**row, "location": "" if row["location"] == DEFAULT else row["location"]}


def _price_rows(company: Company, price_list: PriceList | None) -> Iterator[dict[str, Any]]:
    in_force = Q(prices__price_list=price_list, prices__valid_until__isnull=True)
    own = Variant.objects.filter(company=company, is_active=True).exclude(sku="")
    rows = own.annotate(now=FilteredRelation("prices", condition=in_force)).values("sku", amount=F("now__amount"))
    for row in rows.order_by("product_id", "position", "pk").iterator(CHUNK):
        yield {**row, "currency": price_list.currency if price_list else ""}


Rows = Callable[[Company, PriceList | None], Iterator[dict[str, Any]]]
_ROWS: dict[str, Rows] = {
    ImportKind.PRODUCTS: _product_rows,
    ImportKind.STOCK: _stock_rows,
    ImportKind.PRICES: _price_rows,
}
