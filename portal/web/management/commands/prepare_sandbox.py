"""Fill the sandbox with its demo, once; ``make run`` calls it when the simulators are up."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.journey import demo


class Command(BaseCommand):
    help = "Fill the sandbox: a supplier and a retailer that trade, and stores to connect."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password", default="tradelane-demo", help="of the demo's people")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SANDBOX:
            raise CommandError("This installation is no sandbox.")
        fresh = demo.prepare(password=options["password"], tell=self.stdout.write)
        self.stdout.write("The demo is ready." if fresh else "The demo was there already.")
