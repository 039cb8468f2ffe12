"""The drill: the same seed makes the same plan, and a small one with real processes holds every invariant."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from channels.simkit.faults import Faults
from portal.journey.drill_plan import NAMES, make_plan

ROOT = Path(__file__).resolve().parents[3]


def test_the_same_seed_makes_the_same_plan_and_another_one_another():
    one, again, other = (make_plan(share=0.2, kills=3, seed=seed) for seed in (7, 7, 8))
    assert one.wire("bigcommerce") == again.wire("bigcommerce")
    assert one.incidents() == again.incidents()
    assert one.wire("bigcommerce") != other.wire("bigcommerce")


def test_the_faults_of_a_plan_strike_the_share_that_was_asked_for():
    faults = Faults()
    for fault in make_plan(share=0.2, kills=0, seed=1).wire("shift4shop"):
        faults.arm(fault)
    hit = sum(faults.strike(method="GET", path="/", store="x") is not None for _ in range(5000))
    assert 0.16 < hit / 5000 < 0.22


@pytest.mark.parametrize("name", NAMES)
def test_each_trouble_can_be_drilled_alone(name):
    plan = make_plan(share=0.2, kills=3, seed=1, only=[name])
    made = [fault["name"] for fault in plan.wire("bigcommerce")] + plan.incidents() + list(plan.hooks())
    kills = ["kill_workers"] * bool(plan.kills_wanted)
    assert len(made + kills) == 1


def test_a_trouble_that_does_not_exist_is_refused_with_the_names_that_do():
    with pytest.raises(ValueError, match="There is no fault meteorite"):
        make_plan(share=0.2, kills=0, seed=1, only=["meteorite"])


@pytest.mark.stack
@pytest.mark.timeout(600)
def test_a_small_drill_with_real_processes_holds_every_invariant(tmp_path):
    outcome = tmp_path / "drill.json"
    options = [
        "--orders",
        "10",
        "--products",
        "8",
        "--faults",
        "0.2",
        "--kill-workers",
        "2",
        "--seed",
        "3",
        "--direction",
        "forth",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "TRADELANE_TESTING"}
    command = [sys.executable, "manage.py", "drill", *options, "--json", str(outcome)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    told = json.loads(outcome.read_text())
    assert told["holds"]
    assert told["directions"][0]["disturbed"] > 0
