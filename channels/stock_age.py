"""How old the stock figures of companies are: when the step that reads them last ended well."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from channels.models import RunResult, StepState


def last_read(company_ids: set[int]) -> dict[int, datetime]:
    """When the stock of each company was last read from its stores; one query over the records of what is due."""
    rows = StepState.objects.filter(
        integration__company_id__in=company_ids,
        integration__supplies=True,
        step="pull_stock",
        last_result__in=(RunResult.OK, RunResult.PARTIAL),
        last_run_at__isnull=False,
    )
    found = rows.values("integration__company_id").annotate(at=Max("last_run_at"))
    return {row["integration__company_id"]: row["at"] for row in found}
