"""How old the stock figures of companies are: when the step that reads them last ended well."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from channels.models import RunResult, StepState
from portal.lib.prepared import Prepared


def last_read(company_ids: set[int]) -> dict[int, datetime]:
    """When the stock of each company was last read from its stores; one query over the records of what is due."""
    return dict(_LAST_READ.values(companies=company_ids))


def _well_read(companies: Any) -> QuerySet[StepState, Any]:
    rows = StepState.objects.filter(
        integration__company_id__in=companies,
        integration__supplies=True,
        step="pull_stock",
        last_result__in=(RunResult.OK, RunResult.PARTIAL),
        last_run_at__isnull=False,
    )
    by_company = rows.order_by().values("integration__company_id")
    return by_company.annotate(at=Max("last_run_at")).values_list("integration__company_id", "at")


_LAST_READ = Prepared(_well_read, ids=("companies",))
