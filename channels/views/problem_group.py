"""One cause as a page shows it: to its company with everything that can be done, to staff without buttons. The same facts for both."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from channels import problem_care, problem_closing, problem_fixes, problem_groups, problem_plan, replays
from channels.causes import cause_of
from channels.models import Problem
from channels.problem_fixes import Here
from channels.problem_links import fix_for, urls_of
from portal.companies.permissions import Can
from portal.companies.scope import Scope

ITEMS = 50


def group_context(found: Problem, *, scope: Scope, before: str = "", find: str = "") -> dict[str, Any]:
    """What ``channels/problems/inside.html`` shows of the cause of ``found``. ``scope`` is who looks; ``before`` pages the records."""
    members = problem_groups.members_of(found)
    shown = _page(members, before)
    verdicts = {item.problem.pk: item for item in problem_plan.plan_for(shown[:ITEMS]).items}
    addresses = urls_of(shown, scope)
    return {
        "group": problem_groups.group_of(found, scope.company),
        "plan": problem_plan.plan_for(list(members[: problem_plan.MOST])),
        "items": [(row, verdicts[row.pk], addresses.get(row.pk, "")) for row in shown[:ITEMS]],
        "older": shown[ITEMS - 1].pk if len(shown) > ITEMS else None,
        "fix": fix_for(found, scope, urls_of([found], scope).get(found.pk, "")),
        "may": scope.can(Can.ORDERS),
        "may_ignore": problem_closing.may_ignore(found),
        "asks": found.code == "mass_change" and found.integration_id,
        "people": problem_care.people_of(scope.company) if scope.can(Can.ORDERS) else [],
        "naps": problem_care.naps(),
        "comments": problem_care.comments_on(found),
        "find": find,
        **(_fixes(found, scope, find) if scope.can(Can.ORDERS) else {}),
        "help_slug": "problems",
    }


def _fixes(found: Problem, scope: Scope, find: str) -> dict[str, Any]:
    """What can be mended here, and what is asked for it."""
    ways = problem_fixes.ways_for(found)
    return {
        "ways": ways,
        "has_fix_here": bool(ways),
        "questions": problem_fixes.questions_for(found, find=find) if Here.MATCH in ways else [],
        "address_form": problem_fixes.address_form(found, scope) if Here.ADDRESS in ways else None,
    }


def closed_context(found: Problem, *, scope: Scope) -> dict[str, Any]:
    """What ``channels/problems/closed.html`` shows of a problem that is over: how it ended, and every attempt."""
    return {
        "problem": found,
        "cause": cause_of(found.code),
        "url": urls_of([found], scope).get(found.pk, ""),
        "attempts": replays.attempts_of(found),
        "comments": problem_care.comments_on(found),
        "may": scope.can(Can.ORDERS),
        "help_slug": "problems",
    }


def _page(members: QuerySet[Problem], before: str) -> list[Problem]:
    rows = members.order_by("-pk")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    return list(rows[: ITEMS + 1])
