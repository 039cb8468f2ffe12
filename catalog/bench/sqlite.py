"""Goal ``sqlite``: inventory, catalogue and first load on SQLite, and how long the longest write transaction keeps others waiting."""

from __future__ import annotations

from django.db import connection

from catalog.bench import catalogue, inventory
from portal.lib.bench import Row

BUDGET = 0.250


def run(scale: int = 100_000) -> list[Row]:
    """The three against raw ``executemany`` with comparison. Nothing on another database."""
    if connection.vendor != "sqlite":
        return []
    stock, goods = inventory.measure(scale), catalogue.measure(scale)
    longest = max(time.longest_transaction for time in (stock.ours, goods.first, goods.second))
    return [
        Row.of("sqlite, inventory", ours=stock.ours.wall, floor=stock.floor.wall, goal="≤ 2"),
        Row.of("sqlite, catalogue", ours=goods.second.wall, floor=goods.second_floor.wall, goal="≤ 2"),
        Row.of("sqlite, first load", ours=goods.first.wall, floor=goods.first_floor.wall, goal="≤ 2"),
        Row.of("sqlite, longest transaction", ours=longest, floor=BUDGET, goal="≤ 1 (250 ms)"),
    ]
