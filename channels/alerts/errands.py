"""Errands: claimed by one worker with one conditional update, settled once, taken up again when their worker died.

What its receiver knows by an id (a webhook) may simply be sent again. A mail may not: between the moment in which it is handed over and the answer it is
*unknown*. It is tried once more under the same id, and says so; if that too stays unknown, people see that nobody knows, and nothing goes out by itself.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from django.db.models import F, Q

from channels.models import AlertMail, Delivery, ErrandState
from channels.models.errand import Errand
from portal.lib import clock

# Seconds to wait after the first, second … try; after the last one it has failed. About 28 hours together.
RETRY_AFTER = (5, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
MOST_TRIES = len(RETRY_AFTER) + 1
# A try takes half a minute at the most; what is sending for so long has lost its worker.
STALE_AFTER = timedelta(minutes=10)
LONGEST_WISH = timedelta(days=1)
# So often a try of unknown outcome is repeated.
MOST_REPEATS = 1
ENDED = "The worker that sent this ended before the answer."

E = TypeVar("E", bound=Errand)


def take(row: E) -> bool:
    """Claim a waiting errand; False when somebody else has it or it is not due any more."""
    stamp = clock.now()
    taken = type(row)._default_manager.filter(pk=row.pk, state=ErrandState.WAITING, not_before__lte=stamp)
    if not taken.update(state=ErrandState.SENDING, sending_since=stamp, attempts=F("attempts") + 1):
        return False
    row.state, row.sending_since, row.attempts = ErrandState.SENDING, stamp, row.attempts + 1
    return True


def hand_over(row: Errand) -> bool:
    """Note that it leaves us now: from here on it may have arrived. False when it is not ours to send any more."""
    mine = type(row)._default_manager.filter(pk=row.pk, state=ErrandState.SENDING, sending_since=row.sending_since)
    if not mine.update(state=ErrandState.UNKNOWN, last_answer="Handed over; there is no answer yet."):
        return False
    row.state = ErrandState.UNKNOWN
    return True


def unclear(row: Errand, *, answer: str) -> bool:
    """Nobody knows whether it arrived. Whether it will be tried once more: under the same id, and saying that it may be the second."""
    goes_on = row.times_unknown < MOST_REPEATS
    facts: dict[str, object] = {"times_unknown": F("times_unknown") + 1}
    if goes_on:
        later = clock.after(back_off(row.attempts))
        _settle(row, state=ErrandState.WAITING, answer=answer, not_before=later, finished_at=None, **facts)
    else:
        _settle(row, state=ErrandState.UNKNOWN, answer=answer, finished_at=clock.now(), **facts)
    return goes_on


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
        is_over = Q(state__in=(ErrandState.SENT, ErrandState.FAILED)) | Q(state=ErrandState.UNKNOWN, sending_since=None)
        number += settled.filter(is_over).update(**as_new())
    return number


def as_new() -> dict[str, object]:
    """The columns of an errand that begins anew, because somebody wants it sent again."""
    return {
        "state": ErrandState.WAITING,
        "attempts": 0,
        "times_unknown": 0,
        "wishes": F("wishes") + 1,
        "not_before": clock.now(),
        "finished_at": None,
    }


def take_up_stale() -> int:
    """What a dead worker left waits again; how many. A webhook's receiver knows it by its event id, and a mail that was only claimed never left us.

    A mail that was handed over is unknown.
    """
    before = clock.now() - STALE_AFTER
    claimed = sum(
        model.objects.filter(state=ErrandState.SENDING, sending_since__lt=before).update(
            state=ErrandState.WAITING, sending_since=None, last_answer=ENDED
        )
        for model in (AlertMail, Delivery)
    )
    handed_over = AlertMail.objects.filter(state=ErrandState.UNKNOWN, sending_since__lt=before)
    return claimed + sum(unclear(row, answer=ENDED) for row in handed_over[:1000])


def _settle(row: Errand, *, state: str, answer: str, **facts: object) -> None:
    """Write the outcome if the errand is still ours."""
    held = (ErrandState.SENDING, ErrandState.UNKNOWN)
    mine = type(row)._default_manager.filter(pk=row.pk, state__in=held, sending_since=row.sending_since)
    mine.update(state=state, last_answer=answer[:400], sending_since=None, **facts)
    row.state = state
