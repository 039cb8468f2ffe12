"""What is stuck for the cast."""

from __future__ import annotations

from channels.models import Outbound, OutboundKind
from channels.problems import raise_problem
from channels.tests.factories import make_integration
from portal.tests.examples.base import Cast, Example, Maker


def _problem(cast: Cast) -> Example:
    store = make_integration(cast.kingsway)
    problem = raise_problem(cast.kingsway, "sku_missing", "A mug has no SKU.", integration=store, record_name="A mug")
    return Example(cast.kingsway, {"pk": problem.pk})


def _waiting(cast: Cast) -> Example:
    store = make_integration(cast.kingsway)
    row = Outbound.objects.create(integration=store, kind=OutboundKind.CREATE_ORDER, record_id=1, attempts=1)
    return Example(cast.kingsway, {"pk": row.pk})


EXAMPLES: dict[str, Maker] = {
    "problem": _problem,
    "problem-try-again": _problem,
    "problem-ignore": _problem,
    "problem-open-again": _problem,
    "problem-confirm": _problem,
    "problem-try-now": _waiting,
    "api:problem-detail": _problem,
}
