"""The thin functions of the catalogue that django-q2 names: ids in, every one safe to run twice."""

from __future__ import annotations

from django_q.tasks import async_task

from catalog.files import work
from catalog.services.periods import follow_periods, is_period_due
from catalog.services.publishing import is_publish_due, publish_due
from portal.companies.models import Company

# Below the timeout of the cluster that runs it; what is left goes into another job.
SECONDS = 600.0


def work_on_file(file_id: int) -> str:
    """Check, apply or undo an imported file; queues itself again when its time is over."""
    if work.work(file_id, seconds=SECONDS):
        queue_file(file_id)
        return "goes on"
    return "done"


def queue_file(file_id: int) -> None:
    """Ask a worker of the bulk cluster to work on the file."""
    async_task("catalog.jobs.work_on_file", file_id, cluster="bulk", task_name=f"import {file_id}")


def resume_files() -> int:
    """Every minute: queue the files whose worker went away; how many."""
    ids = work.due()
    for file_id in ids:
        queue_file(file_id)
    return len(ids)


def look_at_skus(company_id: int) -> bool:
    """Look at all SKUs of a company; whether this call did."""
    from catalog.sku_health import services

    return services.look(Company.objects.get(pk=company_id))


def queue_sku_check(company_id: int) -> None:
    """Ask a worker of the bulk cluster to look at the company's SKUs."""
    async_task("catalog.jobs.look_at_skus", company_id, cluster="bulk", task_name=f"SKUs {company_id}")


def resume_sku_checks() -> int:
    """Every minute: queue the looks whose worker went away; how many."""
    from catalog.sku_health import services

    ids = services.due()
    for company_id in ids:
        queue_sku_check(company_id)
    return len(ids)


def follow_prices() -> bool:
    """Every minute: whether a change of prices or a list's period was due, and is queued."""
    due = is_publish_due() or is_period_due()
    if due:
        async_task("catalog.jobs.publish_prices", cluster="bulk", task_name="publish prices")
    return due


def publish_prices() -> int:
    """Put into force what is due: scheduled changes, lists that begin or end; how many."""
    return publish_due() + follow_periods()
