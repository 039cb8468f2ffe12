"""The journey while everything goes wrong: calls disturbed, webhooks lost, stores and database taken away, workers killed.

At the end the books are compared.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, close_old_connections

from channels.dispatch import wake
from channels.models import RunResult, StepState
from portal.journey.books import Balance, compare
from portal.journey.doors import Door
from portal.journey.drill_plan import Plan
from portal.journey.drill_trouble import Killer, Trouble, mend
from portal.journey.drill_verdict import Verdict, judge
from portal.journey.goods import Trade
from portal.journey.play import Journey, Played
from portal.journey.trade_cast import Side
from portal.journey.waiting import Stalled, wait_for
from portal.lib import clock
from portal.run.processes import Child

HOUR = 3600.0
SHORTEST_HOUR = 45.0
LOOK_EVERY = 2.0
# What one round of the hourly nets could not mend under fire, the next ones may.
SHORTEST_PATIENCE, HOURS_OF_PATIENCE = 300.0, 4
CLICKS = 10
NETS = ("pull_orders", "pull_shipments", "pull_products", "register_hooks")


@dataclass
class Drilled:
    """What came of one direction: the journey's own outcome, what went wrong on purpose, and the verdicts."""

    played: Played
    verdicts: list[Verdict]
    calls: int = 0
    disturbed: int = 0
    by_fault: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    incidents: Counter[str] = field(default_factory=Counter)
    mended: int = 0

    @property
    def is_good(self) -> bool:
        return all(verdict.holds for verdict in self.verdicts)

    @property
    def share(self) -> float:
        return self.disturbed / self.calls if self.calls else 0.0


class Drill(Journey):
    """Plays one direction under a plan of faults."""

    def __init__(
        self,
        kinds: tuple[str, str],
        trade: Trade,
        plan: Plan,
        *,
        tag: str,
        children: Sequence[Child],
        tell: Callable[[str], None],
    ) -> None:
        super().__init__(kinds[0], kinds[1], trade, seed=plan.seed, tag=tag, tell=tell)
        self.plan = plan
        self.doors = {kind: Door(kind) for kind in kinds}
        self.killer = Killer(children, plan, tell=tell)
        self.trouble = Trouble(self.pair, plan, children=children, tell=tell)
        self.mended = 0
        self._looked = self._hour_began = time.monotonic()

    def drill(self) -> Drilled:
        """All acts under fire, then calm, then the comparison."""
        stalled = ""
        self.stock_and_connect()
        self.price_and_choose()
        self.arm()
        try:
            self.publish()
            self.sell()
            self.ship()
            self._wait_for_kills()
        except Stalled as error:
            stalled = str(error)
            self.tell(f"STALLED: {stalled}")
        met = self.disarm()
        self._settle()
        balance = compare(self.pair, self.placed)
        played = Played(self.direction, balance, self.seconds, self.run_everything_again())
        return self._outcome(played, balance, met, stalled)

    def arm(self) -> None:
        """From now on everything goes wrong."""
        for kind, door in self.doors.items():
            if faults := self.plan.wire(kind):
                door.call("POST", "/faults", faults)
            if switches := self.plan.hooks():
                door.call("PUT", "/switches", switches)
            door.call("DELETE", "/calls")
        self.killer.start()
        self.trouble.start()

    def disarm(self) -> list[dict[str, Any]]:
        """End all trouble; the calls that were made meanwhile."""
        for thread in (self.killer, self.trouble):
            thread.stopping.set()
            thread.join(timeout=30)
        calls = [call for door in self.doors.values() for call in door.call("GET", "/calls")]
        for door in self.doors.values():
            door.call("DELETE", "/faults")
            door.call("DELETE", "/switches")
        return calls

    def _settle(self) -> None:
        """What still waits goes out now that nothing goes wrong any more; the hourly nets run once more, whole."""
        calm = clock.now()
        self._let_an_hour_pass()
        try:
            self._wait("nets under the webhooks", lambda: self._nets_since(calm))
            self._wait("nothing left to send after the trouble", lambda: (0 if self._live_outbound() else 1, 1))
            self._wait("no step left to run", lambda: (0 if self._busy_steps() else 1, 1))
        except Stalled as error:
            self.tell(f"STALLED: {error}")

    def _wait_for_kills(self) -> None:
        self._wait("kills", lambda: (self.killer.done.total(), self.plan.kills_wanted))
        self._wait("nothing left to send", lambda: (0 if self._live_outbound() else 1, 1))

    def _nets_since(self, calm: datetime) -> tuple[int, int]:
        sides = (self.pair.supplier.integration, self.pair.retailer.integration)
        nets = StepState.objects.filter(integration__in=sides, step__in=NETS)
        return nets.filter(last_run_at__gt=calm, last_result=RunResult.OK).count(), nets.count()

    def _busy_steps(self) -> int:
        sides = (self.pair.supplier.integration, self.pair.retailer.integration)
        states = StepState.objects.filter(integration__in=sides)
        return states.exclude(queued_at=None).count() + states.filter(lease_until__gt=clock.now()).count()

    def _wait(self, what: str, progress: Callable[[], tuple[int, int]]) -> None:
        started = time.monotonic()
        patience = max(SHORTEST_PATIENCE, clock.scaled(HOURS_OF_PATIENCE * HOUR))
        wait_for(what, lambda: self._look(progress), tell=self.tell, patience=patience)
        self.seconds[what] = round(time.monotonic() - started, 1)

    def _ask_for(self, step: str, side: Side) -> None:
        """A person whose click met an error page clicks again."""
        for _ in range(CLICKS - 1):
            try:
                return super()._ask_for(step, side)
            except DatabaseError:
                close_old_connections()
                time.sleep(1)
        return super()._ask_for(step, side)

    def _look(self, progress: Callable[[], tuple[int, int]]) -> tuple[int, int]:
        """Progress, with what people and clocks do meanwhile; a database that is away for a moment is no end."""
        try:
            self._play_people_and_clocks()
            return progress()
        except DatabaseError:
            close_old_connections()
            return 0, 1

    def _play_people_and_clocks(self) -> None:
        now = time.monotonic()
        if now - self._looked > LOOK_EVERY:
            self._looked = now
            self.mended += mend((self.pair.supplier, self.pair.retailer))
        if now - self._hour_began > max(clock.scaled(HOUR), SHORTEST_HOUR):
            self._let_an_hour_pass()

    def _let_an_hour_pass(self) -> None:
        """The hourly nets under the webhooks, at the drill's speed."""
        self._hour_began = time.monotonic()
        for side in (self.pair.supplier, self.pair.retailer):
            for step in NETS:
                wake(side.integration.pk, step, trigger="schedule")

    def _outcome(self, played: Played, balance: Balance, calls: list[dict[str, Any]], stalled: str) -> Drilled:
        met = Counter(call["fault"] for call in calls if call["fault"])
        kills = (self.killer.done.total(), self.plan.kills_wanted)
        return Drilled(
            played,
            judge(self.pair, played, balance, kills=kills, stalled=stalled),
            calls=len(calls),
            disturbed=met.total(),
            by_fault=met,
            kills=self.killer.done,
            incidents=self.trouble.done,
            mended=self.mended,
        )
