"""Goal ``inventory``: an hourly stock pull of all variants, 1 % changed, change records included."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.bench.clocks import Time, timed
from catalog.bench.floor import compare_stock, copy_of
from catalog.bench.goods import bench_company, chunks
from catalog.data import StockData
from catalog.models import Location, StockLevel, Variant
from catalog.services import apply_products, apply_stock, bulk
from portal.companies.models import Company
from portal.lib import clock
from portal.lib.bench import Row

CHANGED_EVERY = 100


@dataclass(slots=True)
class Measured:
    """An hourly pull, ours and the floor's; ``changed`` figures were new, ``written`` levels were touched."""

    ours: Time
    floor: Time
    changed: int
    written: int


def run(scale: int = 100_000) -> list[Row]:
    """Processor and wall time of an hourly pull against the floor's."""
    found = measure(scale)
    return [
        Row.of("inventory, CPU", ours=found.ours.cpu, floor=found.floor.cpu, goal="≤ 1.5"),
        Row.of("inventory, wall", ours=found.ours.wall, floor=found.floor.wall, goal="≤ 2"),
        Row.of("inventory, rows written", ours=found.written, floor=found.changed, goal="= 1", unit="rows"),
    ]


def measure(scale: int) -> Measured:
    """Stock everything, then pull with 1 % changed: the floor on a copy of the levels, ours on the levels."""
    with bench_company() as company:
        for chunk in chunks(scale):
            apply_products(company, chunk, currency="GBP")
        ids = list(Variant.objects.filter(company=company).order_by("pk").values_list("pk", flat=True))
        apply_stock(company, (StockData(pk, 100) for pk in ids))
        hour = [(pk, 101 if n % CHANGED_EVERY == 0 else 100) for n, pk in enumerate(ids)]
        return _hourly(company, hour)


def _hourly(company: Company, hour: list[tuple[int, int]]) -> Measured:
    place = Location.objects.get(company=company)
    moment = bulk.raw_time(clock.now())
    rows, figures = [(pk, place.pk, units, moment) for pk, units in hour], [StockData(pk, units) for pk, units in hour]
    with copy_of(StockLevel, filled=True) as table, timed() as floor:
        compare_stock(table, rows)
    with timed() as ours:
        applied = apply_stock(company, figures)
    return Measured(ours, floor, len(hour[::CHANGED_EVERY]), applied.updated)
