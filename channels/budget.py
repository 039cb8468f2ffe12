"""Rate budgets: one per integration, shared by all workers, fed by the channel's own headers.

The row ``RateBudget`` holds what is left; a request takes its place by one conditional UPDATE. The channel's headers are the truth and correct it. A share is
kept free for orders and shipments, so that a catalogue walk cannot delay them; short waits are slept, long ones become ``RateLimited``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.db.models.functions import Least

from channels.contract import Connector, RateLimit
from channels.errors import RateLimited
from channels.models import Integration, RateBudget, StepState
from portal.lib import clock

RESERVED_SHARE = 0.15
LENDING_SECONDS = 1.0
TRADE_STEPS = ("pull_orders", "push_orders", "pull_shipments", "push_shipments")
LONGEST_WAIT = {"orders": 15.0, "catalogue": 90.0}


class SharedBudget:
    """The budget of one integration as one worker uses it."""

    def __init__(self, integration: Integration, connector: type[Connector], *, lane: str) -> None:
        self.integration_id = integration.pk
        self.limit: RateLimit = connector.rate_limit
        self.names = connector.rate_headers
        self.lane = lane
        self._asked_at = float("-inf")
        self._is_trading = False
        RateBudget.objects.get_or_create(
            integration_id=self.integration_id,
            defaults={"left": self.capacity, "quota": self.capacity, "updated_at": clock.now()},
        )

    @property
    def capacity(self) -> float:
        return float(self.limit.burst or self.limit.requests)

    @property
    def per_second(self) -> float:
        """Requests a real second at the documented rate and the installation's time scale."""
        return self.limit.requests / clock.scaled(self.limit.seconds)

    @property
    def reserve(self) -> float:
        """What this lane leaves alone; lent to catalogue work while no order or shipment waits."""
        if self.lane == "orders" or not self._trade_waits():
            return 0.0
        return RESERVED_SHARE * self.capacity

    def _trade_waits(self) -> bool:
        """Whether a step of orders or shipments is queued or at work; asked once a second at most."""
        if time.monotonic() - self._asked_at > LENDING_SECONDS:
            self._asked_at = time.monotonic()
            self._is_trading = (
                StepState.objects.filter(integration_id=self.integration_id, step__in=TRADE_STEPS)
                .filter(Q(queued_at__isnull=False) | Q(lease_until__gt=clock.now()))
                .exists()
            )
        return self._is_trading

    def acquire(self) -> None:
        """Take a place, sleeping until one is free. Raises RateLimited when that would take longer than this lane waits."""
        deadline = time.monotonic() + clock.scaled(LONGEST_WAIT[self.lane])
        while not self._take():
            wait = self._wait()
            if time.monotonic() + wait > deadline:
                raise RateLimited(
                    "The budget of requests is used up for now.", retry_at=clock.now() + timedelta(seconds=wait)
                )
            time.sleep(wait)

    def observe(self, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer: what is left and when the window turns, or that they blocked us."""
        reading = self._reading(headers)
        row = RateBudget.objects.filter(integration_id=self.integration_id)
        if status == 429:
            row.update(left=0, blocked_until=reading[1] if reading else clock.after(2))
        elif reading:
            left, resets_at, quota = reading
            row.filter(Q(left__gt=left + 3) | Q(resets_at__isnull=True) | ~Q(quota=quota)).update(
                left=Least(F("left"), float(left)), quota=quota, resets_at=resets_at
            )

    def _take(self) -> bool:
        self._refill()
        return bool(
            RateBudget.objects.filter(integration_id=self.integration_id, left__gte=1 + self.reserve)
            .filter(Q(blocked_until__isnull=True) | Q(blocked_until__lte=clock.now()))
            .update(left=F("left") - 1)
        )

    def _refill(self) -> None:
        """A window that turned is full again; a bucket leaks with time."""
        row = RateBudget.objects.get(integration_id=self.integration_id)
        now = clock.now()
        same = RateBudget.objects.filter(pk=row.pk, updated_at=row.updated_at)
        if self.limit.burst:
            gained = (now - row.updated_at).total_seconds() * self.per_second
            if gained >= 1:
                same.update(left=min(self.capacity, row.left + gained), updated_at=now)
        elif row.resets_at is None or row.resets_at <= now:
            window = timedelta(seconds=clock.scaled(self.limit.seconds))
            same.update(left=row.quota or self.capacity, updated_at=now, resets_at=now + window)

    def _wait(self) -> float:
        """Seconds until it is worth trying again."""
        row = RateBudget.objects.get(integration_id=self.integration_id)
        now = clock.now()
        waits = [0.01]
        if row.blocked_until and row.blocked_until > now:
            waits.append((row.blocked_until - now).total_seconds())
        if self.limit.burst:
            waits.append((1 + self.reserve - row.left) / self.per_second)
        elif row.resets_at and row.resets_at > now:
            waits.append((row.resets_at - now).total_seconds() + 0.01)
        return max(waits)

    def _reading(self, headers: Mapping[str, str]) -> tuple[float, datetime, float] | None:
        """(left, when the window turns, quota) as the headers say; None when they do not."""
        if self.names is None:
            return None
        try:
            left = float(headers[self.names.left])
            reset = float(headers[self.names.reset_ms]) / 1000
        except (KeyError, ValueError):
            return None
        quota = float(headers.get(self.names.quota, 0) or 0) or self.capacity
        return left, clock.now() + timedelta(seconds=reset), quota
