"""A child process in a process group of its own, so that ending it ends all of its descendants."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

GRACE_SECONDS = 20.0


@dataclass
class Child:
    """One process of the stack. ``essential`` ones end everything when they cannot start; the others are restarted with back-off."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    log: Path | None = None
    essential: bool = False
    # The django-q2 cluster that this process belongs to, watched by its own heartbeat.
    cluster: str = ""
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restarts: int = 0

    @property
    def identity(self) -> str:
        """What the process calls itself in its heartbeats: this machine, this supervisor, this child."""
        return f"{socket.gethostname()}:{os.getpid()}/{self.name}"

    def start(self) -> None:
        output = self.log.open("ab") if self.log else None
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, "TRADELANE_PROCESS": self.identity, **self.environment},
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.started_at = time.monotonic()
        if output:
            output.close()

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def age(self) -> float:
        """Seconds since the last start."""
        return time.monotonic() - self.started_at

    def signal_group(self, number: signal.Signals) -> None:
        """Signal the whole group; one that is gone already is fine."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def kill(self) -> None:
        """End the group at once."""
        self.signal_group(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


def stop_all(children: list[Child], *, grace: float = GRACE_SECONDS) -> None:
    """SIGTERM to all, time to finish, SIGKILL to whole groups."""
    for child in children:
        child.signal_group(signal.SIGTERM)
    deadline = time.monotonic() + grace
    while any(child.is_alive for child in children) and time.monotonic() < deadline:
        time.sleep(0.1)
    for child in children:
        child.kill()
