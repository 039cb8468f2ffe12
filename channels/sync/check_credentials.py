"""Step: every permission probed daily, and whenever a broken integration asks whether it is mended."""

from __future__ import annotations

from channels import dispatch, expiry, health, statuses
from channels.errors import NeedsReauthorisation, Unavailable
from channels.models import Health
from channels.sync.context import StepContext
from channels.wanted import missing_settings


def run(context: StepContext) -> None:
    """Warn of a key that ends soon, then run the connector's own checks and turn the first failure into health."""
    expiry.warn(context.integration)
    for check in context.connector.check():
        context.beat()
        context.count("read")
        if check.ends_at:
            expiry.note_end(context.integration, check.ends_at)
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
    _find_mended(context)
    if statuses.has_statuses(context.integration):
        statuses.read_statuses(context.integration, context.connector)


def _find_mended(context: StepContext) -> None:
    """The store lets us in: that mends everything but a choice that is still to be made. What waited goes out now."""
    integration = context.integration
    if integration.health_code == "setting_missing" and missing_settings(integration):
        return
    was_broken = integration.needs_person
    health.mark_healthy(integration)
    if was_broken:
        dispatch.run_everything_soon(integration)
