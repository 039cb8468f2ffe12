"""Step: every permission probed daily, and whenever a broken integration asks whether it is mended."""

from __future__ import annotations

from channels import expiry, health
from channels.errors import NeedsReauthorisation, Unavailable
from channels.models import Health
from channels.sync.context import StepContext


def run(context: StepContext) -> None:
    """Warn of a key that ends soon, then run the connector's own checks and turn the first failure into health."""
    expiry.warn(context.integration)
    for check in context.connector.check():
        context.beat()
        context.count("read")
        if check.passed is not False or check.is_optional:
            continue
        if check.code == "credentials_rejected":
            raise NeedsReauthorisation(check.sentence)
        if check.code in {"store_unavailable", "store_unreachable", "rate_limited"}:
            raise Unavailable(check.sentence, code=check.code)
        health.mark_needs_person(
            context.integration, Health.MISCONFIGURED, code=check.code or "permission_missing", sentence=check.sentence
        )
        context.count("refused")
        return
    health.mark_healthy(context.integration)
