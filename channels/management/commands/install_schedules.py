"""Make django-q2's schedule table hold exactly our two entries, and give every integration its steps; may run at every deploy."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from channels import schedules
from channels.dispatch import complete_steps


class Command(BaseCommand):
    help = "Install the dispatcher and heartbeat schedules."

    def handle(self, *args: Any, **options: Any) -> None:
        schedules.install()
        complete_steps()
        self.stdout.write("2 schedules installed: dispatch_due, heartbeat.")
