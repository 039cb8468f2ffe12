"""``manage.py bench [NAME …]``: ours and its floor, measured in the same run, printed with the ratio and the goal. Speed is never asserted in tests."""

from __future__ import annotations

import importlib
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

# Name → module with run(scale) -> list of portal.lib.bench.Row.
BENCHES = {
    "inventory": "catalog.bench.inventory",
    "catalogue": "catalog.bench.catalogue",
    "first-load": "catalog.bench.first_load",
    "memory": "catalog.bench.memory",
    "sqlite": "catalog.bench.sqlite",
    "pull": "portal.journey.pull_bench",
}


class Command(BaseCommand):
    help = "Measure our speed beside a floor on the same data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="*", help=f"of {', '.join(BENCHES)}; all of them by default")
        parser.add_argument(
            "--scale", type=int, default=10_000, help="products, two variants each (the goals speak of 100,000)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = options["names"] or list(BENCHES)
        if unknown := [name for name in names if name not in BENCHES]:
            raise CommandError(f"There is no bench {', '.join(unknown)}. Choose of {', '.join(BENCHES)}.")
        with tempfile.TemporaryDirectory(prefix="tradelane-bench-") as folder:
            self._use_own_database(Path(folder))
            self.stdout.write(f"{'bench':<34}{'ours':>14}{'floor':>14}{'ratio':>8}  goal")
            for name in names:
                for row in importlib.import_module(BENCHES[name]).run(options["scale"]):
                    self.stdout.write(f"{row.name:<34}{row.ours:>14}{row.floor:>14}{row.ratio:>8.2f}  {row.goal}")
                    self.stdout.flush()

    def _use_own_database(self, folder: Path) -> None:
        """SQLite: a file of the bench's own. PostgreSQL: the database that DATABASE_URL names, where benches clean up after themselves."""
        database = settings.DATABASES["default"]
        if database["ENGINE"].endswith("sqlite3"):
            connections.close_all()
            connections["default"].settings_dict["NAME"] = str(folder / "bench.sqlite3")
        call_command("migrate", verbosity=0)
