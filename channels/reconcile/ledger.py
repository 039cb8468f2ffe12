"""What one reconciliation found of one book: what differs, what is on the way, and the figures of its statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from channels.models.reconcile import Reconciliation
from channels.reconcile import statement
from channels.reconcile.entries import Book, Figures, Pair
from channels.reconcile.keeping import Keeper

# Disagreements that are looked at twice before anybody is told; with more than these something greater is the matter.
LOOKED_TWICE = 200


class Ledger:
    """Gathers the disagreements of ``book``; memory is bounded, whatever is beyond the bound is written at once."""

    def __init__(self, reconciliation: Reconciliation, book: Book) -> None:
        self.book = book
        self.keeper = Keeper(reconciliation, book.name)
        self.doubtful: list[Pair] = []
        self.differing, self.moving = Figures(), Figures()
        self.differences = self.on_the_way = 0

    def take(self, pairs: Sequence[Pair]) -> None:
        """Note the disagreements of a page."""
        self._note_moving([pair for pair in pairs if pair.is_on_the_way])
        found = [pair for pair in pairs if not pair.is_on_the_way]
        room = LOOKED_TWICE - len(self.doubtful)
        self.doubtful += found[:room]
        self._write(found[room:])

    def finish(self, before: Mapping[str, Any], since: datetime | None) -> dict[str, Any]:
        """Look again at what is doubtful, and write the statement. Raises ChannelError."""
        again = self.book.look_again(self.doubtful) if self.doubtful else []
        self._note_moving([pair for pair in again if pair.is_on_the_way])
        self._write([pair for pair in again if not pair.is_on_the_way])
        self.doubtful = []
        return statement.write(
            before=before,
            code=self.book.code,
            closing=self.book.closing(),
            came=self.book.arrived(since),
            differing=self.differing,
            moving=self.moving,
            facts={
                "book": self.book.name,
                "compared": self.book.compared,
                "differences": self.differences,
                "on_the_way": self.on_the_way,
                "is_money": self.book.is_money,
                "is_whole": self.book.is_whole,
                **self.book.facts(),
            },
        )

    def _note_moving(self, pairs: Sequence[Pair]) -> None:
        self.on_the_way += len(pairs)
        self.moving += statement.gap_of(pairs)
        self.keeper.touch([pair.key for pair in pairs])

    def _write(self, pairs: Sequence[Pair]) -> None:
        self.differences += len(pairs)
        self.differing += statement.gap_of(pairs)
        self.keeper.keep(pairs)
