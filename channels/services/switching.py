"""The yes/no switch of an integration, what switching on will catch up, and running one step by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from channels import dispatch, health
from channels.causes import Fix, cause_of
from channels.models import Integration, Receipt, ReceiptState, StepState
from channels.session import open_connector
from channels.steps import STEPS
from portal.companies import audit
from portal.companies.models import User
from portal.lib.errors import DomainError


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What enabling will do: since when nothing was pulled, how many changes wait to go out, how many webhooks were kept."""

    since: datetime | None
    outbound: int
    receipts: int


def catch_up(integration: Integration) -> CatchUp:
    """The exact catch-up, before it starts."""
    pulls = StepState.objects.filter(integration=integration, step__startswith="pull", last_run_at__isnull=False)
    last = pulls.order_by("last_run_at")
    return CatchUp(
        since=last.values_list("last_run_at", flat=True).first(),
        outbound=health.waiting_count(integration),
        receipts=Receipt.objects.filter(integration=integration, state=ReceiptState.PARKED).count(),
    )


def orders_to_catch_up(integration: Integration, *, most: int = 500) -> tuple[int, bool]:
    """How many orders were placed or changed at the store since the last pull, and whether that is all of them.

    Asks the store. Raises ChannelError and NoCredentials.
    """
    state = StepState.objects.filter(integration=integration, step="pull_orders").first()
    if state is None:
        return 0, True
    since = state.last_run_at or integration.created_at
    number = 0
    for page in open_connector(integration).orders(modified_since=since):
        number += len(page)
        if number >= most:
            return number, False
    return number, True


@transaction.atomic
def disable(integration: Integration, *, by: User | None, reason: str = "") -> None:
    """Nothing is sent, nothing is pulled, webhooks are kept; everything else stays."""
    if Integration.objects.filter(pk=integration.pk, enabled=True, removed_at=None).update(enabled=False):
        integration.enabled = False
        audit.record(
            integration.company,
            "integration.disabled",
            target=integration,
            user=by,
            reason=reason,
            sentence=f"Paused {integration.name}.",
        )


@transaction.atomic
def enable(integration: Integration, *, by: User | None, reason: str = "") -> None:
    """Go on where it stopped: cursors and waiting rows catch up exactly once."""
    if Integration.objects.filter(pk=integration.pk, enabled=False, removed_at=None).update(enabled=True):
        integration.enabled = True
        dispatch.run_everything_soon(integration)
        audit.record(
            integration.company,
            "integration.enabled",
            target=integration,
            user=by,
            reason=reason,
            sentence=f"Resumed {integration.name}.",
        )


def sync_now(integration: Integration, step: str, *, by: User | None) -> bool:
    """Queue one step; whether it was queued (it may be already). Raises DomainError, with the reason, when it may not run."""
    from channels.sync.runner import why_not

    reason = why_not(integration, step)
    if reason:
        raise DomainError(_why_not(integration, reason))
    audit.record(
        integration.company,
        "integration.sync_now",
        target=integration,
        user=by,
        sentence=f"Had {integration.name} run “{STEPS[step].label}” at once.",
        data={"step": step},
    )
    return dispatch.wake(integration.pk, step, trigger="person")


def _why_not(integration: Integration, reason: str) -> str:
    words = _WHY_NOT.get(reason, "It cannot run now: " + reason + ".")
    is_choice = cause_of(integration.health_code).fix is Fix.SETTINGS
    return words.format(name=integration.name, way="choose what its settings lack" if is_choice else "reauthorise it")


_WHY_NOT = {
    "disabled": "{name} is paused. Switch it on first.",
    "removed": "{name} was removed.",
    "needs a person": "{name} needs you first: {way}, then everything that waits goes out by itself.",
}
