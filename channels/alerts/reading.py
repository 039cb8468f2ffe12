"""What is stuck now, as rules look at it: grouped in the database, a bounded number of queries for many companies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Count, Max, Min, Sum

from channels.alerts.matching import Part
from channels.models import Alert, Problem
from channels.problem_groups import Group, who_acts
from portal.companies.models import Company

# The grouping columns of a part.
_BY = ("company_id", "cause_key", "code", "integration_id", "record_type", "currency")


def companies_to_look_at() -> list[int]:
    """Ids of the companies in which anything is stuck or an alert is open."""
    stuck = Problem.objects.awake().order_by().values_list("company_id", flat=True).distinct()
    alerted = Alert.objects.filter(cleared_at=None).order_by().values_list("company_id", flat=True).distinct()
    return sorted({*stuck, *alerted})


def parts_of(companies: Mapping[int, Company]) -> dict[int, list[Part]]:
    """What is stuck in each of ``companies`` (by id), in parts. One query."""
    rows = Problem.objects.awake().filter(company_id__in=companies).order_by().values(*_BY)
    found: dict[int, list[Part]] = defaultdict(list)
    for row in rows.annotate(number=Count("pk"), worth=Sum("value"), since=Min("first_seen_at"), newest=Max("pk")):
        company = companies[row["company_id"]]
        found[company.pk].append(
            Part(
                row["cause_key"],
                row["code"],
                row["integration_id"],
                is_ours(company, row["code"], row["record_type"]),
                row["currency"],
                row["number"],
                row["worth"],
                row["since"],
                row["newest"],
            )
        )
    return found


def is_ours(company: Company, code: str, record_type: str) -> bool:
    """Whether ``company`` itself must act on such a problem."""
    return who_acts(Problem(code=code, record_type=record_type), company) == "You"


def titles_of(seen: Iterable[tuple[int, int]]) -> dict[int, str]:
    """The titles of causes from (id of the newest problem, how many): "6 orders: a SKU is not among the listings". One query."""
    numbers = dict(seen)
    problems = Problem.objects.in_bulk(list(numbers))
    return {
        pk: Group(row, numbers[pk], row.first_seen_at, row.last_seen_at, "", "").title for pk, row in problems.items()
    }
