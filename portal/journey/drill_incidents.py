"""What happens to a whole store, or to our own machine, during a drill; each incident takes something away, waits, and gives it back."""

from __future__ import annotations

import logging
import random
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from channels.dispatch import wake
from channels.models import Integration
from portal.journey.trade_cast import Side
from portal.run.processes import Child

log = logging.getLogger(__name__)
INCIDENT_LASTS = 3.0
NOTICED_WITHIN = 15.0
LOCK_SECONDS = 4.0
# Seconds that a store's clock goes wrong, either way: less than the overlap behind the order cursor.
WORST_SKEW = 300.0
FULL_DISK = Path("/dev/full")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where an incident strikes: one side's store, one job cluster, and the dice for how."""

    side: Side
    cluster: Child
    dice: random.Random


def _down(mode: str) -> Callable[[Scene], None]:
    def make(scene: Scene) -> None:
        door, path = scene.side.store.door, f"/stores/{scene.side.store.store}/down"
        door.call("POST", path, {"mode": mode})
        time.sleep(INCIDENT_LASTS)
        door.call("POST", path, {"mode": "up"})

    return make


def _revoke(scene: Scene) -> None:
    door, path = scene.side.store.door, f"/stores/{scene.side.store.store}"
    door.call("POST", f"{path}/revoke")
    wake(scene.side.integration.pk, "check_credentials", trigger="schedule")
    deadline = time.monotonic() + NOTICED_WITHIN
    while not Integration.objects.get(pk=scene.side.integration.pk).needs_person and time.monotonic() < deadline:
        time.sleep(0.5)
    door.call("POST", f"{path}/restore")


def _database(scene: Scene) -> None:
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


def _wrong_clock(scene: Scene) -> None:
    """The store's clock is minutes ahead or behind, then right again."""
    door = scene.side.store.door
    door.call("POST", "/clock", {"skew_seconds": scene.dice.uniform(-WORST_SKEW, WORST_SKEW)})
    time.sleep(INCIDENT_LASTS)
    door.call("POST", "/clock", {"skew_seconds": 0})


def _full_disk(scene: Scene) -> None:
    """A job cluster starts again where every line of its log meets "no space left on device", then with room for it."""
    room = scene.cluster.log
    for place in (FULL_DISK, room):
        scene.cluster.log = place
        scene.cluster.kill()
        time.sleep(2 * INCIDENT_LASTS)


INCIDENTS: dict[str, Callable[[Scene], None]] = {
    "store_down": _down("503"),
    "store_html": _down("html"),
    "store_suspended": _down("suspended"),
    "token_revoked": _revoke,
    "clock_skew": _wrong_clock,
    "log_disk_full": _full_disk,
    "database": _database,
}
