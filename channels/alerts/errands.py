"""Errands: claimed by one worker with one conditional update, settled once, taken up again when their worker died."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F

from channels.models import AlertMail, Delivery, ErrandState
from channels.models.errand import Errand
from portal.lib import clock

# Seconds to wait after the first, second … try; after the last one it has failed. About 28 hours together.
RETRY_AFTER = (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
MOST_TRIES = len(RETRY_AFTER) + 1
# A try takes half a minute at the most; what is sending for so long has lost its worker.
STALE_AFTER = timedelta(minutes=10)
LONGEST_WISH = timedelta(days=1)

E = TypeVar("E", bound=Errand)


def take(row: E) -> bool:
    """Claim a waiting errand; False when somebody else has it or it is not due any more."""
    stamp = clock.now()
    taken = type(row)._default_manager.filter(pk=row.pk, state=ErrandState.WAITING, not_before__lte=stamp)
    if not taken.update(state=ErrandState.SENDING, sending_since=stamp, attempts=F("attempts") + 1):
        return False
    row.state, row.sending_since, row.attempts = ErrandState.SENDING, stamp, row.attempts + 1
    return True


def arrived(row: Errand, *, answer: str = "") -> None:
    """It is there."""
    _settle(row, state=ErrandState.SENT, answer=answer, finished_at=clock.now())


def failed(row: Errand, *, answer: str) -> None:
    """They will not take it, or not in any time that makes sense."""
    _settle(row, state=ErrandState.FAILED, answer=answer, finished_at=clock.now())


def postpone(row: Errand, *, answer: str, until: datetime | None = None) -> bool:
    """Try again later, with jitter, or when they asked for (a day ahead at the most). Whether it waits: after the last try it has failed."""
    if row.attempts >= MOST_TRIES:
        failed(row, answer=answer)
        return False
    wanted = max(until or clock.now(), clock.after(back_off(row.attempts)))
    _settle(
        row,
        state=ErrandState.WAITING,
        answer=answer,
        not_before=min(wanted, clock.now() + LONGEST_WISH),
        finished_at=None,
    )
    return True


def back_off(attempts: int) -> float:
    """Seconds to wait after so many tries, a fifth more or less, so that receivers that were down are not met by everything at once."""
    wait = RETRY_AFTER[min(max(attempts, 1), len(RETRY_AFTER)) - 1]
    return wait * random.uniform(0.8, 1.2)  # noqa: S311 (jitter, not a secret)


def send_again(rows: Sequence[Errand]) -> int:
    """Settled errands wait once more, with all their tries; how many. Those on their way are left alone."""
    number = 0
    for model in {type(row) for row in rows}:
        settled = model._default_manager.filter(pk__in=[row.pk for row in rows if isinstance(row, model)])
        number += settled.filter(state__in=(ErrandState.SENT, ErrandState.FAILED)).update(**as_new())
    return number


def as_new() -> dict[str, object]:
    """The columns of an errand that begins anew."""
    return {"state": ErrandState.WAITING, "attempts": 0, "not_before": clock.now(), "finished_at": None}


def take_up_stale() -> int:
    """What a dead worker left in sending waits again; how many. A webhook's receiver knows it by its event id, should it have arrived."""
    before = clock.now() - STALE_AFTER
    return sum(
        model.objects.filter(state=ErrandState.SENDING, sending_since__lt=before).update(
            state=ErrandState.WAITING,
            sending_since=None,
            last_answer="The worker that sent this ended before the answer.",
        )
        for model in (AlertMail, Delivery)
    )


def _settle(row: Errand, *, state: str, answer: str, **facts: object) -> None:
    """Write the outcome if the errand is still ours."""
    mine = type(row)._default_manager.filter(pk=row.pk, state=ErrandState.SENDING, sending_since=row.sending_since)
    mine.update(state=state, last_answer=answer[:400], sending_since=None, **facts)
    row.state = state
