"""``manage.py flashsale``: several shops sell out one stock at once; exits 0 only where nothing was oversold that could have been known."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.journey.flash_sale import Plan, hold


class Command(BaseCommand):
    help = "Let customers of several shops buy from one stock at once, and count what was oversold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orders", type=int, default=5_000, help="how many orders are placed, all shops together")
        parser.add_argument("--retailers", type=int, default=5, help="how many shops share the stock")
        parser.add_argument("--skus", type=int, default=10, help="how many different goods there are")
        parser.add_argument("--burst", type=int, default=1, help="customers of one shop before the others are told")
        parser.add_argument("--seed", type=int, default=1, help="the same seed brings the same customers")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan(**{name: options[name] for name in ("orders", "retailers", "skus", "burst", "seed")})
        if min(plan.orders, plan.retailers, plan.skus, plan.burst) < 1:
            raise CommandError("Orders, retailers, SKUs and burst are at least 1.")
        if not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
            raise CommandError("The sale leaves its rows behind, so it runs on SQLite in a file of its own only.")
        with tempfile.TemporaryDirectory(prefix="tradelane-flash-") as folder:
            connections.close_all()
            connections["default"].settings_dict["NAME"] = str(Path(folder) / "flash.sqlite3")
            call_command("migrate", verbosity=0)
            outcome = hold(plan)
            connections.close_all()
        for line in outcome.lines():
            self.stdout.write(line)
        if not outcome.is_good:
            raise CommandError("The sale was not clean: see the figures that must be 0.")
        self.stdout.write("Nothing was oversold that could have been known.")
