"""What people do with a cause before it is mended: put it off, give it to a colleague, say something about it.

All of it is about a cause (company, cause key, code), not about one record: six orders with one cause are one thing to somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from django.contrib.auth.backends import ModelBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from channels.models import Problem, ProblemComment
from portal.companies import audit
from portal.companies.models import Company, Membership, User
from portal.companies.models.audit import ActorKind
from portal.companies.permissions import Can, permissions_of
from portal.companies.scope import Scope
from portal.lib import clock
from portal.lib.errors import DomainError

LONGEST_SNOOZE = timedelta(days=30)
SHORTEST_SNOOZE = timedelta(minutes=1)
MORNING = time(9)
MOST_COMMENTS = 50
NO_COLLEAGUE = "Choose somebody of your company whose role may work on problems: owner, admin or operations."
NO_STAFF = "Choose somebody of Tradelane’s staff who may work on problems."


@dataclass(frozen=True, slots=True)
class Nap:
    """A choice in the snooze menu: ``key`` is sent, ``until`` (aware) is when the cause is back."""

    key: str
    label: str
    until: datetime


def naps() -> list[Nap]:
    """For how long a cause can be put off with one click; mornings are the viewer's (the active time zone)."""
    now = timezone.localtime(clock.now())
    return [
        Nap("hour", "For an hour", now + timedelta(hours=1)),
        Nap("tomorrow", "Until tomorrow, 09:00", _morning(now, 1)),
        Nap("monday", "Until Monday, 09:00", _morning(now, 7 - now.weekday())),
        Nap("week", "For a week", now + timedelta(days=7)),
    ]


def _morning(now: datetime, days: int) -> datetime:
    day = now.date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, MORNING), now.tzinfo)


def nap_until(key: str) -> datetime:
    """When a nap of the menu ends. Raises DomainError for one that is not in it."""
    found = {nap.key: nap.until for nap in naps()}
    if key not in found:
        raise DomainError("Choose for how long: an hour, until tomorrow, until Monday, or a week.", field="until")
    return found[key]


@transaction.atomic
def snooze(problem: Problem, *, until: datetime, scope: Scope) -> int:
    """Put the open problems of the same company and cause off until ``until`` (aware); how many. The cause is back earlier if it meets another record.

    Raises DomainError for a time that has passed or is more than thirty days ahead.
    """
    ahead = until - clock.now()
    if ahead < SHORTEST_SNOOZE:
        raise DomainError("That time has passed. Choose a later one.", field="until")
    if ahead > LONGEST_SNOOZE:
        raise DomainError(
            "A problem can be snoozed for 30 days at most. Ignore it if nobody has to act.", field="until"
        )
    number = same_cause(problem).update(snoozed_until=until)
    if number:
        said = timezone.localtime(until).strftime("%-d %b %Y %H:%M %Z")
        note_action(problem, "problem.snoozed", f"Snoozed {number} until {said}: {problem.sentence}", scope)
    return number


@transaction.atomic
def wake(problem: Problem, *, scope: Scope) -> int:
    """Bring what was put off back now; how many."""
    number = same_cause(problem).filter(snoozed_until__isnull=False).update(snoozed_until=None)
    if number:
        note_action(problem, "problem.woken", f"Brought {number} back: {problem.sentence}", scope)
    return number


@transaction.atomic
def assign(problem: Problem, *, to: User | None, scope: Scope) -> int:
    """Give the cause to a colleague, or to nobody; how many open problems that are. Staff give it to one of theirs; who of the company has it keeps it, and
    the other way round.

    Raises DomainError for somebody who may not work on problems here.
    """
    able = staff_people if scope.is_staff else partial(people_of, problem.company)
    if to is not None and to not in able():
        raise DomainError(NO_STAFF if scope.is_staff else NO_COLLEAGUE, field="person")
    number = same_cause(problem).update(**{"staff_assigned_to" if scope.is_staff else "assigned_to": to})
    nobody = "none of Tradelane’s staff" if scope.is_staff else "nobody"
    said = f"Gave {number} to {to or nobody}"
    note_action(problem, "problem.assigned", f"{said}: {problem.sentence}", scope)
    return number


def people_of(company: Company) -> list[User]:
    """Who of ``company`` may work on problems, by name. One query."""
    members = Membership.objects.filter(company=company, user__is_active=True).select_related("user")
    able = [one.user for one in members if Can.ORDERS.value in permissions_of(one.role)]
    return sorted(able, key=lambda user: str(user).lower())


def staff_people() -> list[User]:
    """Who of our staff may work on problems, by name. One query."""
    able = ModelBackend().with_perm("channels.change_problem").filter(is_staff=True)
    return sorted(able, key=lambda user: str(user).lower())


@transaction.atomic
def comment(problem: Problem, text: str, *, scope: Scope) -> ProblemComment:
    """Say something about the cause; everybody of the company reads it there. Raises DomainError for nothing said."""
    clean = text.strip()[:1000]
    if not clean:
        raise DomainError("Write what your colleagues should know.", field="text")
    note_action(problem, "problem.commented", f"Commented on: {problem.sentence}", scope)
    return ProblemComment.objects.create(
        company_id=problem.company_id,
        code=problem.code,
        cause_key=problem.cause_key,
        author=scope.user,
        author_name="Tradelane staff" if scope.is_staff else str(scope.user or scope.key or "")[:200],
        text=clean,
    )


def comments_on(problem: Problem) -> list[ProblemComment]:
    """What was said about the cause, the first first; the last fifty."""
    rows = ProblemComment.objects.filter(
        company_id=problem.company_id, code=problem.code, cause_key=problem.cause_key
    ).order_by("-pk")
    return list(rows[:MOST_COMMENTS])[::-1]


def join_cause(problem: Problem) -> None:
    """A record met a cause that others have met: it belongs to the same people, and if the cause was put off it is back, since it grew."""
    others = same_cause(problem).exclude(pk=problem.pk)
    known = others.order_by("-pk").values("assigned_to_id", "staff_assigned_to_id", "snoozed_until").first()
    if known is None:
        return
    if people := {name: known[name] for name in ("assigned_to_id", "staff_assigned_to_id") if known[name]}:
        Problem.objects.filter(pk=problem.pk).update(**people)
    if known["snoozed_until"]:
        others.update(snoozed_until=None)


def same_cause(problem: Problem) -> QuerySet[Problem]:
    """The open problems of the same company and cause, snoozed ones too."""
    return Problem.objects.open().filter(company_id=problem.company_id, cause_key=problem.cause_key, code=problem.code)


def note_action(problem: Problem, action: str, sentence: str, scope: Scope, *, reason: str = "") -> None:
    """Write into the audit log of the company who did it: a person, or a program with its key."""
    kind, name = (ActorKind.KEY, scope.key.name) if scope.key else (ActorKind.PERSON, "")
    if scope.is_staff:
        kind, name = ActorKind.STAFF, "Tradelane staff"
    audit.record(
        scope.company,
        action,
        target=problem,
        user=scope.user,
        actor_kind=kind,
        actor_name=name,
        sentence=sentence,
        reason=reason,
    )
