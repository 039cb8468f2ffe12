"""A small flash sale, and that the count would notice a shop that is not told."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core import mail

from catalog.models import Variant
from catalog.selectors import available
from portal.journey import flash_report, flash_sale
from portal.journey.flash_sale import Plan, hold

pytestmark = pytest.mark.django_db


def test_shops_that_share_a_stock_oversell_nothing_that_could_have_been_known():
    outcome = hold(Plan(orders=15, retailers=3, skus=2, units=7))
    assert outcome.is_good, list(flash_report.table(outcome))
    assert (outcome.knowable, outcome.orders) == (0, outcome.arrived)
    assert outcome.units - outcome.stock <= 3 * 2 * 2


def test_a_shop_that_is_not_told_would_be_counted(monkeypatch):
    monkeypatch.setattr(flash_sale, "run_step", lambda *args, **more: None)
    outcome = hold(Plan(orders=10, retailers=3, skus=1, units=4))
    assert outcome.knowable > 0
    assert not outcome.is_good


def test_the_portals_own_figure_never_goes_below_zero():
    hold(Plan(orders=8, retailers=2, skus=1, burst=3))
    assert min(available(Variant.objects.values_list("pk", flat=True)).values()) >= 0


def test_it_tells_how_far_it_is_and_sends_no_mail(monkeypatch):
    monkeypatch.setattr(flash_sale, "EVERY", 0.0)
    told: list[str] = []
    outcome = hold(Plan(orders=4, retailers=2, skus=1, units=9), tell=told.append)
    assert told[0] == "Opening 2 shops with 1 goods."
    assert len(told) == 1 + len(outcome.rounds)
    assert told[-1].startswith("4 of 4 orders placed, ")
    assert mail.outbox == []


@pytest.mark.stack
def test_the_command_needs_nothing_of_its_environment_and_leaves_nothing_but_its_json(tmp_path):
    file = tmp_path / "sale.json"
    words = ["flashsale", "--orders", "4", "--retailers", "2", "--skus", "1", "--json", str(file)]
    bare = {"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)}
    done = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, str(settings.BASE_DIR / "manage.py"), *words],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "Nothing was oversold that could have been known." in done.stdout
    assert "Subject:" not in done.stdout
    said = json.loads(file.read_text())
    assert (said["holds"], said["placed"], said["asked"]["orders"]) == (True, said["arrived"], 4)
    assert list(tmp_path.iterdir()) == [file]
