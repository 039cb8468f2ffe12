"""A new key for the same store: identity, mappings, cursors and reports stay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from channels import credentials, dispatch, expiry, health
from channels.models import Integration
from channels.session import chosen_of, try_connector
from portal.companies import audit
from portal.companies.models import User
from portal.lib.errors import DomainError


class AnotherStore(DomainError):
    """Reauthorising with the key of another store would mix two shops."""

    code = "another_store"


def reauthorise(
    integration: Integration,
    values: Mapping[str, str],
    *,
    by: User | None,
    store_address: str = "",
    key_ends_at: datetime | None = None,
) -> int:
    """Replace the credentials after the new ones passed; how many waiting changes go out now.

    Identity, mappings, cursors and reports stay. Raises AnotherStore when they belong to another store, ChannelError when they do not pass; then the old ones
    stay in force.
    """
    info = try_connector(
        integration.kind,
        values,
        is_sandbox=integration.is_sandbox,
        store_address=store_address or integration.store_address,
        chosen=chosen_of(integration),
        time_zone=integration.time_zone,
    ).store_info()
    if integration.remote_store_id and info.store_id != integration.remote_store_id:
        raise AnotherStore(
            f"This key belongs to {info.name}, not to {integration.store_name}. Use a key of {integration.store_name}; "
            "to trade with the other store too, add it as a connection of its own."
        )
    with transaction.atomic():
        credentials.store(integration, values, expires_at=key_ends_at)
        expiry.clear(integration, resolution="A new key took its place.")
        expiry.warn(integration)
        if store_address:
            integration.store_address = (info.address or store_address)[:255]
            integration.save(update_fields=["store_address"])
        waiting = health.waiting_count(integration)
        health.mark_healthy(integration)
        dispatch.install_steps(integration)
        dispatch.run_everything_soon(integration)
        audit.record(
            integration.company,
            "integration.reauthorised",
            target=integration,
            user=by,
            sentence=f"Reauthorised {integration.name}.",
        )
    return waiting
