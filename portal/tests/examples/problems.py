"""What programs read of the cast's connections."""

from __future__ import annotations

from channels.models import SyncRun
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.tests.examples.base import Cast, Example, Maker


def _integration(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": make_integration(cast.kingsway).pk})


def _run(cast: Cast) -> Example:
    run = SyncRun.objects.create(integration=make_integration(cast.kingsway), step="pull_stock")
    return Example(cast.kingsway, {"pk": run.pk})


def _problem(cast: Cast) -> Example:
    store = make_integration(cast.kingsway)
    problem = raise_problem(cast.kingsway, "sku_missing", "A mug has no SKU.", integration=store, record_name="A mug")
    return Example(cast.kingsway, {"pk": problem.pk})


EXAMPLES: dict[str, Maker] = {
    "api:integration-detail": _integration,
    "api:run-detail": _run,
    "api:problem-detail": _problem,
}
