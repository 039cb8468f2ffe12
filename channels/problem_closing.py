"""Putting problems away with a reason, and taking them up again."""

from __future__ import annotations

from django.db import transaction

from channels.causes import Fix, cause_of
from channels.models import Problem, ProblemState
from channels.problem_care import note_action
from portal.companies.scope import Scope
from portal.lib import clock
from portal.lib.errors import DomainError

# A broken connection cannot be put away: everything behind it waits.
_NOT_IGNORED = frozenset({Fix.REAUTHORISE, Fix.SETTINGS})


def may_ignore(problem: Problem) -> bool:
    """Whether this cause can be put away at all."""
    return cause_of(problem.code).fix not in _NOT_IGNORED


@transaction.atomic
def ignore(problem: Problem, *, reason: str, scope: Scope) -> int:
    """Ignore every open problem of the same company and cause; how many. Raises DomainError without a reason, or for a cause that cannot be ignored."""
    why = " ".join(reason.split())[:300]
    if not may_ignore(problem):
        raise DomainError("A connection that needs you cannot be ignored: pause it or mend it.")
    if len(why) < 3:
        raise DomainError(
            "Say in a few words why this can be ignored, so that others understand it later.", field="reason"
        )
    number = _same_cause(problem, ProblemState.OPEN).update(
        state=ProblemState.IGNORED,
        resolved_at=clock.now(),
        resolved_by=scope.user,
        resolution=why,
        snoozed_until=None,
    )
    note_action(problem, "problem.ignored", f"Ignored {number}: {problem.sentence}", scope, reason=why)
    return number


@transaction.atomic
def open_again(problem: Problem, *, scope: Scope) -> int:
    """Open every ignored problem of the same company and cause; how many. One that came back meanwhile stays as it is."""
    again = _same_cause(problem, ProblemState.IGNORED)
    open_now = set(_same_cause(problem, ProblemState.OPEN).values_list("record_type", "record_id"))
    ids = [row.pk for row in again if (row.record_type, row.record_id) not in open_now]
    number = Problem.objects.filter(pk__in=ids).update(
        state=ProblemState.OPEN, resolved_at=None, resolved_by=None, resolution=""
    )
    if number:
        note_action(problem, "problem.opened_again", f"Opened {number} again: {problem.sentence}", scope)
    return number


def _same_cause(problem: Problem, state: str):
    return Problem.objects.filter(
        company_id=problem.company_id, cause_key=problem.cause_key, code=problem.code, state=state
    )
