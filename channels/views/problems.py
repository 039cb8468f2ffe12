"""Problems: what is stuck, grouped by cause, what is put off, and one cause with everything it keeps stuck."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from channels import problem_groups
from channels.models import Integration, Problem, ProblemState
from channels.views.problem_group import closed_context, group_context
from channels.views.problems_tabs import tabs
from portal.companies.guard import requires
from portal.companies.permissions import Can

WHO = (("you", "You"), ("partner", "A partner"), ("us", "We"), ("nobody", "Nobody"))


@requires(Can.VIEW)
def open_problems(request: HttpRequest) -> HttpResponse:
    """The causes that ask for something now, the last seen first."""
    return _groups(request, "open")


@requires(Can.VIEW)
def snoozed(request: HttpRequest) -> HttpResponse:
    """The causes that somebody put off, with the time at which they are back."""
    return _groups(request, "snoozed")


def _groups(request: HttpRequest, tab: str) -> HttpResponse:
    company, narrowed = request.scope.company, _narrowed(request)
    rows = problem_groups.open_problems(company, narrowed=narrowed, user=request.scope.user, snoozed=tab == "snoozed")
    context = {
        "page": problem_groups.read_groups(rows, company, before=request.GET.get("before", "")),
        "narrowed": narrowed,
        "kept": _kept(request),
        "tab": tab,
        "here": request.path,
        "chips": _chips(request, narrowed),
        "mine_url": _with(request, "mine", "" if narrowed.mine else "1"),
        "stuck": problem_groups.stuck_of(rows),
        "shown_tabs": tabs(request, tab),
        "help_slug": "problems",
        "is_later": "before" in request.GET,
    }
    template = "groups.html" if getattr(request, "htmx", None) and request.htmx.target == "groups" else "open.html"
    return render(request, f"channels/problems/{template}", context)


def _narrowed(request: HttpRequest) -> problem_groups.Narrowed:
    """What is asked for in the address; what cannot be read is not asked for."""
    asked, integration = request.GET, request.GET.get("integration", "")
    return problem_groups.Narrowed(
        text=asked.get("q", "").strip()[:80],
        mine=asked.get("mine") == "1" and request.scope.user is not None,
        integration=int(integration) if integration.isdecimal() and len(integration) < 18 else None,
        who=asked.get("who", "") if asked.get("who") in dict(WHO) else "",
    )


def _kept(request: HttpRequest) -> str:
    """The address's questions without the page."""
    asked = request.GET.copy()
    asked.pop("before", None)
    return asked.urlencode()


def _chips(request: HttpRequest, narrowed: problem_groups.Narrowed) -> list[dict[str, object]]:
    """The filters beside the search: key, label, what is chosen, options (value, label)."""
    stores = request.scope.rows(Integration).filter(removed_at=None).order_by("name")
    names = [(str(pk), name) for pk, name in stores.values_list("pk", "name")[:100]]
    return [
        _chip(request, "who", "Who acts", narrowed.who, list(WHO)),
        _chip(request, "integration", "Connection", str(narrowed.integration or ""), names),
    ]


def _chip(request: HttpRequest, key: str, label: str, chosen: str, options: list[tuple[str, str]]) -> dict[str, object]:
    said = dict(options).get(chosen, "")
    links = [(_with(request, key, value), words, value == chosen) for value, words in options]
    return {"label": label, "said": said, "options": links, "clear": _with(request, key, "")}


def _with(request: HttpRequest, key: str, value: str) -> str:
    asked = request.GET.copy()
    asked.pop("before", None)
    asked[key] = value
    if not value:
        del asked[key]
    return f"{request.path}?{asked.urlencode()}"


@requires(Can.VIEW)
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """One cause with everything it keeps stuck; inside the list it opens in place. One that is over tells how it ended."""
    found = of_scope(request, pk)
    if found.state != ProblemState.OPEN:
        return render(request, "channels/problems/closed.html", closed_context(found, scope=request.scope))
    inside = getattr(request, "htmx", None) and not request.htmx.boosted
    context = group_context(found, scope=request.scope, before=request.GET.get("before", ""), find=_find(request))
    return render(request, f"channels/problems/{'inside' if inside else 'group'}.html", context)


def _find(request: HttpRequest) -> str:
    return request.GET.get("find", "").strip()[:80]


def of_scope(request: HttpRequest, pk: int) -> Problem:
    """The problem ``pk`` of the company of this request; 404 otherwise."""
    rows: QuerySet[Problem] = request.scope.rows(Problem)
    return get_object_or_404(
        rows.select_related("company", "integration", "outbound", "assigned_to", "staff_assigned_to", "resolved_by"),
        pk=pk,
    )
