"""``manage.py bench [NAME …]``: ours and its floor, measured in the same run, printed with the ratio and the goal. Speed is never asserted in tests.

It works in a folder and a database of its own (beside the one that DATABASE_URL names, where that is PostgreSQL), which go in the end.
"""

from __future__ import annotations

import importlib
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.web.management.commands.journey import clean_up

# Name → module with run(scale) -> list of portal.lib.bench.Row.
BENCHES = {
    "inventory": "catalog.bench.inventory",
    "catalogue": "catalog.bench.catalogue",
    "first-load": "catalog.bench.first_load",
    "memory": "catalog.bench.memory",
    "sqlite": "catalog.bench.sqlite",
    "prices": "catalog.bench.prices",
    "search": "catalog.bench.search",
    "lists": "catalog.bench.lists",
    "pull": "portal.journey.pull_bench",
    "dispatch": "portal.journey.dispatch_bench",
    "propagation": "portal.journey.propagation_bench",
}


class Command(BaseCommand):
    help = "Measure our speed beside a floor on the same data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; all of them by default")
        parser.add_argument(
            "--scale", type=int, default=10_000, help="products, two variants each (the goals speak of 100,000)"
        )
        parser.add_argument("--time-scale", type=float, default=1.0, help="how much faster limits and waits pass")
        parser.add_argument("--keep", action="store_true", help="keep the folder with database and logs")

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or list(BENCHES)
        if unknown := [name for name in names if name not in BENCHES]:
            raise CommandError(f"There is no bench {', '.join(unknown)}. Choose of {', '.join(BENCHES)}.")
        call_command("migrate", verbosity=0)
        try:
            self.stdout.write(f"{'bench':<44}{'ours':>14}{'floor':>14}{'ratio':>8}  goal")
            for name in names:
                for row in importlib.import_module(BENCHES[name]).run(options["scale"]):
                    self.stdout.write(f"{row.name:<44}{row.ours:>14}{row.floor:>14}{row.ratio:>8.2f}  {row.goal}")
                    self.stdout.flush()
        finally:
            clean_up(keep=options["keep"])
