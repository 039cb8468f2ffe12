"""What is stuck at all companies, for staff: narrowed by cause, owner, age and words, each cause counted over its companies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.db.models import Count, Min, Q, QuerySet

from channels.causes import CAUSES, Cause, Owner, cause_of
from channels.models import Problem
from channels.problem_groups import OWNERS
from portal.lib import clock

AGES = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
AGE_WORDS = {"hour": "Over an hour", "day": "Over a day", "week": "Over a week"}
TABS = ("open", "snoozed")
WITH = {"me": "With me", "staff": "With staff", "nobody": "With nobody"}
# The causes that the head of the page counts.
MOST_CAUSES = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What staff look for. What cannot be read is not asked for. ``code`` is one cause, ``owner`` an ``Owner``, ``age`` a row of ``AGES``, ``with_`` who
    has it: "me" (``by``, the id of who asks), "staff" or "nobody"."""

    text: str = ""
    code: str = ""
    owner: str = ""
    age: str = ""
    tab: str = "open"
    with_: str = ""
    by: int | None = None

    @classmethod
    def of(cls, said: Mapping[str, str], *, by: int | None = None) -> Self:
        """From an address."""
        owner, age, tab = said.get("owner", ""), said.get("age", ""), said.get("tab", "")
        return cls(
            text=said.get("q", "").strip()[:80],
            code=said.get("cause", "")[:40],
            owner=owner if owner in set(Owner) else "",
            age=age if age in AGES else "",
            tab=tab if tab in TABS else "open",
            with_=said.get("with", "") if said.get("with", "") in WITH else "",
            by=by,
        )

    def rows(self) -> QuerySet[Problem]:
        """The open problems of every company that are asked for."""
        rows = Problem.objects.snoozed() if self.tab == "snoozed" else Problem.objects.awake()
        if self.text:
            words = Q(sentence__icontains=self.text) | Q(record_name__icontains=self.text)
            rows = rows.filter(
                words | Q(company__name__icontains=self.text) | Q(integration__name__icontains=self.text)
            )
        if self.code:
            rows = rows.filter(code=self.code)
        if self.owner:
            rows = rows.filter(_owned_by(Owner(self.owner)))
        if self.with_:
            rows = rows.filter(_with(self.with_, self.by))
        return rows.filter(first_seen_at__lt=clock.now() - AGES[self.age]) if self.age else rows


def _with(who: str, by: int | None) -> Q:
    """Problems that ``who`` of ``WITH`` sees to."""
    table = {
        "me": Q(staff_assigned_to=by),
        "staff": Q(staff_assigned_to__isnull=False),
        "nobody": Q(staff_assigned_to=None, assigned_to=None),
    }
    return table[who]


def _owned_by(owner: Owner) -> Q:
    """Problems whose cause names ``owner``; a cause that the catalogue does not know is ours."""
    if owner == Owner.STAFF:
        return ~Q(code__in=[cause.code for cause in CAUSES.values() if cause.owner != Owner.STAFF])
    return Q(code__in=[cause.code for cause in CAUSES.values() if cause.owner == owner])


@dataclass(frozen=True, slots=True)
class CauseCount:
    """How far one cause reaches."""

    cause: Cause
    problems: int
    companies: int

    @property
    def who(self) -> str:
        return OWNERS[self.cause.owner]


def counts_of(rows: QuerySet[Problem]) -> list[CauseCount]:
    """The causes that reach most companies first. One query."""
    found = (
        rows.order_by()
        .values("code")
        .annotate(problems=Count("pk"), companies=Count("company_id", distinct=True), first=Min("first_seen_at"))
    )
    counted = found.order_by("-companies", "-problems", "first")[:MOST_CAUSES]
    return [CauseCount(cause_of(row["code"]), row["problems"], row["companies"]) for row in counted]


def companies_in(rows: QuerySet[Problem]) -> int:
    """At how many companies anything is stuck."""
    return rows.order_by().values("company_id").distinct().count()
