"""What every test shares: the environment, the cast, and the record of which acceptance rows the tests show."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest

os.environ.setdefault("TRADELANE_TESTING", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

pytest_plugins = ["portal.tests.cast"]

# Row id → test → outcome, gathered in the main process.
OUTCOMES: dict[str, dict[str, str]] = defaultdict(dict)
SKIPPED: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Carry the rows of a test on its reports, which also travel between the processes of a parallel run."""
    for item in items:
        for marker in item.iter_markers("row"):
            item.user_properties.extend(("row", row) for row in marker.args)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how each test of a row ended; a failing set-up counts as its failure."""
    if report.skipped and report.when in {"setup", "call"} and not hasattr(report, "wasxfail"):
        SKIPPED.append(report.nodeid)
    if report.when == "call" or report.outcome != "passed":
        for name, row in report.user_properties:
            if name == "row":
                OUTCOMES[row][report.nodeid] = report.outcome


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the outcomes where they were asked for; where nothing may be skipped, a skip is a failure."""
    file = os.environ.get("TRADELANE_ROW_RESULTS")
    if file and not hasattr(session.config, "workerinput"):
        _merge(Path(file))
    if os.environ.get("TRADELANE_NO_SKIPS") and SKIPPED and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _merge(file: Path) -> None:
    """Add these outcomes to those of an earlier part of the same run (units, then the browser)."""
    outcomes = json.loads(file.read_text()) if file.exists() else {}
    for row, tests in OUTCOMES.items():
        outcomes.setdefault(row, {}).update(tests)
    file.write_text(json.dumps(outcomes))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what a skip cost."""
    if SKIPPED:
        terminalreporter.write_line(
            f"NOT CHECKED: {len(SKIPPED)} tests were skipped; the reasons stand above.", yellow=True, bold=True
        )
