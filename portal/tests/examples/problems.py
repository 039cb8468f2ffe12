"""What programs read of the cast's connections."""

from __future__ import annotations

from channels.models import Replay, SyncRun
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


def _replay(cast: Cast) -> Example:
    replay = Replay.objects.create(company=cast.kingsway, code="sku_missing", cause_key="k", title="A mug has no SKU.")
    return Example(cast.kingsway, {"pk": replay.pk})


def _mending(cast: Cast) -> Example:
    return Example(cast.kingsway, {**_problem(cast).values, "way": "settle"})


EXAMPLES: dict[str, Maker] = {
    "api:integration-detail": _integration,
    "api:integration-mapping": _integration,
    "api:run-detail": _run,
    "api:problem-detail": _problem,
    **{
        f"api:problem-{act}": _problem
        for act in ("snooze", "wake", "assign", "ignore", "open-again", "mend", "try-again", "comments")
    },
    "api:replay-detail": _replay,
    "api:replay-cancel": _replay,
    "problem-mend": _mending,
    **{f"problem-replay{page}": _replay for page in ("", "-progress", "-cancel")},
    **{f"problem-{act}": _problem for act in ("snooze", "wake", "assign", "comment")},
}
