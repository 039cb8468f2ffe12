"""The budget of one integration as one worker uses it: takes places, learns from answers, leaves a share to orders and shipments."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Q

from channels.budget.figures import Figures, Terms, blocked, corrected, read_headers, take
from channels.budget.stores import Store, store_for
from channels.contract import RateHeaders, RateLimit
from channels.errors import RateLimited
from channels.models import StepState
from portal.lib import clock

RESERVED_SHARE = 0.15
LENDING_SECONDS = 1.0
TRADE_STEPS = ("pull_orders", "push_orders", "pull_shipments", "push_shipments")
# Unscaled seconds that a lane waits for a place before it gives the job back.
LONGEST_WAIT = {"orders": 15.0, "catalogue": 90.0}


class SharedBudget:
    """``limit`` is the documented budget, ``headers`` names where answers tell the real one; ``lane`` is "orders" or "catalogue"."""

    def __init__(
        self,
        integration_id: int,
        *,
        limit: RateLimit,
        headers: RateHeaders | None = None,
        lane: str,
        store: Store | None = None,
    ) -> None:
        self.integration_id = integration_id
        self.terms = Terms.of(limit)
        self.headers = headers
        self.lane = lane
        self.store = store or store_for(integration_id)
        self._asked_at = float("-inf")
        self._is_trading = False

    def acquire(self) -> None:
        """Take a place, sleeping until one is free. Raises RateLimited when that would take longer than this lane waits."""
        deadline = time.monotonic() + clock.scaled(LONGEST_WAIT[self.lane])
        while wait := self._take():
            if time.monotonic() + wait > deadline:
                raise RateLimited(
                    "The budget of requests is used up for now.", retry_at=clock.now() + timedelta(seconds=wait)
                )
            time.sleep(wait)

    def observe(self, status: int, headers: Mapping[str, str], *, at: datetime | None = None) -> None:
        """Learn from an answer: what is left and when the window turns, or that they blocked us.

        What it tells counts from the moment ``at`` which it came: counted from when it is read, it would empty the window that began since.
        """
        now = clock.now()
        reading = read_headers(self.headers, headers, now=at or now)
        if status == 429:
            self._change(lambda held: blocked(held, self.terms, headers, reading, now, at=at))
        elif reading:
            self._change(lambda held: corrected(held, self.terms, reading, now))

    @property
    def reserve(self) -> float:
        """The share of the quota that this lane leaves alone; lent to catalogue work while no order or shipment waits."""
        return 0.0 if self.lane == "orders" or not self._trade_waits() else RESERVED_SHARE

    def _take(self) -> float:
        """0.0 when a place was taken, else the seconds to wait."""
        share = self.reserve
        while True:
            now = clock.now()
            held = self.store.read()
            figures = held or Figures.full(self.terms, now)
            after, wait = take(figures, self.terms, now=now, keep=share * figures.quota)
            if wait or self.store.swap(held, after):
                return wait

    def _change(self, change: Callable[[Figures], Figures]) -> None:
        """Write what ``change`` makes of the figures, nothing where it leaves them as they are."""
        while True:
            held = self.store.read()
            figures = held or Figures.full(self.terms, clock.now())
            after = change(figures)
            if after is figures or _tells_nothing_new(figures, after) or self.store.swap(held, after):
                return

    def _trade_waits(self) -> bool:
        """Whether a step of orders or shipments is queued or at work; asked once a second at most."""
        if time.monotonic() - self._asked_at > LENDING_SECONDS:
            self._asked_at = time.monotonic()
            self._is_trading = is_trading(self.integration_id, now=clock.now())
        return self._is_trading


def is_trading(integration_id: int, *, now: datetime) -> bool:
    """Whether orders or shipments of an integration are queued or at work."""
    return (
        StepState.objects.filter(integration_id=integration_id, step__in=TRADE_STEPS)
        .filter(Q(queued_at__isnull=False) | Q(lease_until__gt=now))
        .exists()
    )


def _tells_nothing_new(before: Figures, after: Figures) -> bool:
    """Most answers only confirm what we counted: a write less for each."""
    return (
        before.blocked_until == after.blocked_until
        and (before.left, before.quota) == (after.left, after.quota)
        and before.resets_at == after.resets_at
    )
