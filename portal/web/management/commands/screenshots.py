"""``make screenshots``: start a stack of its own with the demo, and take the pictures of the README."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.journey import own_stack
from portal.journey.shots import named
from portal.web.management.commands.devserver import PASSWORD

CUSTOMER = {
    "first_name": "Hannah",
    "last_name": "Whitlock",
    "email": "hannah.whitlock@example.com",
    "address1": "14 Mill Lane",
    "city": "Stockport",
    "postcode": "SK1 3AA",
    "country": "GB",
}


class Command(BaseCommand):
    help = "Take the README's pictures of the demo, into docs/screens/. Needs the development packages and Chromium."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", default="", help="a regular expression on the pictures' names")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from portal.journey import shots_camera
        except ImportError as error:
            raise CommandError(f"{error}. Run it with the development packages: make screenshots") from error
        folder = settings.BASE_DIR / "docs" / "screens"
        with tempfile.TemporaryDirectory(prefix="tradelane-shots-") as var:
            try:
                self._take(shots_camera, options["only"], Path(var), folder)
            except (own_stack.DidNotStart, shots_camera.NoChromium) as error:
                raise CommandError(str(error)) from error

    def _take(self, camera: Any, pattern: str, var: Path, folder: Path) -> None:
        with own_stack.running(var) as stack:
            self.stdout.write("Starting the portal with its demo …")
            stack.wait_until_ready(seconds=300)
            self._leave_something_to_do(stack)
            pictures = camera.take(
                named(pattern), stack=stack, password=PASSWORD, folder=folder, tell=self.stdout.write
            )
        self.stdout.write(f"{len(pictures)} pictures, {sum(one.stat().st_size for one in pictures) // 1000} kB in all.")

    def _leave_something_to_do(self, stack: own_stack.OwnStack) -> None:
        """An order of something that nobody sells, so that the pages show what needs a person."""
        lines = [{"sku": "MUG-XL", "name": "Extra large mug", "quantity": 2, "price": "8.50"}]
        order = {"lines": lines, "customer": CUSTOMER, "shipping_method": "Standard", "shipping_cost": "4.95"}
        store = f"{stack.simulator('bigcommerce')}/_sim/stores/acme/orders"
        placed = requests.post(store, json=[order], timeout=30)
        placed.raise_for_status()
