"""The rows of differences: the same one tomorrow stays the same row, one that vanished is closed, one that was chosen and still differs is opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from channels.models.reconcile import Difference, DifferenceState, Reconciliation
from channels.reconcile.entries import Pair, in_parts
from portal.lib import clock

_CHANGED = (
    *(
        "seen_in",
        "kind",
        "name",
        "ours",
        "theirs",
        "value",
        "their_amount",
        "currency",
        "remote_id",
        "record_type",
        "record_id",
    ),
    *("last_seen_at", "state", "is_noted"),
)
BATCH = 500


@dataclass
class Keeper:
    """Writes what one reconciliation found of one book."""

    reconciliation: Reconciliation
    book: str

    def keep(self, pairs: Sequence[Pair]) -> None:
        """Write disagreements, each as its one row."""
        for part in in_parts(pairs, BATCH):
            with transaction.atomic():
                self._keep({pair.key: pair for pair in part})

    def touch(self, keys: Sequence[str]) -> None:
        """Known differences whose record is on the way stay what they are."""
        for part in in_parts(keys, BATCH):
            self._live().filter(key__in=list(part)).update(seen_in=self.reconciliation)

    def close_gone(self) -> int:
        """Close what this reconciliation did not find any more; how many. Only where the whole book was read."""
        gone = self._live().exclude(seen_in=self.reconciliation)
        return gone.update(state=DifferenceState.GONE, gone_at=clock.now())

    def _live(self):
        rows = Difference.objects.filter(integration=self.reconciliation.integration, book=self.book)
        return rows.exclude(state=DifferenceState.GONE)

    def _keep(self, pairs: dict[str, Pair]) -> None:
        known = {row.key: row for row in self._live().select_for_update().filter(key__in=list(pairs))}
        for key, row in known.items():
            self._follow(row, pairs[key])
        Difference.objects.bulk_update(known.values(), _CHANGED, batch_size=BATCH)
        fresh = [self._row(pair) for key, pair in pairs.items() if key not in known]
        Difference.objects.bulk_create(fresh, batch_size=BATCH)

    def _row(self, pair: Pair) -> Difference:
        return Difference(
            integration=self.reconciliation.integration,
            book=self.book,
            key=pair.key,
            seen_in=self.reconciliation,
            **_facts(pair),
        )

    def _follow(self, row: Difference, pair: Pair) -> None:
        facts = _facts(pair)
        is_same = (row.kind, row.ours, row.theirs) == (facts["kind"], facts["ours"], facts["theirs"])
        for name, value in facts.items():
            setattr(row, name, value)
        row.seen_in, row.last_seen_at = self.reconciliation, clock.now()
        if row.state == DifferenceState.CHOSEN and not (row.is_noted and is_same):
            # What was chosen did not mend it, or something else is the matter now.
            row.state, row.is_noted = DifferenceState.OPEN, False


def _facts(pair: Pair) -> dict[str, object]:
    record_type, record_id = pair.record or ("", None)
    return {
        "kind": pair.kind,
        "name": pair.name[:255],
        "ours": (pair.ours.words if pair.ours else "")[:200],
        "theirs": (pair.theirs.words if pair.theirs else "")[:200],
        "value": pair.value,
        "their_amount": pair.theirs.amount if pair.theirs else None,
        "currency": pair.currency,
        "remote_id": pair.remote_id[:80],
        "record_type": record_type,
        "record_id": record_id,
    }
