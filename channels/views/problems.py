"""Problems: what is stuck, grouped by cause, with the fix in place, trying again behind a plan, and ignoring with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from channels import problem_closing, problem_groups, problem_retry
from channels.causes import Fix, cause_of
from channels.models import Problem, ProblemState
from channels.problem_links import fix_for, urls_of
from channels.views.problems_tabs import tabs
from portal.companies.guard import requires
from portal.companies.permissions import Can
from portal.lib.errors import DomainError

ITEMS = 50


@requires(Can.VIEW)
def open_problems(request: HttpRequest) -> HttpResponse:
    """The groups, the last seen first."""
    company, text = request.scope.company, request.GET.get("q", "").strip()[:80]
    rows = problem_groups.open_problems(company, text=text)
    page = problem_groups.read_groups(rows, company, before=request.GET.get("before", ""))
    context = {
        "page": page,
        "q": text,
        "stuck": problem_groups.stuck_of(rows),
        "shown_tabs": tabs(request, "open"),
        "help_slug": "problems",
        "is_later": "before" in request.GET,
    }
    template = "groups.html" if getattr(request, "htmx", None) and request.htmx.target == "groups" else "open.html"
    return render(request, f"channels/problems/{template}", context)


@requires(Can.VIEW)
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """One cause with everything it keeps stuck; inside the list it opens in place."""
    found = _of(request, pk)
    if found.state != ProblemState.OPEN:
        return redirect(f"problems-{found.state}")
    inside = getattr(request, "htmx", None) and not request.htmx.boosted
    return render(request, f"channels/problems/{'inside' if inside else 'group'}.html", _group_context(request, found))


def _group_context(request: HttpRequest, found: Problem) -> dict[str, Any]:
    members = problem_groups.members_of(found)
    plan = problem_retry.plan_for(list(members[: problem_retry.MOST]))
    shown = _page(members, request.GET.get("before", ""))
    verdicts = {item.problem.pk: item for item in problem_retry.plan_for(shown[:ITEMS]).items}
    addresses = urls_of(shown, request.scope)
    return {
        "group": problem_groups.group_of(found, request.scope.company),
        "plan": plan,
        "items": [(row, verdicts[row.pk], addresses.get(row.pk, "")) for row in shown[:ITEMS]],
        "older": shown[ITEMS - 1].pk if len(shown) > ITEMS else None,
        "fix": fix_for(found, request.scope, urls_of([found], request.scope).get(found.pk, "")),
        "may": request.scope.can(Can.ORDERS),
        "may_ignore": problem_closing.may_ignore(found),
        "asks": found.code == "mass_change" and found.integration_id,
    }


def _page(members: QuerySet[Problem], before: str) -> list[Problem]:
    rows = members.order_by("-pk")
    if before.isdigit():
        rows = rows.filter(pk__lt=int(before))
    return list(rows[: ITEMS + 1])


@require_POST
@requires(Can.ORDERS)
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the plan said: for the whole group, or for the one row whose button was pressed."""
    members = problem_groups.members_of(_of(request, pk))
    chosen = request.POST.get("row", "")
    if chosen.isdigit():
        members = members.filter(pk=int(chosen))
    plan = problem_retry.plan_for(list(members[: problem_retry.MOST]))
    messages.success(request, problem_retry.replay(plan, scope=request.scope).sentence)
    return redirect("problems")


@require_POST
@requires(Can.ORDERS)
def ignore(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the group away, with a reason."""
    found = _of(request, pk)
    try:
        number = problem_closing.ignore(found, reason=request.POST.get("reason", ""), scope=request.scope)
    except DomainError as error:
        messages.error(request, error.sentence)
        return redirect("problem", pk=pk)
    words = "It is" if number == 1 else f"{number:,} are"
    undo = f"undo:{reverse('problem-open-again', args=[pk])}"
    messages.success(request, f"{words} under Ignored now, with your reason.", extra_tags=undo)
    return redirect("problems")


@require_POST
@requires(Can.ORDERS)
def open_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an ignored cause up again."""
    number = problem_closing.open_again(_of(request, pk), scope=request.scope)
    messages.success(request, "It is open again." if number == 1 else f"{number:,} are open again.")
    return redirect("problems")


@require_POST
@requires(Can.INTEGRATIONS)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A person says that an unusual change is right."""
    found = get_object_or_404(request.scope.rows(Problem), pk=pk)
    if cause_of(found.code).fix == Fix.CONFIRM and found.state == ProblemState.OPEN and found.integration_id:
        number = problem_retry.confirm_mass_change(found, scope=request.scope)
        messages.success(request, f"We read the store once more and hide the {number:,} products that are gone.")
    return redirect("problems")


def _of(request: HttpRequest, pk: int) -> Problem:
    return get_object_or_404(request.scope.rows(Problem).select_related("integration", "outbound"), pk=pk)
