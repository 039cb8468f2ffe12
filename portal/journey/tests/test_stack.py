"""What starts and ends on one machine: the journey as a command, and ``devserver`` with its processes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from portal.journey.own_stack import OwnStack, environment, free_ports, running, start
from portal.run.environment import ROOT

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

FAULTS = ("lost", "doubled", "different", "unexplained", "changed_by_running_twice")
SECOND_START_SECONDS = 60.0
DEMO_STORES = (("bigcommerce", "acme"), ("shift4shop", "kingsway"))


def manage(*words: str, var: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=environment(var),
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def workers(stack: OwnStack) -> dict[int, str]:
    return {id: line for id, line in stack.processes().items() if "qcluster" in line}


def orders_in_demo(stack: OwnStack) -> list[int]:
    """How many orders lie in the demo's retailer's and supplier's store."""
    doors = [f"{stack.simulator(kind)}/_sim/stores/{store}/orders" for kind, store in DEMO_STORES]
    return [len(requests.get(door, timeout=10).json()) for door in doors]


@pytest.mark.row("S1-02", "S4-21")
def test_the_journey_command_balances_both_ways_and_says_so(tmp_path):
    outcome = tmp_path / "journey.json"
    ended = manage("journey", "--orders", "6", "--json", str(outcome), var=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    directions = json.loads(outcome.read_text())["directions"]
    assert len(directions) == 2
    for one in directions:
        assert one["balances"]
        assert one["books"][0]["orders"] == 6
        assert one["lines"]["read"] == one["lines"]["traded"] + one["lines"]["held"] > 0
        assert not any(one[fault] for fault in FAULTS), one


def test_a_missing_data_file_is_a_sentence(tmp_path):
    ended = manage("journey", "--orders", "6", "--data", "nowhere.csv.gz", var=tmp_path)
    assert ended.returncode != 0
    assert "There is no file nowhere.csv.gz" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_taken_port_is_a_sentence_and_nothing_is_left_running(tmp_path):
    port = free_ports()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        stack = start(tmp_path, port=port)
        assert stack.process.wait(timeout=60) != 0
    assert f"Port {port} is taken by another program." in stack.said
    assert "Traceback" not in stack.said
    assert stack.processes() == {}


def test_one_ctrl_c_ends_every_process(tmp_path):
    with running(tmp_path, "--empty") as stack:
        stack.wait_until_up()
        stack.wait_for(lambda: len(workers(stack)) > 4)
        assert stack.interrupt() == 0
    assert stack.processes() == {}
    assert "Stopped." in stack.said


def test_a_killed_cluster_comes_back_and_works(tmp_path):
    with running(tmp_path, "--empty") as stack:
        stack.wait_until_up()
        stack.wait_for(lambda: len(workers(stack)) > 4)
        before = workers(stack)
        leader = min(before)
        os.killpg(leader, signal.SIGKILL)
        stack.wait_for(lambda: "ended and is started again" in stack.said)
        stack.wait_for(lambda: len(workers(stack)) >= len(before))
        assert leader not in workers(stack)


def test_one_hung_cluster_beside_a_healthy_one_of_its_name_is_found_and_started_again(tmp_path):
    with running(tmp_path, "--empty", "--clusters", "2", TIME_SCALE="20", WATCHDOG_SECONDS="45") as stack:
        stack.wait_until_up()
        stack.wait_for(lambda: len(stack.members("jobs-trade-1")) > 4)
        hung = stack.members("jobs-trade-1")
        # Its guard lives and sees living processes; only the work stands still.
        for worker in hung[2:]:
            os.kill(worker, signal.SIGSTOP)
        stack.wait_for(lambda: "jobs-trade-1 did nothing for 45 seconds" in stack.said, seconds=120)
        stack.wait_for(lambda: len(stack.members("jobs-trade-1")) > 4)
        assert not set(hung) & set(stack.members("jobs-trade-1"))
        assert "jobs-trade-0 did nothing" not in stack.said


def test_the_second_start_is_quick_and_the_demo_is_not_doubled(tmp_path):
    with running(tmp_path, TIME_SCALE="20") as first:
        first.wait_until_ready(seconds=240)
        assert "could not be prepared" not in first.said
        orders = orders_in_demo(first)
    began = time.monotonic()
    with running(tmp_path, TIME_SCALE="20") as second:
        second.wait_until_ready()
        took = time.monotonic() - began
        assert orders_in_demo(second) == orders == [8, 8]
        assert "priya@kingsway.example" in second.said
    assert took < SECOND_START_SECONDS, f"{took:.0f} s"
