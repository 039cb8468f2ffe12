"""``make requirements``: run the tests that show acceptance rows and write ``docs/requirements.md``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.run.requirements import read_rows, unknown_rows, write_page


class Command(BaseCommand):
    help = "Write docs/requirements.md: each row with the tests that show it and whether they passed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--results", type=Path, default=None, help="results of an earlier run; without it the tests run now"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        results = options["results"] or self._run_tests()
        page = settings.BASE_DIR / "docs" / "requirements.md"
        rows = read_rows(settings.BASE_DIR / "docs" / "rows.tsv")
        found = json.loads(results.read_text())
        if unknown := unknown_rows(rows, found):
            raise CommandError(
                f"Tests name rows that docs/rows.tsv does not have: {', '.join(unknown)}. Correct the markers."
            )
        shown = write_page(page, rows, found)
        self.stdout.write(
            f"{shown} of {len(rows)} rows are shown by passing tests: {page.relative_to(settings.BASE_DIR)}"
        )

    def _run_tests(self) -> Path:
        results = Path(tempfile.mkdtemp()) / "rows.json"
        environment = {**os.environ, "TRADELANE_ROW_RESULTS": str(results)}
        subprocess.run(  # noqa: S603 (our own interpreter and arguments)
            [sys.executable, "-m", "pytest", "-q", "-m", "row", "-p", "no:cacheprovider"],
            env=environment,
            cwd=settings.BASE_DIR,
            check=False,
        )
        if not results.exists():
            raise CommandError("The tests did not start, so nothing was written. Run `make test` to see why.")
        return results
