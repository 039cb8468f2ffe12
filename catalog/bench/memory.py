"""Goal ``memory``: the sync process at its peak, while a catalogue and its stock stream through it; it must not grow with the catalogue."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from portal.lib.bench import Row

LIMIT = 150.0


def run(scale: int = 100_000) -> list[Row]:
    """Peak megabytes at ``scale`` products against the limit, and at twice as many against that."""
    one, two = _measure(scale), _measure(scale * 2)
    return [
        Row.of(f"memory, {scale:,} products", ours=one, floor=LIMIT, goal="≤ 1 (150 MB)", unit="MB"),
        Row.of("memory, twice as many", ours=two, floor=one, goal="≤ 1.15", unit="MB"),
    ]


def child(scale: int) -> None:
    """What the measured process does: pull a catalogue, then its stock, page by page. Prints its peak in kilobytes."""
    import django

    django.setup()
    from catalog.bench.goods import bench_company, chunks
    from catalog.data import StockData
    from catalog.services import apply_products, apply_stock

    with bench_company() as company:
        for chunk in chunks(scale):
            apply_products(company, chunk, currency="GBP")
        figures = (StockData(pk, 7) for pk in _variant_ids(company.pk))
        apply_stock(company, figures)
        print(_peak())


def _peak() -> int:
    """The highest resident size of this program in kilobytes. ``ru_maxrss`` would carry over the parent's from before the exec."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


def _variant_ids(company_id: int) -> Iterator[int]:
    from catalog.models import Variant

    last = 0
    while True:
        rows = Variant.objects.filter(company_id=company_id, pk__gt=last).order_by("pk").values_list("pk", flat=True)
        page = list(rows[:5_000])
        if not page:
            return
        yield from page
        last = page[-1]


def _measure(scale: int) -> float:
    """Peak megabytes of a fresh process on the same database."""
    done = subprocess.run(
        [sys.executable, "-c", f"from catalog.bench.memory import child; child({int(scale)})"],
        env=on_this_database(),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1]) / 1024


def on_this_database() -> dict[str, str]:
    """The environment of a process that works on the same database."""
    return {**os.environ, "DATABASE_URL": _database_url()}


def _database_url() -> str:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    who = f"{settings['USER']}:{settings['PASSWORD']}@" if settings["USER"] else ""
    where = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else settings["HOST"]
    return f"postgres://{who}{where}/{settings['NAME']}"
