"""Removing an integration: secrets destroyed, webhooks unregistered, orders and reports kept under a frozen name."""

from __future__ import annotations

import contextlib

from django.db import transaction

from channels import credentials
from channels.contract import Can
from channels.errors import ChannelError
from channels.models import Health, Integration, Outbound, OutboundState, StepState
from channels.registry import connector_class
from channels.session import open_connector
from channels.sync.register_hooks import hook_address
from portal.companies import audit
from portal.companies.models import User
from portal.lib import clock


def remove(integration: Integration, *, by: User | None, reason: str = "") -> None:
    """Destroy the secrets, unregister the webhooks, end what waits; orders and reports stay under a frozen name."""
    _unregister_hooks(integration)
    with transaction.atomic():
        day = clock.now().strftime("%Y-%m-%d")
        was = integration.name
        destroyed = credentials.destroy(integration)
        Outbound.objects.filter(
            integration=integration, state__in=(OutboundState.WAITING, OutboundState.SENDING, OutboundState.UNKNOWN)
        ).update(state=OutboundState.DROPPED, finished_at=clock.now(), last_answer="The integration was removed.")
        StepState.objects.filter(integration=integration).delete()
        Integration.objects.filter(pk=integration.pk).update(
            removed_at=clock.now(),
            enabled=False,
            health=Health.REMOVED,
            health_code="",
            health_reason="",
            name=f"{was} (removed {day})"[:120],
        )
        audit.record(
            integration.company,
            "integration.removed",
            target=integration,
            user=by,
            reason=reason,
            sentence=f"Removed {was}; its credentials were destroyed.",
            data={"credentials_destroyed": destroyed},
        )
    integration.refresh_from_db()


def _unregister_hooks(integration: Integration) -> None:
    """As far as the store still lets us; a dead key must not keep anybody from removing."""
    if Can.WEBHOOKS in connector_class(integration.kind).can:
        with contextlib.suppress(ChannelError, credentials.NoCredentials):
            open_connector(integration).unregister_hooks(hook_address(integration))
