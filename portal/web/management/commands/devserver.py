"""``manage.py devserver``: the portal with its sandbox on this machine, as one process group that one Ctrl-C ends."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from channels import schedules
from channels.dispatch import complete_steps
from portal.run import stack
from portal.run.supervisor import CannotStart, Supervisor

LOGINS = (
    ("Supplier", "priya@kingsway.example"),
    ("Retailer", "hannah@acme.example"),
    ("Staff (admin)", "staff@tradelane.example"),
)
PASSWORD = "tradelane-demo"  # noqa: S105 (printed on the start screen of a sandbox)


class Command(BaseCommand):
    help = "Start the portal with its sandbox: web, workers and simulated stores."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--empty", action="store_true", help="leave the sandbox as it is, without the demo")
        parser.add_argument("--clusters", type=int, default=1, help="job clusters of each queue")

    def handle(self, *args: Any, **options: Any) -> None:
        children = stack.children(logs=settings.VAR_DIR / "logs", clusters=options["clusters"])
        self._refuse_taken_ports()
        call_command("migrate", verbosity=0)
        schedules.install()
        complete_steps()
        connections.close_all()
        supervisor = Supervisor(children, tell=self.stdout.write)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, supervisor.stop)
        supervisor.start()
        tell = self._say_where if options["empty"] else lambda: self._prepare(supervisor)
        threading.Thread(target=tell, daemon=True).start()
        try:
            supervisor.run()
        except CannotStart as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Stopped.")

    def _refuse_taken_ports(self) -> None:
        addresses = [settings.PORTAL_URL, *(settings.CHANNEL_HOSTS[k]["sandbox"]["api"] for k in stack.SIMULATED)]
        for address in addresses:
            port = stack.port_of(address)
            if stack.is_taken(port):
                raise CommandError(
                    f"Port {port} is taken by another program. Stop it, or choose another one: make run PORT={port + 1000}"
                )

    def _prepare(self, supervisor: Supervisor) -> None:
        """Fill the sandbox (once), then say where everything is."""
        prepared = subprocess.run(
            [sys.executable, "manage.py", "prepare_sandbox", "--password", PASSWORD],
            capture_output=True,
            text=True,
            check=False,
        )
        if supervisor.stopping:
            return
        if prepared.returncode:
            self.stdout.write(f"The demo could not be prepared: {prepared.stderr.strip()[-400:]}")
        self._say_where()

    def _say_where(self) -> None:
        lines = [
            "",
            f"  Tradelane is ready at {settings.PORTAL_URL}/",
            "",
            *(f"    {who:<14} {email:<28} {PASSWORD}" for who, email in LOGINS),
            "",
            f"    Mails          {settings.PORTAL_URL}/sandbox/mails/",
            f"    Admin          {settings.PORTAL_URL}/admin/",
            f"    API            {settings.PORTAL_URL}/api/docs/",
            *(
                f"    {kind:<14} {settings.CHANNEL_HOSTS[kind]['sandbox']['api']}/   (simulated stores)"
                for kind in stack.SIMULATED
            ),
            "",
            f"  Logs are in {settings.VAR_DIR / 'logs'}. Ctrl-C ends everything.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
