"""Makes the trouble of a drill beside the work: kills workers, takes stores and the database away, and plays the person who mends what only a person can."""

from __future__ import annotations

import itertools
import logging
import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Sequence

import psutil
from django.db import DatabaseError, close_old_connections

from channels import services
from channels.errors import ChannelError
from channels.models import Integration
from portal.journey.drill_incidents import INCIDENTS, Scene
from portal.journey.drill_plan import Plan
from portal.journey.trade_cast import Pair, Side
from portal.lib.errors import DomainError
from portal.run.processes import Child

log = logging.getLogger(__name__)
KILL_EVERY = (3.0, 10.0)
INCIDENT_EVERY = (8.0, 20.0)


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

    def __init__(self, pair: Pair, plan: Plan, *, children: Sequence[Child], tell: Callable[[str], None]) -> None:
        super().__init__(name="trouble", daemon=True)
        self.sides = (pair.supplier, pair.retailer)
        self.clusters = [child for child in children if child.cluster]
        self.names = itertools.cycle(chosen) if (chosen := plan.incidents()) else iter(())
        self.dice = plan.dice("moments")
        self.tell = tell
        self.done: Counter[str] = Counter()
        self.stopping = threading.Event()

    def run(self) -> None:
        for name in self.names:
            if self.stopping.wait(self.dice.uniform(*INCIDENT_EVERY)):
                break
            INCIDENTS[name](Scene(self.dice.choice(self.sides), self.dice.choice(self.clusters), self.dice))
            self.done[name] += 1
        close_old_connections()


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
