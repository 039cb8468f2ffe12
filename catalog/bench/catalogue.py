"""Goals ``catalogue`` and ``first-load``: a catalogue applied for the first time, and again with 1 % changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.bench.clocks import Time, timed
from catalog.bench.floor import copy_of, upsert
from catalog.bench.goods import again, bench_company, chunks
from catalog.data import Applied, ProductData
from catalog.models import Product, Variant
from catalog.services import apply_products, bulk, rows
from catalog.services.bulk import Row as Values
from portal.companies.models import Company
from portal.lib import clock
from portal.lib.bench import Row

CHANGED_EVERY = 50  # every 50th product has one dearer variant of two: 1 % of the variants
PRODUCT_COLUMNS = ("id", "company_id", *rows.PRODUCT_COLUMNS, "created_at", "updated_at")
VARIANT_COLUMNS = ("id", "company_id", "product_id", *rows.VARIANT_COLUMNS, "created_at", "updated_at")


@dataclass(slots=True)
class Measured:
    """Both loads, ours and the floor's, and how many rows each should have and has written the second time."""

    first: Time
    first_floor: Time
    second: Time
    second_floor: Time
    changed: int
    written: int


def run(scale: int = 100_000) -> list[Row]:
    """The catalogue again with 1 % changed: wall time, rows written, longest transaction."""
    found = measure(scale)
    return [
        Row.of("catalogue, wall", ours=found.second.wall, floor=found.second_floor.wall, goal="≤ 1.5"),
        Row.of("catalogue, rows written", ours=found.written, floor=found.changed, goal="≤ 1.05", unit="rows"),
    ]


def measure(scale: int) -> Measured:
    """Load twice, ours and the floor in turn, in chunks as the sync step commits them."""
    with bench_company() as company:
        goods = list(chunks(scale))
        first, applied = _ours(company, goods)
        later = [again(chunk, ids, every=CHANGED_EVERY) for chunk, ids in zip(goods, applied, strict=True)]
        with copy_of(Product) as products, copy_of(Variant) as variants:
            first_floor = _floor(
                company, [again(c, i) for c, i in zip(goods, applied, strict=True)], products, variants
            )
            second_floor = _floor(company, later, products, variants)
        moment = clock.now()
        second, _ = _ours(company, later)
        written = sum(m.objects.filter(company=company, updated_at__gte=moment).count() for m in (Product, Variant))
    changed = len(range(0, scale, CHANGED_EVERY))
    return Measured(first, first_floor, second, second_floor, changed, written)


def _ours(company: Company, goods: Sequence[list[ProductData]]) -> tuple[Time, list[Applied]]:
    with timed() as time:
        applied = [apply_products(company, chunk, currency="GBP") for chunk in goods]
    return time, applied


def _floor(company: Company, goods: Sequence[list[ProductData]], products: str, variants: str) -> Time:
    """The same values through raw SQL. Making them ready costs ours and the floor alike, so it is inside for both."""
    moment = bulk.raw_time(clock.now())
    with timed() as time:
        for chunk in goods:
            upsert(products, PRODUCT_COLUMNS, [_product(company, item, moment) for item in chunk])
            upsert(variants, VARIANT_COLUMNS, [row for item in chunk for row in _variants(company, item, moment)])
    return time


def _product(company: Company, item: ProductData, moment: object) -> Values:
    return (item.product_id, company.pk, *rows.product_row(item), moment, moment)


def _variants(company: Company, item: ProductData, moment: object) -> list[Values]:
    return [
        (v.variant_id, company.pk, item.product_id, *rows.variant_row(v, currency="GBP"), moment, moment)
        for v in item.variants
    ]
