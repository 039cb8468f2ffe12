"""Goal ``search``: finding goods in the whole catalogue of a partner, against an indexed look-up of as many rows."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

from catalog.bench.offered import Offered, offered
from catalog.search import find
from catalog.visibility import offered_products
from portal.lib.bench import Row

# So many runs in so many turns.
TIMES, ROUNDS = 10, 8
# A word that a tenth has, words that thousands have, words that few have, a SKU, the beginning of one, and a slip.
ASKED = {
    "one word": "lantern",
    "common words": "regency cakestand",
    "rare words": "lantern {last}",
    "SKU": "{sku}A",
    "typo": "lantren cakestnad",
}


def run(scale: int) -> list[Row]:
    """Each kind of search among ``scale`` products of two variants."""
    with offered(scale) as place:
        return [_row(place, name, text, scale) for name, text in ASKED.items()]


def _row(place: Offered, name: str, text: str, scale: int) -> Row:
    # The last product whose name begins with a lantern.
    typed = text.format(last=scale - 2, sku=f"{scale // 2:07}")
    products = offered_products(place.retailer)
    count = len(find(products, typed, company_ids=[place.supplier.pk]).ids)
    if not count:
        raise AssertionError(f"nothing was found for {typed}")
    ours, floor = map(
        median,
        compared(lambda: find(products, typed, company_ids=[place.supplier.pk]), lambda: _indexed(place, count)),
    )
    return Row.of(f"search, {name}, {count} found", ours=1000 * ours, floor=1000 * floor, goal="≤ 3", unit="ms")


def _indexed(place: Offered, count: int) -> list[Any]:
    """As many visible products through an index: what any catalogue page must read at the least."""
    rows = offered_products(place.retailer).filter(company=place.supplier).order_by("pk")
    return list(rows.values_list("pk", "name")[:count])


def compared(*works: Callable[[], Any]) -> list[list[float]]:
    """Seconds of each of ``works``, taken by turns: what else the machine does then slows all of them. The first run of each warms up."""
    for work in works:
        work()
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for kept, work in zip(seconds, works, strict=True):
            kept += seconds_of(work, times=TIMES)
    return seconds


def seconds_of(work: Callable[[], Any], *, times: int) -> list[float]:
    """Seconds of ``work``, one figure a run."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return seconds
