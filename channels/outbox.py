"""Outbound rows: written with the change that causes them, claimed by one worker, settled by one answer.

``enqueue`` folds later changes into the live row of a record. ``claim`` moves due rows to *sending*. Each outcome is one of
``confirm``, ``postpone``, ``unclear`` and ``refuse``; a row whose version grew while it was sent goes back to *waiting* when it is confirmed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from channels.models import Integration, Outbound, OutboundKind, OutboundState
from channels.models.outbox import LIVE_STATES
from portal.lib import clock

FIRST_WAIT = 5.0
LONGEST_WAIT = 3600.0
# Longer than a store may still be working on a request that we gave up on.
LOOK_UP_AFTER = 30.0
STALE_AFTER = 600.0
# However fast time passes in a drill, stores and workers need their time.
SHORTEST_LOOK_UP = 3.0
SHORTEST_STALE = 40.0


def enqueue(
    integration: Integration | int, kind: OutboundKind, record_ids: Iterable[int], *, order_key: str = ""
) -> None:
    """Say that these records must reach ``integration``. Call it in the transaction of the change; the worker is woken after the commit."""
    integration_id = integration if isinstance(integration, int) else integration.pk
    wanted = sorted(set(record_ids))
    if not wanted:
        return
    with transaction.atomic():
        live = Outbound.objects.filter(
            integration_id=integration_id, kind=kind, record_id__in=wanted, state__in=LIVE_STATES
        )
        # First the update: it locks the rows, so that none of those read next can be confirmed before this change is committed.
        live.update(version=F("version") + 1)
        there = set(live.values_list("record_id", flat=True))
        Outbound.objects.bulk_create(
            [
                Outbound(integration_id=integration_id, kind=kind, record_id=record_id, order_key=order_key)
                for record_id in wanted
                if record_id not in there
            ],
            ignore_conflicts=True,
            batch_size=500,
        )
        wake_later(integration_id, kind)


def wake_later(integration_id: int, kind: str) -> None:
    """Have the step that drains ``kind`` run as soon as this transaction is committed."""
    from channels.dispatch import wake

    transaction.on_commit(lambda: wake(integration_id, STEP_OF[kind]))


STEP_OF: dict[str, str] = {
    OutboundKind.CREATE_ORDER: "push_orders",
    OutboundKind.CREATE_SHIPMENT: "push_shipments",
    OutboundKind.PUBLISH: "push_listings",
    OutboundKind.STOCK: "push_stock",
    OutboundKind.PRICE: "push_prices",
}
KIND_OF = {step: kind for kind, step in STEP_OF.items()}


def due(integration_id: int, kind: str) -> Q:
    """Rows that may be sent now: due, and the oldest live one of their record."""
    return Q(integration_id=integration_id) & _due_now(kind)


def _due_now(kind: str) -> Q:
    return Q(kind=kind, state__in=(OutboundState.WAITING, OutboundState.UNKNOWN), not_before__lte=clock.now())


def has_due(integration_id: int, kind: str) -> bool:
    """Whether anything of this kind may be sent now: a wish without work needs no run."""
    return Outbound.objects.filter(due(integration_id, kind)).exists()


def integrations_with_due(integration_ids: Iterable[int], kind: str) -> set[int]:
    """Those of the integrations for which ``has_due`` holds."""
    rows = Outbound.objects.filter(_due_now(kind), integration_id__in=list(integration_ids))
    return set(rows.values_list("integration_id", flat=True).distinct())


def claim(integration_id: int, kind: str, *, most: int) -> list[Outbound]:
    """Take up to ``most`` due rows for sending, oldest first; at most one of each ``order_key``. Rows say in ``was_unknown`` whether a look-up comes first."""
    older = Outbound.objects.filter(
        integration_id=integration_id,
        kind=kind,
        order_key=OuterRef("order_key"),
        id__lt=OuterRef("id"),
        state__in=LIVE_STATES,
    )
    candidates = Outbound.objects.filter(due(integration_id, kind)).filter(Q(order_key="") | ~Exists(older))
    claimed = []
    for row in candidates.order_by("id")[:most]:
        row.was_unknown = row.state == OutboundState.UNKNOWN
        row.is_begun = False
        if _take(row):
            claimed.append(row)
    return claimed


def claim_many(integration_id: int, kind: str, *, most: int) -> list[Outbound]:
    """Take up to ``most`` due rows in two statements, for bulk kinds whose sending is absolute and needs no look-up (stock, prices)."""
    ids = list(Outbound.objects.filter(due(integration_id, kind)).order_by("id").values_list("id", flat=True)[:most])
    stamp = clock.now()
    Outbound.objects.filter(id__in=ids, state__in=(OutboundState.WAITING, OutboundState.UNKNOWN)).update(
        state=OutboundState.SENDING, sending_since=stamp, attempts=F("attempts") + 1, sent_version=F("version")
    )
    return list(Outbound.objects.filter(id__in=ids, state=OutboundState.SENDING, sending_since=stamp))


def begin(row: Outbound) -> bool:
    """Say that ``row`` is sent from now on; False when it was taken from us meanwhile, and then it must not be sent.

    A batch is claimed at once and sent one by one, so a claim may be old before its turn comes.
    """
    stamp = clock.now()
    if not _sending(row).update(sending_since=stamp):
        return False
    row.sending_since = stamp
    row.is_begun = True
    return True


def confirm(row: Outbound, *, answer: str = "") -> None:
    """It is there. If the record changed while it was sent, the row waits again."""
    done = (
        _sending(row)
        .filter(version=row.version)
        .update(state=OutboundState.CONFIRMED, finished_at=clock.now(), last_answer=answer[:400], code="")
    )
    if not done:
        _sending(row).update(state=OutboundState.WAITING, not_before=clock.now(), sending_since=None)


def confirm_many(rows: list[Outbound]) -> None:
    """Confirm rows whose version did not change meanwhile; the others wait again. Two statements."""
    ids = [row.pk for row in rows]
    mine = Outbound.objects.filter(pk__in=ids, state=OutboundState.SENDING)
    mine.filter(version=F("sent_version")).update(state=OutboundState.CONFIRMED, finished_at=clock.now(), code="")
    mine.update(state=OutboundState.WAITING, not_before=clock.now(), sending_since=None)


def postpone(
    row: Outbound, *, until: datetime | None = None, code: str = "", answer: str = "", count: bool = True
) -> None:
    """It surely did not happen: wait for ``until``, or with a growing back-off."""
    attempts = row.attempts if count else max(row.attempts - 1, 0)
    _sending(row).update(
        state=OutboundState.WAITING,
        not_before=until or clock.after(back_off(row.attempts)),
        sending_since=None,
        attempts=attempts,
        code=code,
        last_answer=answer[:400],
    )


def unclear(row: Outbound, *, code: str = "no_clear_answer", answer: str = "") -> None:
    """It may have happened: look our reference up before anything is sent again."""
    wait = LOOK_UP_AFTER if row.attempts <= 1 else back_off(row.attempts)
    _sending(row).update(
        state=OutboundState.UNKNOWN,
        not_before=clock.now() + timedelta(seconds=max(clock.scaled(wait), SHORTEST_LOOK_UP)),
        sending_since=None,
        code=code,
        last_answer=answer[:400],
    )


def refuse(row: Outbound, *, code: str, answer: str) -> None:
    """They will never take it as it is."""
    _sending(row).update(state=OutboundState.REFUSED, finished_at=clock.now(), code=code, last_answer=answer[:400])


def drop(row: Outbound, *, answer: str) -> None:
    """There is nothing to tell any more."""
    _sending(row).update(state=OutboundState.DROPPED, finished_at=clock.now(), last_answer=answer[:400])


def put_back(row: Outbound) -> None:
    """It was claimed and its turn never came: as it was before."""
    if row.was_unknown:
        _sending(row).update(state=OutboundState.UNKNOWN, sending_since=None, attempts=F("attempts") - 1)
    else:
        _sending(row).update(state=OutboundState.WAITING, sending_since=None, attempts=F("attempts") - 1)


def release_claims(rows: list[Outbound]) -> None:
    """Rows of absolute figures that an unexpected end left in *sending* wait again; settled ones stay as they are."""
    Outbound.objects.filter(pk__in=[row.pk for row in rows], state=OutboundState.SENDING).update(
        state=OutboundState.WAITING, not_before=clock.after(FIRST_WAIT), sending_since=None
    )


def retry(row: Outbound) -> Outbound:
    """Try a refused row again: a new live row for the same record, or the one that is live already."""
    enqueue(row.integration_id, OutboundKind(row.kind), [row.record_id], order_key=row.order_key)
    return Outbound.objects.filter(
        integration_id=row.integration_id, kind=row.kind, record_id=row.record_id, state__in=LIVE_STATES
    ).get()


def take_up_stale() -> int:
    """Rows that a dead worker left in *sending* become *unknown*, never *waiting*; how many."""
    return Outbound.objects.filter(
        state=OutboundState.SENDING,
        sending_since__lt=clock.now() - timedelta(seconds=max(clock.scaled(STALE_AFTER), SHORTEST_STALE)),
    ).update(
        state=OutboundState.UNKNOWN,
        not_before=clock.now(),
        sending_since=None,
        code="no_clear_answer",
        last_answer="The worker that sent this ended before the answer came.",
    )


def back_off(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling, with jitter, an hour at the most."""
    wait = min(FIRST_WAIT * 2 ** max(attempts - 1, 0), LONGEST_WAIT)
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 (jitter, not a secret)


def _sending(row: Outbound):
    return Outbound.objects.filter(pk=row.pk, state=OutboundState.SENDING, sending_since=row.sending_since)


def _take(row: Outbound) -> bool:
    stamp = clock.now()
    taken = Outbound.objects.filter(pk=row.pk, state=row.state, version=row.version).update(
        state=OutboundState.SENDING, sending_since=stamp, attempts=F("attempts") + 1, sent_version=F("version")
    )
    row.sending_since = stamp
    row.attempts += 1
    return bool(taken)
