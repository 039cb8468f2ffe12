"""The whole stack in a folder of its own, beside whatever runs already: ``manage.py devserver`` as a process that one Ctrl-C ends.

For tests and for the screenshots. The settings of the calling process do not reach it: ``TRADELANE_TESTING`` and the addresses are
taken out of its environment.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from portal.run.environment import ROOT, free_port
from portal.run.stack import is_taken

SIMULATORS = {"bigcommerce": 101, "shift4shop": 102}
START_SECONDS = 120.0
# What the calling process was told for itself.
_OWN = (
    "TRADELANE_TESTING",
    "TRADELANE_ROW_RESULTS",
    "PYTEST",
    "DATABASE_URL",
    "REDIS_URL",
    "PORTAL_URL",
    "SANDBOX_",
    "TIME_SCALE",
)


class DidNotStart(Exception):
    """The stack ended, or did not answer in time; with what it said."""


@dataclass
class OwnStack:
    """A running stack. ``base`` is the portal's address."""

    port: int
    var: Path
    process: subprocess.Popen[bytes]

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def simulator(self, kind: str) -> str:
        """The address of a channel's simulated stores."""
        return f"http://127.0.0.1:{self.port + SIMULATORS[kind]}"

    @property
    def origins(self) -> set[str]:
        """The portal's and its sandbox's."""
        return {self.base, *(self.simulator(kind) for kind in SIMULATORS)}

    @property
    def said(self) -> str:
        """What a person reads in the terminal so far."""
        return (self.var / "terminal.txt").read_text(errors="replace")

    def wait_until_up(self, *, seconds: float = START_SECONDS) -> None:
        """Portal and simulators answer. Raises DidNotStart."""
        pages = [f"{self.base}/accounts/login/", *(f"{self.simulator(kind)}/" for kind in SIMULATORS)]
        self.wait_for(lambda: all(_answers(page) for page in pages), seconds=seconds)

    def wait_until_ready(self, *, seconds: float = START_SECONDS) -> None:
        """The terminal says where everything is. Raises DidNotStart."""
        self.wait_for(lambda: "Tradelane is ready" in self.said, seconds=seconds)

    def wait_for(self, is_so: Callable[[], bool], *, seconds: float = 60.0) -> None:
        """Ask until it is so. Raises DidNotStart when the stack ends first or time runs out."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise DidNotStart(self.said)
            time.sleep(0.2)

    def interrupt(self) -> int:
        """One Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def processes(self) -> dict[int, str]:
        """Every living process that works for this stack: its id → its command line."""
        return self._having(f"TRADELANE_VAR={self.var}")

    def members(self, child: str) -> list[int]:
        """The ids of the living processes of one child of the supervisor ("jobs-trade-0"), the oldest first."""
        return sorted(self._having(f"TRADELANE_PROCESS={socket.gethostname()}:{self.process.pid}/{child}"))

    def _having(self, entry_of_environment: str) -> dict[int, str]:
        mark = entry_of_environment.encode()
        found: dict[int, str] = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0") and _state(entry) != "Z":
                    found[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found


def environment(var: Path, **more: str) -> dict[str, str]:
    """The environment of a stack of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OWN)}
    return {**kept, "TRADELANE_VAR": str(var), "LOG_LEVEL": "WARNING", **more}


def free_ports() -> int:
    """A port with free ones where the simulators will be."""
    while True:
        port = free_port()
        if not any(is_taken(port + beyond) for beyond in SIMULATORS.values()):
            return port


def start(var: Path, *words: str, port: int | None = None, **more: str) -> OwnStack:
    """Start a stack in the folder ``var``; it may not answer yet."""
    var.mkdir(parents=True, exist_ok=True)
    port = port or free_ports()
    command = [sys.executable, "manage.py", "devserver", "--port", str(port), *words]
    with (var / "terminal.txt").open("wb") as terminal:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(var, **more), stdout=terminal, stderr=subprocess.STDOUT
        )
    return OwnStack(port, var, process)


@contextmanager
def running(var: Path, *words: str, **more: Any) -> Iterator[OwnStack]:
    """A stack until the block ends."""
    stack = start(var, *words, **more)
    try:
        yield stack
    finally:
        if stack.process.poll() is None:
            stack.interrupt()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).ok
    except requests.RequestException:
        return False


def _state(entry: Path) -> str:
    return (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
