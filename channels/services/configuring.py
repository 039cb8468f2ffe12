"""Changing what people chose for an integration: its name, its store's clock, its settings, the end of its key."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from channels import dispatch, expiry
from channels.models import Health, Integration
from channels.services.connecting import check_name
from portal.companies import audit
from portal.companies.models import User


@transaction.atomic
def configure(
    integration: Integration, *, name: str, time_zone: str, chosen: Mapping[str, str], by: User | None
) -> None:
    """Rename it, correct its store's clock, change the choices that its connector declares. Raises DomainError for a name taken."""
    check_name(integration.company, name, other_than=integration.pk)
    was = {"name": integration.name, "time_zone": integration.time_zone, **integration.settings}
    integration.name = name.strip()
    integration.time_zone = time_zone or integration.time_zone
    integration.settings = {**integration.settings, **chosen}
    integration.save(update_fields=["name", "time_zone", "settings"])
    now = {"name": integration.name, "time_zone": integration.time_zone, **integration.settings}
    changed = sorted(key for key in now if now[key] != was.get(key, ""))
    if not changed:
        return
    audit.record(
        integration.company,
        "integration.configured",
        target=integration,
        user=by,
        sentence=f"Changed {integration.name}: {', '.join(key.replace('_', ' ') for key in changed)}.",
        data={"changed": changed},
    )
    if integration.health == Health.MISCONFIGURED:
        transaction.on_commit(lambda: dispatch.wake(integration.pk, "check_credentials", trigger="person"))


@transaction.atomic
def tell_key_end(integration: Integration, ends_at: datetime | None, *, by: User | None) -> None:
    """Keep the day on which a person says that the key ends; None for a key without an end."""
    if not expiry.note_end(integration, ends_at):
        return
    when = f"ends on {timezone.localtime(ends_at):%-d %b %Y}" if ends_at else "has no known end"
    audit.record(
        integration.company,
        "integration.key_end_told",
        target=integration,
        user=by,
        sentence=f"The key of {integration.name} {when}.",
    )
