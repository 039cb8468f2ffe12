"""The loop that every push step shares: claim a row, send today's truth, settle it by what came back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from channels import outbox
from channels.dispatch import go_on
from channels.errors import (
    ChannelError,
    Misconfigured,
    NeedsReauthorisation,
    RateLimited,
    Rejected,
    Unavailable,
    UnclearOutcome,
    UnexpectedPayload,
)
from channels.models import Outbound
from channels.problems import raise_problem, resolve
from channels.sync.context import StepContext

BATCH = 20
MOST_ATTEMPTS = 20
MOST_UNCLEAR = 5


class Nothing(Exception):
    """There is nothing to tell (any more); the sentence says why."""


@dataclass(frozen=True, slots=True)
class Send:
    """How one kind is sent. ``send(context, row)`` does it, looking our reference up first where ``row.was_unknown``; it returns the answer in words.

    ``owner(row)`` is (company id, record, name) for a Problem; ``refused(row, error)`` tells the orders app.
    """

    kind: str
    send: Callable[[StepContext, Outbound], str]
    owner: Callable[[StepContext, Outbound], tuple[int, Model, str]]
    refused: Callable[[Outbound, ChannelError], None] | None = None
    unclear: Callable[[Outbound], None] | None = None


def drain(context: StepContext, how: Send) -> None:
    """Send every due row of one kind. Raises what stops the whole integration (credentials, permission, limits, outage)."""
    while rows := outbox.claim(context.integration.pk, how.kind, most=BATCH):
        unsettled = list(rows)
        try:
            while unsettled:
                context.beat()
                if context.time_is_up:
                    _leave_to_next_run(context, unsettled)
                    return
                if outbox.begin(unsettled[0]):
                    _settle(context, how, unsettled[0])
                unsettled.pop(0)
                _stop_without_answers(context)
        finally:
            _put_back(unsettled)


def _stop_without_answers(context: StepContext) -> None:
    """A store that leaves so many writes of one run without a clear answer is not well: no more is tried before the waiting time is over."""
    if context.counts.get("unclear", 0) >= MOST_UNCLEAR:
        raise Unavailable("The store leaves what we send without a clear answer.", code="no_clear_answer")


def _leave_to_next_run(context: StepContext, rows: list[Outbound]) -> None:
    """A job may not last for ever: what is left goes back untouched, and the next run follows at once."""
    while rows:
        outbox.put_back(rows.pop(0))
    go_on(context.integration.pk, context.run.step)


def _put_back(rows: list[Outbound]) -> None:
    """What a run that ended early had claimed: the row it stood at may have been sent, the others surely were not.

    A row that was settled already is no longer in *sending* and stays as it is.
    """
    for position, row in enumerate(rows):
        if position == 0 and not row.is_begun:
            outbox.put_back(row)
        elif position == 0 and row.attempts >= MOST_ATTEMPTS:
            outbox.refuse(row, code="our_mistake", answer="Something went wrong on our side, again and again.")
        elif position == 0:
            outbox.unclear(row)
        else:
            outbox.put_back(row)


def _settle(context: StepContext, how: Send, row: Outbound) -> None:
    context.count("read")
    try:
        answer = how.send(context, row)
    except Nothing as nothing:
        outbox.drop(row, answer=str(nothing))
        context.count("dropped")
    except (NeedsReauthorisation, Misconfigured, RateLimited) as error:
        _give_back(row, error)
        raise
    except (UnclearOutcome, UnexpectedPayload) as error:
        outbox.unclear(row, answer=error.message)
        context.count("unclear")
        if how.unclear:
            how.unclear(row)
    except Unavailable as error:
        _give_back(row, error)
        raise
    except Rejected as error:
        _refuse(context, how, row, error)
    else:
        outbox.confirm(row, answer=answer)
        context.count("sent")
        _, record, _ = how.owner(context, row)
        resolve(
            outbound__kind=row.kind,
            record_type=type(record).__name__.lower(),
            record_id=record.pk,
            resolution="It went through.",
        )


def _give_back(row: Outbound, error: ChannelError) -> None:
    """The row surely was not taken; a look-up that could not be made stays a look-up."""
    if row.was_unknown:
        outbox.unclear(row, code=error.code, answer=error.message)
    else:
        outbox.postpone(row, until=getattr(error, "retry_at", None), code=error.code, answer=error.message)


def _refuse(context: StepContext, how: Send, row: Outbound, error: Rejected) -> None:
    company_id, record, name = how.owner(context, row)
    outbox.refuse(row, code=error.code, answer=error.message)
    context.count("refused")
    raise_problem(
        company_id,
        error.code,
        f"{name}: {error.message}",
        integration=context.integration,
        record=record,
        record_name=name,
        cause_key=f"{error.code}:{context.integration.pk}:{error.field or error.message}"[:160],
        detail=error.detail,
        outbound=row,
    )
    if how.refused:
        how.refused(row, error)
