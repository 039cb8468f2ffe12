"""What a person chose for the store's statuses takes effect: orders that are in such a status already are looked at once more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from channels import statuses
from channels.contract import ChannelOrder
from channels.models import OrderLink
from channels.sync.context import StepContext, parse_time
from channels.sync.known_orders import forget_versions
from portal.lib import clock

# How far back orders are looked at again, at most.
LOOK_BACK = timedelta(days=30)


def look_back(context: StepContext, *, first: datetime) -> None:
    """Move the cursor back when orders are taken over or cancelled in a status in which they were not. ``first`` is where the very first walk began.

    Importing again changes nothing of what is there, so this costs reads only. Raises LeaseLost.
    """
    before, now = context.cursor.get("statuses"), context.statuses.effects()
    if before == now:
        return
    if before is None or not set(now) - set(before):
        context.save_cursor(statuses=now)
        return
    since = max(first, clock.now() - LOOK_BACK)
    forget_versions(context.integration, since=since)
    # Orders that are known and did not change since would be passed over unread.
    OrderLink.objects.filter(integration=context.integration, remote_modified_at__gte=since).update(
        remote_modified_at=None
    )
    read_to = parse_time(context.cursor.get("modified")) or since
    context.save_cursor(modified=min(since, read_to).isoformat(), resume="", statuses=now)


def learn(context: StepContext, page: Sequence[ChannelOrder]) -> None:
    """See that the store has the statuses of these orders, and those that we rely on; what it does not have becomes a Problem. Raises ChannelError."""
    statuses.meet(context.integration, context.connector, page)
