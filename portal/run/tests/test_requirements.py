"""The page of what is promised and what is kept."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from portal.run.requirements import Row, read_rows, unknown_rows, write_page

ROOT = Path(settings.BASE_DIR)
ROWS = [Row("S1-01", "A store is connected."), Row("S1-02", "Nothing is typed twice.")]

SUITE = """
import pytest

@pytest.mark.row("S1-01", "S1-02")
def test_good(): pass

@pytest.mark.row("S1-02")
def test_bad(): assert False

@pytest.mark.row("S1-03")
@pytest.mark.skip(reason="no browser here")
def test_skipped(): pass

def test_of_no_row(): pass
"""


@pytest.fixture
def page(tmp_path) -> Path:
    return tmp_path / "docs" / "requirements.md"


def line_of(page: Path, row: str) -> str:
    return next(line for line in page.read_text().splitlines() if line.startswith(f"| {row} "))


def test_every_row_of_acceptance_is_there_once_in_a_sentence_of_ours():
    rows = read_rows(ROOT / "docs" / "rows.tsv")
    assert len(rows) == 188
    assert {row.id[:2] for row in rows} == {"S1", "S2", "S3", "S4", "S5"}
    assert [row.id for row in rows if not row.text.endswith(".") or len(row.text) < 20] == []


def test_a_row_is_kept_when_all_its_tests_passed(page):
    results = {"S1-01": {"a.py::test_a": "passed"}, "S1-02": {"a.py::test_a": "passed", "a.py::test_b": "failed"}}
    assert write_page(page, ROWS, results) == 1
    assert "| yes | `a.py::test_a` |" in line_of(page, "S1-01")
    assert "| no | `a.py::test_a`<br>`a.py::test_b` (failed) |" in line_of(page, "S1-02")
    assert "1 of 2 rows" in page.read_text()


def test_a_row_without_a_test_says_so(page):
    assert write_page(page, ROWS, {}) == 0
    assert "| not shown yet |" in line_of(page, "S1-01")


def test_a_skipped_test_does_not_keep_a_row(page):
    results = {"S1-01": {"a": "skipped"}, "S1-02": {"a": "passed", "b": "skipped"}}
    assert write_page(page, ROWS, results) == 0
    assert "| no |" in line_of(page, "S1-01")
    assert "| in part |" in line_of(page, "S1-02")


def test_an_id_that_no_promise_has_is_found():
    assert unknown_rows(ROWS, {"S1-01": {}, "S9-99": {}}) == ["S9-99"]


@pytest.mark.parametrize("text", ["S1-01\tOne.\nS1-01\tTwo.\n", "S1-01 no tab\n", "S1-01\ta\tb\n"])
def test_a_damaged_list_of_rows_is_refused(tmp_path, text):
    (tmp_path / "rows.tsv").write_text(text)
    with pytest.raises(ValueError, match="each id stands once"):
        read_rows(tmp_path / "rows.tsv")


def test_the_markers_of_a_run_are_recorded_with_their_outcomes(tmp_path):
    (tmp_path / "test_suite.py").write_text(SUITE)
    results = tmp_path / "rows.json"
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "conftest", "-c", str(ROOT / "pyproject.toml")]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, f"--rootdir={tmp_path}", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "TRADELANE_ROW_RESULTS": str(results)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "1 failed, 2 passed, 1 skipped" in run.stdout
    found = {row: sorted(tests.values()) for row, tests in json.loads(results.read_text()).items()}
    assert found == {"S1-01": ["passed"], "S1-02": ["failed", "passed"], "S1-03": ["skipped"]}


def test_the_command_writes_the_page_from_earlier_results(tmp_path, settings, capsys):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rows.tsv").write_text("S1-01\tA store is connected.\n")
    (tmp_path / "rows.json").write_text('{"S1-01": {"a": "passed"}}')
    settings.BASE_DIR = tmp_path
    call_command("requirements", results=tmp_path / "rows.json")
    assert "1 of 1 rows" in capsys.readouterr().out
    assert "| yes |" in line_of(tmp_path / "docs" / "requirements.md", "S1-01")


def test_the_command_refuses_a_marker_of_an_unknown_row(tmp_path, settings):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "rows.tsv").write_text("S1-01\tA store is connected.\n")
    (tmp_path / "rows.json").write_text('{"S9-99": {"a": "passed"}}')
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="S9-99"):
        call_command("requirements", results=tmp_path / "rows.json")


def test_every_marker_in_the_project_names_a_row_that_there_is():
    known = {row.id for row in read_rows(ROOT / "docs" / "rows.tsv")}
    assert {name: rows - known for name, rows in _named_rows().items() if rows - known} == {}


def _named_rows() -> dict[str, set[str]]:
    """Test file → the rows that its markers name."""
    found: dict[str, set[str]] = {}
    for top in ("portal", "channels", "catalog", "orders"):
        for file in (ROOT / top).rglob("test_*.py"):
            calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
            marks = [call for call in calls if getattr(call.func, "attr", "") == "row"]
            named = {arg.value for call in marks for arg in call.args if isinstance(arg, ast.Constant)}
            found[str(file.relative_to(ROOT))] = {name for name in named if isinstance(name, str)}
    return found
