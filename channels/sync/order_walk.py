"""A walk over a store's changed orders that ends where it was cut and goes on from there.

The cursor holds ``modified``, the last modification that a whole walk saw, and while a walk is open ``resume``, how far it came. Only channels that list the
oldest modification first can resume; elsewhere the next walk begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from channels.contract import ChannelOrder
from channels.dispatch import go_on
from channels.sync.context import StepContext, parse_time
from portal.lib import clock

OVERLAP = timedelta(minutes=10)


class OrderWalk:
    """One run's part of a walk. ``read`` is the connector's method that lists orders, ``first`` is where the very first walk begins."""

    def __init__(
        self,
        context: StepContext,
        read: Callable[..., Iterator[Sequence[ChannelOrder]]],
        *,
        first: datetime,
    ) -> None:
        self.context = context
        self.read = read
        self.began = clock.now()
        self.modified = parse_time(context.cursor.get("modified")) or first
        self.resume = parse_time(context.cursor.get("resume"))
        self.newest = max(self.modified, self.resume or self.modified)
        self.is_whole = False

    def pages(self) -> Iterator[Sequence[ChannelOrder]]:
        """Pages that are not done yet; after each the way so far is kept. Raises ChannelError, LeaseLost."""
        for page in self.read(modified_since=self.resume or self.modified - OVERLAP):
            self.context.beat()
            if not page:
                continue
            yield page
            self.newest = max([self.newest, *(order.modified_at for order in page)])
            if self.context.connector.orders_oldest_first:
                self.context.save_cursor(resume=max(order.modified_at for order in page).isoformat())
                if self.context.time_is_up:
                    go_on(self.context.integration.pk, self.context.run.step)
                    return
        self._end()

    def _end(self) -> None:
        """Not past the walk's beginning: what changed behind it while it went on is found by the next one."""
        self.is_whole = True
        self.context.save_cursor(modified=min(self.newest, self.began).isoformat(), resume="")
