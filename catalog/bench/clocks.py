"""Time as the wall, the processors and the longest write transaction see it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psutil
from django.db import connection, transaction


@dataclass(slots=True)
class Time:
    """Seconds; ``cpu`` counts this process and, where it runs on this machine, the database's process that serves it."""

    wall: float = 0.0
    cpu: float = 0.0
    transactions: list[float] = field(default_factory=list)

    @property
    def longest_transaction(self) -> float:
        return max(self.transactions, default=0.0)


@contextmanager
def timed() -> Iterator[Time]:
    """Measure what happens inside."""
    result = Time()
    connection.ensure_connection()
    server = _server()
    wall, cpu = time.perf_counter(), _cpu(server)
    with connection.execute_wrapper(_noting(result)):
        yield result
    result.wall, result.cpu = time.perf_counter() - wall, _cpu(server) - cpu


def _noting(result: Time) -> Callable[..., Any]:
    """Watches transactions begin; their end is told by the commit hook."""

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith("BEGIN"):
            start = time.perf_counter()
            # Django notes of a hook whether it may fail, too; the stubs know of two things only.
            nothing: set[str] = set()
            hook = (nothing, lambda: result.transactions.append(time.perf_counter() - start), True)
            connection.run_on_commit.append(hook)  # type: ignore[arg-type]
        return answer

    return watch


def _server() -> psutil.Process | None:
    """The PostgreSQL process behind our connection, if it is ours to see."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        process = psutil.Process(pid)
        return process if "postgres" in process.name() else None
    except psutil.Error:
        return None


def _cpu(server: psutil.Process | None) -> float:
    own = time.process_time()
    if server is None:
        return own
    times = server.cpu_times()
    return own + times.user + times.system


__all__ = ["Time", "timed", "transaction"]
