"""Makes the trouble of a drill beside the work: kills workers, takes stores and the database away, and plays the person who mends what only a person can."""

from __future__ import annotations

import itertools
import logging
import os
import random
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

import psutil
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from channels import services
from channels.dispatch import wake
from channels.errors import ChannelError
from channels.models import Integration
from portal.journey.drill_plan import Plan
from portal.journey.trade_cast import Pair, Side
from portal.lib.errors import DomainError
from portal.run.processes import Child

log = logging.getLogger(__name__)
KILL_EVERY = (3.0, 10.0)
INCIDENT_EVERY = (8.0, 20.0)
INCIDENT_LASTS = 3.0
NOTICED_WITHIN = 15.0
LOCK_SECONDS = 4.0


class Killer(threading.Thread):
    """SIGKILL at random moments: whole clusters with all their processes, or any single process of one."""

    def __init__(self, children: Sequence[Child], plan: Plan, *, tell: Callable[[str], None]) -> None:
        super().__init__(name="killer", daemon=True)
        self.children = [child for child in children if child.cluster]
        self.wanted = plan.kills_wanted
        self.dice = plan.dice("kills")
        self.tell = tell
        self.done: Counter[str] = Counter()
        self.stopping = threading.Event()

    def run(self) -> None:
        while self.done.total() < self.wanted and not self.stopping.wait(self.dice.uniform(*KILL_EVERY)):
            self._kill(self.dice.choice(self.children))

    def _kill(self, child: Child) -> None:
        if not child.is_alive or child.process is None:
            return
        if self.dice.random() < 0.4:
            child.signal_group(signal.SIGKILL)
            self.done["whole cluster"] += 1
        elif kill_one(child.process.pid, self.dice):
            self.done["one process"] += 1


def kill_one(parent: int, dice: random.Random) -> bool:
    """Kill one random process below ``parent``; False when there is none."""
    try:
        below = psutil.Process(parent).children(recursive=True)
        if below:
            os.kill(dice.choice(below).pid, signal.SIGKILL)
        return bool(below)
    except (psutil.NoSuchProcess, ProcessLookupError):
        return False


class Trouble(threading.Thread):
    """Incidents, one after the other and again from the first, until told to stop; what was taken away is given back."""

    def __init__(self, pair: Pair, plan: Plan, *, tell: Callable[[str], None]) -> None:
        super().__init__(name="trouble", daemon=True)
        self.sides = (pair.supplier, pair.retailer)
        self.names = itertools.cycle(chosen) if (chosen := plan.incidents()) else iter(())
        self.dice = plan.dice("moments")
        self.tell = tell
        self.done: Counter[str] = Counter()
        self.stopping = threading.Event()

    def run(self) -> None:
        for name in self.names:
            if self.stopping.wait(self.dice.uniform(*INCIDENT_EVERY)):
                break
            INCIDENTS[name](self.dice.choice(self.sides))
            self.done[name] += 1
        close_old_connections()


def _down(mode: str) -> Callable[[Side], None]:
    def make(side: Side) -> None:
        door, path = side.store.door, f"/stores/{side.store.store}/down"
        door.call("POST", path, {"mode": mode})
        time.sleep(INCIDENT_LASTS)
        door.call("POST", path, {"mode": "up"})

    return make


def _revoke(side: Side) -> None:
    door, path = side.store.door, f"/stores/{side.store.store}"
    door.call("POST", f"{path}/revoke")
    wake(side.integration.pk, "check_credentials", trigger="schedule")
    deadline = time.monotonic() + NOTICED_WITHIN
    while not Integration.objects.get(pk=side.integration.pk).needs_person and time.monotonic() < deadline:
        time.sleep(0.5)
    door.call("POST", f"{path}/restore")


def _database(side: Side) -> None:
    """PostgreSQL: every connection is ended, as at a restart. SQLite: the file is locked for a while."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return
    holder = sqlite3.connect(settings.DATABASES["default"]["NAME"], timeout=20, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        time.sleep(LOCK_SECONDS)
        holder.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        log.warning("the database could not be locked", extra={"data": {"error": str(error)}})
    finally:
        holder.close()


INCIDENTS: dict[str, Callable[[Side], None]] = {
    "store_down": _down("503"),
    "store_html": _down("html"),
    "store_suspended": _down("suspended"),
    "token_revoked": _revoke,
    "database": _database,
}


def mend(sides: Sequence[Side]) -> int:
    """What a merchant does when a store needs them: reauthorise with the key that works again. How many were mended."""
    mended = 0
    for side in sides:
        try:
            integration = Integration.objects.get(pk=side.integration.pk)
            if integration.needs_person:
                services.reauthorise(integration, side.store.credentials, by=side.owner)
                mended += 1
        except (ChannelError, DomainError, DatabaseError) as error:
            log.info("not mended yet", extra={"data": {"error": str(error)}})
            close_old_connections()
    return mended
