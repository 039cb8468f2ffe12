"""Goal ``first-load``: a catalogue applied for the first time."""

from __future__ import annotations

from catalog.bench.catalogue import measure
from portal.lib.bench import Row


def run(scale: int = 100_000) -> list[Row]:
    """Wall time of the first load against the floor's."""
    found = measure(scale)
    return [Row.of("first-load, wall", ours=found.first.wall, floor=found.first_floor.wall, goal="≤ 1.5")]
