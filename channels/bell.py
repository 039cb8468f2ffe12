"""A bell beside the job queue: whoever queues a job rings it, and a cluster process that found nothing to do wakes at once instead of at its next poll.

It is a hint and never the truth: a ring that nobody hears costs one poll. On PostgreSQL it is LISTEN and NOTIFY, which goes off with the commit and reaches
every machine; on SQLite, which is one machine, it is the time of a file beside the database.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection, transaction

if TYPE_CHECKING:
    import psycopg

# How often the file is looked at: a hundred looks a second cost a few thousandths of a processor.
LOOK_EVERY = 0.01


def ring(queue: str) -> None:
    """Wake who waits for ``queue`` as soon as the transaction, if there is one, is committed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [_channel(queue)])
    else:
        transaction.on_commit(lambda: _strike(_file(queue)))


class Ear:
    """What one process hears of one queue. What was rung since ``wait`` last returned is heard by the next ``wait``, so nothing falls between two."""

    def __init__(self, queue: str) -> None:
        self.queue = queue
        self._struck_at = 0
        self._listens_on: psycopg.Connection | None = None

    def wait(self, seconds: float) -> bool:
        """Until the bell rings, ``seconds`` at the most; whether it did."""
        if connection.vendor != "postgresql":
            return self._watch(seconds)
        try:
            return self._listen(seconds)
        except DatabaseError:
            # Whoever asks for jobs next meets the same database and tells of it.
            time.sleep(seconds)
            return False

    def _watch(self, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while (struck_at := _time_of(_file(self.queue))) == self._struck_at:
            if time.monotonic() >= deadline:
                return False
            time.sleep(LOOK_EVERY)
        self._struck_at = struck_at
        return True

    def _listen(self, seconds: float) -> bool:
        connection.ensure_connection()
        with connection.wrap_database_errors:
            if self._listens_on is None or self._listens_on is not connection.connection:
                connection.connection.execute(f'LISTEN "{_channel(self.queue)}"')
                self._listens_on = connection.connection
                # What was queued before we listened is found by looking once more.
                return True
            return any(True for _ in self._listens_on.notifies(timeout=seconds, stop_after=1))


def _channel(queue: str) -> str:
    """The name of a queue as PostgreSQL knows the bell; names come from settings."""
    return f"tradelane_{queue}".replace('"', "")


def _file(queue: str) -> Path:
    return Path(settings.VAR_DIR) / "bells" / queue


def _strike(file: Path) -> None:
    now = time.time_ns()
    with contextlib.suppress(OSError):
        try:
            os.utime(file, ns=(now, now))
        except FileNotFoundError:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()


def _time_of(file: Path) -> int:
    """0 for one that was never rung."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
