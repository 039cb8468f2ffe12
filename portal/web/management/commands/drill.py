"""``manage.py drill``: the trade journey while everything goes wrong; exits 0 only where every invariant holds."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.journey import drill_report
from portal.journey.drill import Drill, Drilled
from portal.journey.drill_plan import NAMES, Plan, make_plan
from portal.journey.goods import Trade, make_trade, read_trade
from portal.run.supervisor import Supervisor
from portal.web.management.commands.journey import DIRECTIONS, clean_up, running


class Command(BaseCommand):
    help = "Carry orders through while calls fail, webhooks get lost and workers are killed; compare every book with every other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orders", type=int, default=50, help="how many orders in each direction")
        parser.add_argument("--products", type=int, default=60, help="how many made-up products, without --data")
        parser.add_argument("--faults", type=float, default=0.2, help="which share of the calls is disturbed, 0 to 1")
        parser.add_argument(
            "--kill-workers", type=int, default=5, help="how often a worker is killed in each direction"
        )
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same faults")
        parser.add_argument(
            "--only", action="append", default=[], metavar="NAME", help=f"only this: {', '.join(NAMES)}"
        )
        parser.add_argument("--data", type=Path, default=None, help="the trade data, a gzipped CSV file")
        parser.add_argument("--json", type=Path, default=None, help="write the outcome to this file")
        parser.add_argument("--direction", choices=[*DIRECTIONS, "both"], default="both")
        parser.add_argument("--time-scale", type=float, default=20.0, help="how much faster limits and waits pass")
        parser.add_argument("--clusters", type=int, default=1, help="job clusters of each queue")
        parser.add_argument("--keep", action="store_true", help="keep the folder with database and logs")

    def handle(self, *args: Any, **options: Any) -> None:
        plan, trade = self._plan(options), self._trade(options)
        chosen = DIRECTIONS.values() if options["direction"] == "both" else [DIRECTIONS[options["direction"]]]
        with running(clusters=options["clusters"]) as supervisor:
            drilled = [self._drill(kinds, trade, plan, number, supervisor) for number, kinds in enumerate(chosen)]
        for one in drilled:
            for line in drill_report.table(one):
                self.stdout.write(line)
        if options["json"]:
            facts = {name: options[name] for name in ("orders", "faults", "kill_workers", "seed", "only")}
            drill_report.write_json(options["json"], drilled, **facts, database=settings.DATABASES["default"]["ENGINE"])
        good = all(one.is_good for one in drilled)
        clean_up(keep=options["keep"] or not good)
        if not good:
            raise CommandError(f"Not every invariant holds. Logs: {settings.VAR_DIR / 'logs'}")
        self.stdout.write("Nothing was lost, nothing was doubled, nothing was silent.")

    def _plan(self, options: dict[str, Any]) -> Plan:
        try:
            return make_plan(
                share=options["faults"], kills=options["kill_workers"], seed=options["seed"], only=options["only"]
            )
        except ValueError as error:
            raise CommandError(str(error)) from error

    def _trade(self, options: dict[str, Any]) -> Trade:
        if options["data"] is None:
            return make_trade(orders=options["orders"], seed=options["seed"], products=options["products"])
        if not options["data"].exists():
            raise CommandError(f"There is no file {options['data']}. Give its path with --data, or leave it out.")
        return read_trade(options["data"], orders=options["orders"], seed=options["seed"])

    def _drill(self, kinds: tuple[str, str], trade: Trade, plan: Plan, number: int, supervisor: Supervisor) -> Drilled:
        tag = f"{number}x{plan.seed}"
        return Drill(kinds, trade, plan, tag=tag, children=supervisor.children, tell=self._tell).drill()

    def _tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()
