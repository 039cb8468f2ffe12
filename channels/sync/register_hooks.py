"""Step: see that the store still calls us, and repair it where it does not."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from channels.contract import Can
from channels.models import Integration
from channels.registry import connector_class
from channels.sync.context import StepContext


def hook_address(integration: Integration) -> str:
    """Where the store's webhooks go: the path holds an unguessable key."""
    path = reverse("channels:hook", kwargs={"kind": integration.kind, "key": integration.hook_key})
    return f"{settings.WEBHOOK_BASE_URL}{path}"


def run(context: StepContext) -> None:
    """Register what is missing or inactive."""
    if Can.WEBHOOKS in connector_class(context.integration.kind).can:
        context.connector.register_hooks(hook_address(context.integration))
        context.count("read")
