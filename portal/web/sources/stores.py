"""Connections on Home, the banners on every page and the number beside Problems."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.db.models import Count, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncHour

from channels.causes import Fix, cause_of
from channels.models import Health, Integration, Outbound, Problem, RunResult, SyncRun
from channels.models.outbox import LIVE_STATES
from channels.registry import CONNECTORS
from portal.companies.models import Company
from portal.companies.permissions import Can
from portal.companies.platforms import FILES, NONE
from portal.companies.scope import Scope
from portal.lib import clock
from portal.lib.prepared import Number, Prepared
from portal.ui import navigation, times, todo
from portal.web.sources.links import counted, sums, to

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Held(TypedDict):
    """``waiting``: how many changes a connection holds back."""

    waiting: int


NEEDS_PERSON = (Health.NEEDS_REAUTHORISATION, Health.MISCONFIGURED)
MOST_LANES = 6
MOST_CAUSES = 6
HOURS = 24

# Health → icon, tone, word.
_LOOKS: dict[str, tuple[str, str, str]] = {
    Health.CONNECTING: ("circle-dashed", "acc", "Connecting"),
    Health.HEALTHY: ("circle-check", "ok", "Healthy"),
    Health.WAITING: ("clock", "warn", "Waiting for store"),
    Health.NEEDS_REAUTHORISATION: ("triangle-alert", "bad", "Needs you"),
    Health.MISCONFIGURED: ("triangle-alert", "bad", "Needs you"),
}
_PAUSED = ("circle-pause", "idle", "Paused")


def register() -> None:
    """Called once when Django starts."""
    navigation.count("problems", open_causes)
    navigation.banner_source(broken_banners, any_broken)
    todo.todos.register(broken_todos)
    todo.todos.register(problem_todos)
    todo.lanes.register(lanes)
    todo.steps.register(connect_step)
    todo.figures.register(stock_age)


def open_causes(scope: Scope) -> Number:
    """The different causes that keep something stuck, to be counted."""
    return Number(_CAUSES, {"company": scope.company.pk, "now": clock.now()})


def any_broken(scope: Scope) -> Number | None:
    """Connections that wait for a person, one is enough, to be counted for those who can mend them."""
    return Number(_NEEDING, {"company": scope.company.pk}, 1) if scope.can(Can.INTEGRATIONS) else None


def broken_banners(scope: Scope) -> Iterable[navigation.Banner]:
    """One banner for each connection that waits for a person."""
    for row in broken(scope):
        address, action = _way_out(row)
        yield navigation.Banner(
            f"{row.health_reason} {_waiting(row)}".strip(), f"{row.name} needs you.", url=address, action=action
        )


def broken_todos(scope: Scope) -> Iterable[todo.Todo]:
    """The same connections at the head of the to-do list."""
    if not scope.can(Can.INTEGRATIONS):
        return
    for row in broken(scope):
        title, (address, action) = f"{row.name}: {row.health_reason}", _way_out(row)
        yield todo.Todo(title, _waiting(row), address, action, "bad", "triangle-alert", 10)


def _way_out(row: Integration) -> tuple[str, str]:
    """The page that mends the connection, and the button to it."""
    if cause_of(row.health_code).fix is Fix.SETTINGS:
        return to("integration-settings", row.pk), "Open settings"
    return to("integration-reauthorise", row.pk), "Reauthorise"


def problem_todos(scope: Scope) -> Iterable[todo.Todo]:
    """Open problems by cause, the most stuck first; those of a whole connection stand above already."""
    problems = Problem.objects.for_company(scope.company).awake()
    groups = problems.exclude(record_type="integration").order_by().values("cause_key", "code")
    found = groups.annotate(
        n=Count("pk"),
        worth=Sum("value"),
        money=Max("currency"),
        moneys=Count("currency", distinct=True),
        since=Min("first_seen_at"),
        said=Max("sentence"),
        newest=Max("pk"),
    )
    for group in found.order_by("-n", "cause_key")[:MOST_CAUSES]:
        title = group["said"] if group["n"] == 1 else f"{group['n']:,} × {cause_of(group['code']).title}"
        worth = sums([(group["money"], group["worth"])]) if group["moneys"] == 1 else ""
        parts = [worth, f"since {times.short(group['since'])}", cause_of(group["code"]).action]
        said = " · ".join(part for part in parts if part)
        yield todo.Todo(title, said, to("problem", group["newest"]), "Open", "warn", "circle-alert", 40)


def lanes(scope: Scope) -> Iterable[todo.Lane]:
    """The connections with their last 24 hours."""
    rows = list(_integrations(scope.company).order_by("name")[:MOST_LANES])
    hours = _hours(rows)
    for row in rows:
        icon, tone, word = _LOOKS.get(row.health, _PAUSED) if row.enabled else _PAUSED
        connector = CONNECTORS.get(row.kind)
        yield todo.Lane(
            row.name,
            connector.monogram if connector else row.kind[:2].upper(),
            _platform(row),
            to("integration", row.pk),
            icon,
            tone,
            word,
            f"tries again {times.short(row.retry_at)}" if row.health == Health.WAITING and row.retry_at else "",
            hours[row.pk],
        )


def connect_step(scope: Scope) -> Iterable[todo.Step]:
    """Connect your platform: done with the first connection that answered."""
    row = _integrations(scope.company).order_by("pk").first()
    read_back = ", ".join(part for part in (row.store_name, row.currency, row.time_zone) if part) if row else ""
    if row is None and scope.company.platform in (FILES, NONE):
        # Nothing to connect: goods come from files, orders are worked on in the portal.
        return
    yield todo.Step(
        10,
        "Connect your platform",
        f"{row.name}. Read back as {read_back}."
        if row
        else "Your store stays where it is; we read and write through it.",
        to("integration-gallery") if scope.can(Can.INTEGRATIONS) else "",
        "Connect a store",
        is_done=bool(row and row.health != Health.CONNECTING),
        estimate="about 3 min",
    )


def stock_age(scope: Scope) -> Iterable[todo.Figure]:
    """How old the oldest stock figures are; paused connections do not count."""
    rows = _integrations(scope.company).filter(enabled=True, supplies=True, last_stock_at__isnull=False)
    row = rows.order_by("last_stock_at").first()
    if row and row.last_stock_at:
        minutes = int((clock.now() - row.last_stock_at).total_seconds() // 60)
        value, unit = (f"{minutes}", "min") if minutes < 120 else (f"{minutes // 60:,}", "h")
        yield todo.Figure("Age of stock figures", value, unit, f"Oldest is {row.name}", url=to("integration", row.pk))


def broken(scope: Scope) -> list[WithAnnotations[Integration, Held]]:
    """Connections that wait for a person, with the changes that wait with them."""
    return _BROKEN.objects(company=scope.company.pk)


def _integrations(company: Company | int) -> QuerySet[Integration]:
    return Integration.objects.for_company(company).filter(removed_at=None)


def _needing(company: int) -> QuerySet[Integration]:
    return _integrations(company).filter(enabled=True, health__in=NEEDS_PERSON)


def _with_waiting(company: int) -> QuerySet[Integration]:
    stuck = Outbound.objects.filter(integration=OuterRef("pk"), state__in=LIVE_STATES).order_by()
    counted_ = stuck.values("integration").annotate(n=Count("pk")).values("n")
    return (
        _needing(company)
        .annotate(waiting=Coalesce(Subquery(counted_, output_field=IntegerField()), 0))
        .order_by("name")
    )


_BROKEN = Prepared(_with_waiting)
# Counted for every page.
_NEEDING = Prepared(lambda company: _needing(company).order_by().values_list("pk"))
_CAUSES = Prepared(
    lambda company, now: Problem.objects.for_company(company).awake(now).order_by().values_list("cause_key").distinct(),
    moments=("now",),
)


def _waiting(row: WithAnnotations[Integration, Held]) -> str:
    changes = counted(row.waiting, "change is", "changes are")
    return f"{changes} waiting; nothing is lost." if row.waiting else "Nothing is lost."


def _platform(row: Integration) -> str:
    connector = CONNECTORS.get(row.kind)
    last = max((at for at in (row.last_order_at, row.last_stock_at, row.first_products_at) if at), default=None)
    return f"{connector.label if connector else row.kind}{f' · {times.short(last)}' if last else ''}"


def _hours(rows: list[Integration]) -> dict[int, list[str]]:
    """One tick an hour, oldest first: broken when a run failed, low when one was odd, a dot when nothing ran."""
    start = clock.now() - timedelta(hours=HOURS - 1)
    runs = SyncRun.objects.filter(integration__in=rows, started_at__gte=_hour(start)).order_by()
    found = runs.values("integration_id", hour=TruncHour("started_at")).annotate(
        bad=Count("pk", filter=Q(result=RunResult.FAILED)),
        odd=Count("pk", filter=Q(result__in=(RunResult.PARTIAL, RunResult.EMPTY))),
    )
    seen = {(run["integration_id"], _hour(run["hour"])): _tone(run["bad"], run["odd"]) for run in found}
    wanted = [_hour(start) + timedelta(hours=i) for i in range(HOURS)]
    return {row.pk: [seen.get((row.pk, hour), "idle") for hour in wanted] for row in rows}


def _tone(bad: int, odd: int) -> str:
    return "bad" if bad else "warn" if odd else "ok"


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
