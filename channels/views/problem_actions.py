"""What the buttons of a cause do. Each is one service, said in a sentence, with an undo where one expects it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from channels import problem_care, problem_closing, problem_fixes, problem_retry, replays
from channels.causes import Fix, cause_of
from channels.models import Problem, ProblemState, ReplayState
from channels.views.problems import of_scope
from portal.companies.guard import GuardedView, marked, requires
from portal.companies.models import User
from portal.companies.permissions import Can
from portal.lib.errors import DomainError
from portal.ui import times

Action = Callable[..., HttpResponse]


def problem_action(permission: Can) -> Callable[[Action], GuardedView]:
    """A button of a cause: POST only, for roles that may, within the scope; a DomainError is a sentence over the cause's page."""

    def make(action: Action) -> GuardedView:
        @require_POST
        @requires(permission)
        @wraps(action)
        def view(request: HttpRequest, pk: int, **more: str) -> HttpResponse:
            found = of_scope(request, pk)
            try:
                return action(request, found, **more)
            except DomainError as error:
                messages.error(request, error.sentence)
                return redirect("problem", pk=pk)

        return marked(view, permission)

    return make


def _said(request: HttpRequest, sentence: str, *, undo: str = "", pk: int = 0) -> None:
    messages.success(request, sentence, extra_tags=f"undo:{reverse(undo, args=[pk])}" if undo else "")


@problem_action(Can.ORDERS)
def try_again(request: HttpRequest, found: Problem) -> HttpResponse:
    """Do what the plan said: for the whole group, or for the one row whose button was pressed. Many are done while one watches."""
    chosen = request.POST.get("row", "")
    only = int(chosen) if chosen.isdecimal() and len(chosen) < 18 else None
    replay = replays.begin(found, scope=request.scope, only=only)
    if replay.state == ReplayState.RUNNING:
        return redirect("problem-replay", pk=replay.pk)
    _said(request, replays.report_on(replay).sentence)
    found.refresh_from_db(fields=["state"])
    is_among_others = only is not None and found.state == ProblemState.OPEN
    return redirect("problem", pk=found.pk) if is_among_others else redirect("problems")


@problem_action(Can.ORDERS)
def ignore(request: HttpRequest, found: Problem) -> HttpResponse:
    """Put the group away, with a reason."""
    number = problem_closing.ignore(found, reason=request.POST.get("reason", ""), scope=request.scope)
    words = "It is" if number == 1 else f"{number:,} are"
    _said(request, f"{words} under Ignored now, with your reason.", undo="problem-open-again", pk=found.pk)
    return redirect("problems")


@problem_action(Can.ORDERS)
def open_again(request: HttpRequest, found: Problem) -> HttpResponse:
    """Take an ignored cause up again."""
    number = problem_closing.open_again(found, scope=request.scope)
    _said(request, "It is open again." if number == 1 else f"{number:,} are open again.")
    return redirect("problems")


@problem_action(Can.INTEGRATIONS)
def confirm(request: HttpRequest, found: Problem) -> HttpResponse:
    """A person says that an unusual change is right."""
    if cause_of(found.code).fix == Fix.CONFIRM and found.state == ProblemState.OPEN and found.integration_id:
        number = problem_retry.confirm_mass_change(found, scope=request.scope)
        _said(request, f"We read the store once more and hide the {number:,} products that are gone.")
    return redirect("problems")


@problem_action(Can.ORDERS)
def mend(request: HttpRequest, found: Problem, *, way: str) -> HttpResponse:
    """Do what a person decided, for every record of the cause."""
    _said(request, problem_fixes.mend(found, way, request.POST.dict(), scope=request.scope))
    return redirect("problems")


@problem_action(Can.ORDERS)
def snooze(request: HttpRequest, found: Problem) -> HttpResponse:
    """Put the cause off for a while."""
    until = problem_care.nap_until(request.POST.get("until", ""))
    problem_care.snooze(found, until=until, scope=request.scope)
    sentence = f"Snoozed until {times.exact(until)}. It is back earlier if it meets something else."
    _said(request, sentence, undo="problem-wake", pk=found.pk)
    return redirect("problems")


@problem_action(Can.ORDERS)
def wake(request: HttpRequest, found: Problem) -> HttpResponse:
    """Bring a snoozed cause back now."""
    problem_care.wake(found, scope=request.scope)
    _said(request, "It is back under Open.")
    return redirect("problems")


@problem_action(Can.ORDERS)
def assign(request: HttpRequest, found: Problem) -> HttpResponse:
    """Give the cause to a colleague, to oneself, or to nobody."""
    person = _person(request.POST.get("person", ""), found)
    problem_care.assign(found, to=person, scope=request.scope)
    _said(request, f"It is with {person} now." if person else _left_to(found.staff_name))
    return redirect("problem", pk=found.pk)


def _left_to(staff: str) -> str:
    return f"None of you has it now. It is still with {staff}." if staff else "It is nobody’s now."


def _person(text: str, found: Problem) -> User | None:
    """The colleague chosen; None for "nobody". Raises DomainError for anybody else."""
    if not text:
        return None
    chosen = [user for user in problem_care.people_of(found.company) if str(user.pk) == text]
    if not chosen:
        raise DomainError("This person does not work on problems here any more. Choose another one.", field="person")
    return chosen[0]


@problem_action(Can.ORDERS)
def comment(request: HttpRequest, found: Problem) -> HttpResponse:
    """Say something that colleagues read there."""
    problem_care.comment(found, request.POST.get("text", ""), scope=request.scope)
    _said(request, "Your colleagues can read it here.")
    return redirect("problem", pk=found.pk)
