"""What staff can do with integrations, steps and what waits: tables of actions, each of which calls a service and is audited with its reason."""

from __future__ import annotations

from functools import partial

from channels import dispatch, health, inbox, outbox, services
from channels.models import (
    Health,
    Integration,
    Outbound,
    OutboundState,
    Problem,
    ProblemState,
    Receipt,
    ReceiptState,
    StepState,
)
from channels.problem_plan import plan_for
from channels.problem_retry import do, try_now
from channels.steps import STEPS
from portal.companies.models import Company, User
from portal.companies.staff_actions import StaffAction
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError


def _owner(row: StepState | Outbound | Receipt) -> Company:
    return row.integration.company


def ask_to_reauthorise(row: Integration, by: User) -> None:
    """Stop the integration until its owners gave a new key; they get a mail with the link. Raises Conflict when they were asked already."""
    if not row.is_live:
        raise Conflict(f"{row.name} is paused or removed, so nobody is asked.")
    if row.health == Health.NEEDS_REAUTHORISATION:
        raise Conflict(f"The owners of {row.name} were asked already.")
    health.mark_needs_person(
        row,
        Health.NEEDS_REAUTHORISATION,
        code="credentials_rejected",
        sentence=f"Please give {row.name} a new key: Tradelane asked for it.",
    )


def sync_now(row: Integration, by: User, *, step: str) -> None:
    """Queue one step. Raises DomainError with the reason when it may not run."""
    services.sync_now(row, step, by=by)


def run_step(row: StepState, by: User) -> None:
    """Queue this step."""
    services.sync_now(row.integration, row.step, by=by)


def free_lease(row: StepState, by: User) -> None:
    """Take the step from a worker that died. Raises Conflict while its lease is alive."""
    if row.lease_until and row.lease_until > clock.now():
        raise Conflict(f"{row} is held by {row.lease_owner} until {row.lease_until:%H:%M:%S}; wait until then.")
    StepState.objects.filter(pk=row.pk, lease_until=row.lease_until).update(
        lease_owner="", lease_until=None, queued_at=None, next_run_at=clock.now()
    )


def retry_outbound(row: Outbound, by: User) -> None:
    """A refused or dropped row gets a live one; a waiting one goes now. Raises DomainError for what is confirmed or being sent."""
    if row.state in {OutboundState.WAITING, OutboundState.UNKNOWN}:
        if not try_now([row]):
            raise DomainError(f"{row.integration} needs somebody or is paused, so nothing can be sent.")
    elif row.state in {OutboundState.REFUSED, OutboundState.DROPPED}:
        outbox.retry(row)
    else:
        raise Conflict(f"It is {row.get_state_display().lower()}: there is nothing to try again.")


def take_up_stale(row: Outbound, by: User) -> None:
    """A row that a dead worker left in *sending* becomes *unknown*. Raises Conflict for any other."""
    outbox.take_up_stale()
    row.refresh_from_db()
    if row.state != OutboundState.UNKNOWN:
        raise Conflict("It is not stale: only what has long been in sending is taken up.")
    outbox.wake_later(row.integration_id, row.kind)


def handle_receipt(row: Receipt, by: User) -> None:
    """Look at this webhook again: its record is fetched from the store."""
    if not row.integration.is_live:
        raise DomainError(f"{row.integration} is paused or removed; its webhooks are kept.")
    Receipt.objects.filter(pk=row.pk).update(state=ReceiptState.WAITING, attempts=0, handled_at=None)
    inbox.wake(row.integration_id)


def close_problem(row: Problem, by: User) -> None:
    """Close an open problem by hand. Raises Conflict for one that is closed."""
    facts = {"state": ProblemState.RESOLVED, "resolved_at": clock.now(), "resolved_by": by}
    closed = Problem.objects.filter(pk=row.pk, state=ProblemState.OPEN).update(
        **facts, resolution="Closed by Tradelane staff."
    )
    if not closed:
        raise Conflict("It is not open any more.")


def try_problem_again(row: Problem, by: User) -> None:
    """Send or read again what this problem keeps stuck. Raises Conflict for one that is closed, DomainError where trying again does nothing."""
    if row.state != ProblemState.OPEN:
        raise Conflict("It is not open any more.")
    (item,) = plan_for([row]).items
    if not item.does:
        raise DomainError(f"{item.words}: trying again does nothing.")
    do(item, by=by)


def wake_everything(row: Integration, by: User) -> None:
    """Queue every step of the integration. Raises DomainError when nothing may run."""
    if not row.is_live or row.needs_person:
        raise DomainError(f"{row.name} is paused, removed or needs its owner; nothing can run.")
    for step in StepState.objects.filter(integration=row).values_list("step", flat=True):
        dispatch.wake(row.pk, step, trigger="staff")


INTEGRATION_ACTIONS = (
    *(
        StaffAction(
            f"sync_{step.name}",
            f"Sync now: {step.label}",
            run=partial(sync_now, step=step.name),
            consequence=f"“{step.label}” of each is queued now; running it twice changes nothing.",
        )
        for step in STEPS.values()
    ),
    StaffAction(
        "sync_all", "Sync now: everything", run=wake_everything, consequence="Every step of each is queued now."
    ),
    StaffAction(
        "enable",
        "Enable",
        run=lambda row, by: services.enable(row, by=by, reason="Tradelane staff"),
        consequence="What waited is sent and pulled now, exactly once.",
    ),
    StaffAction(
        "disable",
        "Disable",
        run=lambda row, by: services.disable(row, by=by, reason="Tradelane staff"),
        consequence="Nothing is sent or pulled until it is enabled; webhooks are kept.",
    ),
    StaffAction(
        "reauthorise",
        "Ask to reauthorise",
        run=ask_to_reauthorise,
        consequence="It stops until its owners gave a new key. They get a mail with the link now.",
    ),
)
STEP_ACTIONS = (
    StaffAction("run_now", "Run now", run=run_step, company=_owner, consequence="Each step is queued now."),
    StaffAction(
        "free_lease",
        "Take over a stale lease",
        run=free_lease,
        company=_owner,
        consequence="Steps whose worker died are due at once. Those that a living worker holds are left alone.",
    ),
)
OUTBOUND_ACTIONS = (
    StaffAction(
        "retry",
        "Retry",
        run=retry_outbound,
        company=_owner,
        consequence="Refused ones are sent anew with today’s truth, waiting ones go now. What may be there is looked up first.",
    ),
    StaffAction(
        "take_up_stale",
        "Take up stale",
        run=take_up_stale,
        company=_owner,
        consequence="What a dead worker left in sending is looked up at the store before it is sent again.",
    ),
)
RECEIPT_ACTIONS = (
    StaffAction(
        "handle",
        "Handle again",
        run=handle_receipt,
        company=_owner,
        consequence="Each record is fetched from its store again; what did not change changes nothing.",
    ),
)
PROBLEM_ACTIONS = (
    StaffAction(
        "try_again",
        "Try again",
        run=try_problem_again,
        consequence="Each is sent or read again after its plan. What is there already is skipped.",
    ),
    StaffAction(
        "close",
        "Close",
        run=close_problem,
        consequence="They leave the company’s Problems page. They come back if the cause is seen again.",
    ),
)
