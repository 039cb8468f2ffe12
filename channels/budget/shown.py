"""The budget as pages and metrics show it, from whichever store this installation uses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from channels.budget.figures import Terms, refilled
from channels.budget.shared import RESERVED_SHARE
from channels.budget.stores import blocked_count, store_for
from channels.models import Integration
from channels.registry import CONNECTORS
from portal.lib import clock

__all__ = ["Budget", "blocked_count", "budget_of"]


@dataclass(frozen=True, slots=True)
class Budget:
    """Requests used of the quota in ``seconds``, and those kept for orders."""

    used: int
    quota: int
    reserve: int
    seconds: int
    resets_at: datetime | None
    blocked_until: datetime | None


def budget_of(integration: Integration) -> Budget | None:
    """None before the first request, and for a channel that is gone."""
    held, connector = store_for(integration.pk).read(), CONNECTORS.get(integration.kind)
    if held is None or connector is None or not held.quota:
        return None
    now = clock.now()
    figures = refilled(held, Terms.of(connector.rate_limit), now)
    has_turned = figures.resets_at != held.resets_at
    return Budget(
        used=round(figures.quota - max(figures.left, 0)),
        quota=round(figures.quota),
        reserve=round(figures.quota * RESERVED_SHARE),
        seconds=round(connector.rate_limit.seconds),
        resets_at=None if has_turned else held.resets_at,
        blocked_until=held.blocked_until if held.blocked_until and held.blocked_until > now else None,
    )
