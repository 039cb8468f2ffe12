"""Reading single records of theirs that no list showed, within a bound."""

from __future__ import annotations

from collections.abc import Iterable

from channels.contract import ChannelOrder
from channels.errors import NotFound
from channels.reconcile.entries import Book

# Reads of single orders in one reconciliation of one book; what is beyond waits for the next.
MOST_READS = 300


class Fetcher:
    """Reads orders one by one for ``book`` and notes on it when the bound was reached."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.left = MOST_READS

    def orders(self, remote_ids: Iterable[str]) -> dict[str, ChannelOrder | None]:
        """Their orders by id; None for those that are gone. Ids beyond the bound are left out. Raises ChannelError."""
        found: dict[str, ChannelOrder | None] = {}
        reading = self.book.reading
        for remote_id in remote_ids:
            if not self.left:
                self.book.is_whole = False
                return found
            self.left -= 1
            try:
                found[remote_id] = reading.statuses.read(reading.connector.order(remote_id))
            except NotFound:
                found[remote_id] = None
        return found
