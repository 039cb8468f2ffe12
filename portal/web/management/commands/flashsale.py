"""``manage.py flashsale``: several shops sell out one stock at once; exits 0 only where nothing was oversold that could have been known.

It works in a folder and a database of its own, as the drill and the benches do, which go in the end.
"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.journey import flash_report
from portal.journey.flash_sale import Outcome, Plan, hold
from portal.web.management.commands.journey import clean_up

SIZES = ("orders", "retailers", "skus", "burst", "seed")


class Command(BaseCommand):
    help = "Let customers of several shops buy from one stock at once, and count what was oversold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orders", type=int, default=5_000, help="how many orders are placed, all shops together")
        parser.add_argument("--retailers", type=int, default=5, help="how many shops share the stock")
        parser.add_argument("--skus", type=int, default=10, help="how many different goods there are")
        parser.add_argument("--burst", type=int, default=1, help="customers of one shop before the others are told")
        parser.add_argument("--seed", type=int, default=1, help="the same seed brings the same customers")
        parser.add_argument("--json", type=Path, default=None, help="write the outcome to this file")
        parser.add_argument("--keep", action="store_true", help="keep the folder with database and logs")

    def handle(self, *args: Any, **options: Any) -> None:
        sizes = {name: options[name] for name in SIZES}
        try:
            outcome = self._hold(Plan(**sizes))
            if options["json"]:
                database = settings.DATABASES["default"]["ENGINE"]
                flash_report.write_json(options["json"], outcome, asked=sizes, database=database)
        finally:
            clean_up(keep=options["keep"])
        for line in flash_report.table(outcome):
            self.stdout.write(line)
        if not outcome.is_good:
            raise CommandError("The sale was not clean: see the figures that must be 0.")
        self.stdout.write("Nothing was oversold that could have been known.")

    def _hold(self, plan: Plan) -> Outcome:
        if min(plan.orders, plan.retailers, plan.skus, plan.burst) < 1:
            raise CommandError("Orders, retailers, SKUs and burst are at least 1.")
        call_command("migrate", verbosity=0)
        # The portal answers webhooks in this process; without the folder of its static files it warns.
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        return hold(plan, tell=self._tell)

    def _tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
