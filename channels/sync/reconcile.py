"""Step: both sides compared, nightly and by hand; each difference with its cause and a choice."""

from __future__ import annotations

from channels.models import RunResult
from channels.reconcile.run import reconcile
from channels.sync.context import StepContext


def run(context: StepContext) -> RunResult | None:
    """Compare every book."""
    return reconcile(context)
