"""What staff do with a whole cause of one company: what its people can do on its page, with a reason, in its activity."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from channels import problem_care, problem_closing, replays
from channels.models import Problem, ProblemState
from portal.companies.models import User
from portal.companies.permissions import Can
from portal.companies.scope import Scope
from portal.companies.staff_actions import StaffAction
from portal.lib import clock
from portal.lib.errors import Conflict

# To so many of the staff a cause can be given from the list.
MOST_STAFF = 100
# How the names of these actions begin.
GIVE = "give_cause"


def scope_of(row: Problem, by: User) -> Scope:
    """Staff at work on the problems of the company of ``row``."""
    allowed = frozenset({Can.VIEW.value, Can.ORDERS.value, Can.INTEGRATIONS.value})
    return Scope(company=row.company, user=by, allowed=allowed, is_staff=True)


def _refuse_over(row: Problem) -> None:
    if row.state != ProblemState.OPEN:
        raise Conflict("It is not open any more.")


def try_cause(row: Problem, by: User) -> None:
    """Try everything that the cause keeps stuck again. Raises Conflict for what is over."""
    _refuse_over(row)
    replays.begin(row, scope=scope_of(row, by))


def snooze_cause(row: Problem, by: User, *, days: int) -> None:
    """Put the cause off. Raises Conflict for what is over."""
    _refuse_over(row)
    problem_care.snooze(row, until=clock.now() + timedelta(days=days), scope=scope_of(row, by))


def wake_cause(row: Problem, by: User) -> None:
    """Bring the cause back. Raises Conflict where it is not snoozed."""
    if not problem_care.wake(row, scope=scope_of(row, by)):
        raise Conflict("It is not snoozed.")


def ignore_cause(row: Problem, by: User, reason: str) -> None:
    """Put the cause away with the reason. Raises Conflict for what is over, DomainError for what cannot be ignored."""
    _refuse_over(row)
    problem_closing.ignore(row, reason=reason, scope=scope_of(row, by))


def open_cause_again(row: Problem, by: User) -> None:
    """Take an ignored cause up again. Raises Conflict where nothing of it is ignored."""
    if not problem_closing.open_again(row, scope=scope_of(row, by)):
        raise Conflict("Nothing of it is ignored.")


def give_cause(row: Problem, by: User, *, to: User | None) -> None:
    """Give the cause to one of the staff, or to none of them; who of the company has it keeps it.

    Raises Conflict for what is over, DomainError for somebody who may not work on problems.
    """
    _refuse_over(row)
    problem_care.assign(row, to=to, scope=scope_of(row, by))


def comment_cause(row: Problem, by: User, reason: str) -> None:
    """Say the reason where the company's people read it."""
    problem_care.comment(row, reason, scope=scope_of(row, by))


CARE_ACTIONS = (
    StaffAction(
        "try_cause",
        "Whole cause: try again",
        run=try_cause,
        consequence="Everything that these causes keep stuck is tried after its plan. What is there already is skipped.",
    ),
    *(
        StaffAction(
            f"snooze_cause_{days}",
            f"Whole cause: snooze for {words}",
            run=partial(snooze_cause, days=days),
            consequence="They leave the companies’ open problems and alert nobody until then, or until they meet another record.",
        )
        for days, words in ((1, "a day"), (7, "a week"))
    ),
    StaffAction(
        "wake_cause", "Whole cause: bring back", run=wake_cause, consequence="What was snoozed is open again now."
    ),
    StaffAction(
        "ignore_cause",
        "Whole cause: ignore",
        run=ignore_cause,
        takes_reason=True,
        consequence="They move to Ignored with your reason. The same causes do not come back for these records.",
    ),
    StaffAction(
        "open_cause_again",
        "Whole cause: open again",
        run=open_cause_again,
        consequence="What was ignored is open again.",
    ),
    StaffAction(
        "comment_cause",
        "Whole cause: comment",
        run=comment_cause,
        takes_reason=True,
        consequence="Your reason stands as a comment on each cause, for the company’s people to read.",
    ),
)


def give_actions(by: User) -> list[StaffAction]:
    """One action for each of the staff to whom a cause can be given, oneself first, and one that gives it to nobody. One query."""
    people = sorted(problem_care.staff_people(), key=lambda person: person != by)
    return [
        *(_give(person, f"{person}{' (you)' if person == by else ''}") for person in people[:MOST_STAFF]),
        GIVE_BACK,
    ]


def _give(person: User, name: str) -> StaffAction:
    return StaffAction(
        f"{GIVE}_{person.pk}",
        f"Whole cause: give to {name}",
        run=partial(give_cause, to=person),
        consequence=f"They are with {person} from now on, and so are records that meet the same causes later. The company sees the name beside them; a "
        "colleague of theirs who has one keeps it.",
    )


GIVE_BACK = StaffAction(
    f"{GIVE}_back",
    "Whole cause: give to nobody",
    run=partial(give_cause, to=None),
    consequence="None of us has them any more. Who of the company has one keeps it.",
)
