"""A long import under real workers: all of them are killed in the middle, others go on, and no row is there twice.

On SQLite as the tests run usually, on PostgreSQL where they run on it; each time in a database of its own.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from portal.journey.own_stack import environment
from portal.run.environment import ROOT, ensure_secrets

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
ROWS = int(os.environ.get("IMPORT_ROWS", "8000"))
PATIENCE = 400.0

SEED = f"""
from catalog.files import services
from catalog.services import create_price_list
from portal.companies.tests.factories import SupplierFactory
company = SupplierFactory(name="Long Lists Ltd")
create_price_list(company, name="Trade", percent_off=20)
lines = ["SKU,Name,Price,On hand", *(f"S{{n:06}},Product {{n}},1.50,{{n}}" for n in range({ROWS}))]
file = services.receive(company, services.Upload("goods.csv", "\\n".join(lines).encode()), kind="products")
services.check(file)
"""
APPLY = """
from catalog.files import services
from catalog.models import ImportFile
services.apply(ImportFile.objects.get())
"""
# What the timetable does every minute, a minute and a half later: the dead worker's hold on the file is over.
RESUME = """
from datetime import timedelta
from catalog import jobs
from catalog.models import ImportFile
from portal.lib import clock
ImportFile.objects.update(lease_until=clock.now() - timedelta(seconds=1))
assert jobs.resume_files() == 1
"""


class Site:
    """A portal with a database of its own and a cluster of workers for long jobs."""

    def __init__(self, var: Path, url: str = "") -> None:
        self.var, self.url = var, url
        ensure_secrets(var)
        self.environment = environment(var, **({"DATABASE_URL": url} if url else {}))

    def manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def start_workers(self) -> subprocess.Popen[bytes]:
        with (self.var / "workers.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", "qcluster"],
                cwd=ROOT,
                env={**self.environment, "Q_CLUSTER_NAME": "bulk"},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ask(self, sql: str) -> tuple:
        """The first row of an answer, read past the portal."""
        connect = (lambda: psycopg.connect(self.url)) if self.url else self._file
        connection = connect()
        try:
            return connection.execute(sql).fetchone()
        finally:
            connection.close()

    def _file(self) -> sqlite3.Connection:
        return sqlite3.connect(self.var / "tradelane.sqlite3", timeout=20)

    def state(self) -> str:
        return self.ask("SELECT state FROM catalog_importfile")[0]

    def position(self) -> int:
        return self.ask("SELECT position FROM catalog_importfile")[0]

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            assert time.monotonic() < deadline, (self.state(), self.position(), (self.var / "workers.log").read_text())
            time.sleep(0.02)


def kill(workers: subprocess.Popen[bytes]) -> None:
    """The whole group at once, as when a machine goes off."""
    os.killpg(workers.pid, signal.SIGKILL)
    workers.wait(timeout=30)


@pytest.fixture
def site(tmp_path) -> Iterator[Site]:
    held = settings.DATABASES["default"]
    if not held["ENGINE"].endswith("postgresql"):
        yield Site(tmp_path)
        return
    name, server = f"killed_worker_{os.getpid()}", f"postgres://{held['USER']}@{held['HOST']}:{held['PORT'] or 5432}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield Site(tmp_path, f"{server}/{name}")
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_when_all_workers_are_killed_in_the_middle_others_finish_the_import_and_no_row_is_there_twice(site):
    site.manage("migrate", "--verbosity", "0")
    workers = site.start_workers()
    try:
        site.manage("shell", "-v", "0", "-c", SEED)
        site.wait_for(lambda: site.state() == "checked")
        site.manage("shell", "-v", "0", "-c", APPLY)
        begun = site.position()
        site.wait_for(lambda: site.position() > begun)
    finally:
        kill(workers)
    cut = site.position()
    assert (site.state(), 0 < cut < ROWS) == ("applying", True), "too few rows to be killed in the middle of"
    assert site.ask("SELECT count(*) FROM catalog_variant") == (cut,)
    site.manage("shell", "-v", "0", "-c", RESUME)
    workers = site.start_workers()
    try:
        site.wait_for(lambda: site.state() == "done")
    finally:
        kill(workers)
    assert site.ask("SELECT count(*), count(DISTINCT sku_key) FROM catalog_variant") == (ROWS, ROWS)
    assert site.ask("SELECT count(*) FROM catalog_product") == (ROWS,)
    assert site.ask("SELECT count(*), sum(on_hand) FROM catalog_stocklevel") == (ROWS, ROWS * (ROWS - 1) // 2)
    assert site.ask("SELECT count(*), count(valid_until) FROM catalog_effectiveprice") == (ROWS, 0)
    assert site.ask("SELECT count(*) FROM catalog_pricechange") == (0,)
