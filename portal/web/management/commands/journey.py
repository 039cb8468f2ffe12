"""``manage.py journey``: the trade journey on its own portal, workers and simulators; exits 0 only where the books balance."""

from __future__ import annotations

import os
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from channels import schedules
from portal.journey import report
from portal.journey.doors import Door
from portal.journey.goods import Trade, make_trade, read_trade
from portal.journey.play import Journey, Played
from portal.journey.waiting import Stalled
from portal.run import stack
from portal.run.background import Background
from portal.run.supervisor import Supervisor

DIRECTIONS = {
    "forth": ("shift4shop", "bigcommerce"),
    "back": ("bigcommerce", "shift4shop"),
}


class Command(BaseCommand):
    help = "Carry real orders through retailer's store, portal and supplier's store, and compare the books."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--orders", type=int, default=20, help="how many orders to replay in each direction")
        parser.add_argument("--seed", type=int, default=1, help="chooses the orders, or makes them up without --data")
        parser.add_argument("--data", type=Path, default=None, help="the trade data, a gzipped CSV file")
        parser.add_argument("--json", type=Path, default=None, help="write the outcome to this file")
        parser.add_argument("--direction", choices=[*DIRECTIONS, "both"], default="both")
        parser.add_argument("--time-scale", type=float, default=20.0, help="how much faster limits and waits pass")
        parser.add_argument("--clusters", type=int, default=1, help="job clusters of each queue")
        parser.add_argument(
            "--pace",
            type=float,
            default=0.0,
            help="seconds between two customers, told of by webhooks alone; 0 = all at once",
        )
        parser.add_argument("--keep", action="store_true", help="keep the folder with database and logs")

    def handle(self, *args: Any, **options: Any) -> None:
        trade = self._trade(options)
        chosen = DIRECTIONS.values() if options["direction"] == "both" else [DIRECTIONS[options["direction"]]]
        try:
            with running(clusters=options["clusters"]):
                played = [self._play(kinds, trade, number, **options) for number, kinds in enumerate(chosen)]
        except Stalled as error:
            raise CommandError(f"{error} Logs: {settings.VAR_DIR / 'logs'}") from error
        for one in played:
            for line in report.table(one):
                self.stdout.write(line)
        if options["json"]:
            report.write_json(options["json"], played, orders=options["orders"], seed=options["seed"])
        good = all(one.is_good for one in played)
        clean_up(keep=options["keep"] or not good)
        if not good:
            raise CommandError(f"The books do not balance. Logs: {settings.VAR_DIR / 'logs'}")

    def _trade(self, options: dict[str, Any]) -> Trade:
        if options["data"] is None:
            return make_trade(orders=options["orders"], seed=options["seed"])
        if not options["data"].exists():
            raise CommandError(f"There is no file {options['data']}. Give its path with --data, or leave it out.")
        return read_trade(options["data"], orders=options["orders"], seed=options["seed"])

    def _play(self, kinds: tuple[str, str], trade: Trade, number: int, *, seed: int, pace: float, **_: Any) -> Played:
        tag = f"{number}x{seed}"
        return Journey(kinds[0], kinds[1], trade, seed=seed, tag=tag, tell=self._tell, pace=pace).play()

    def _tell(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


@contextmanager
def running(*, clusters: int = 1) -> Iterator[Supervisor]:
    """The whole stack on free ports with a database of its own, and who watches it."""
    call_command("migrate", verbosity=0)
    schedules.install()
    connections.close_all()
    with Background(stack.children(logs=settings.VAR_DIR / "logs", clusters=clusters)) as supervisor:
        for kind in stack.SIMULATED:
            Door(kind).wait_until_up()
        yield supervisor


def clean_up(*, keep: bool) -> None:
    """Drop the database and the folder, unless somebody wants to look at them."""
    connections.close_all()
    if keep:
        return
    if "TRADELANE_DROP_DATABASE" in os.environ:
        import psycopg

        name = settings.DATABASES["default"]["NAME"]
        with psycopg.connect(os.environ["TRADELANE_DROP_DATABASE"], autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(settings.VAR_DIR, ignore_errors=True)
