"""The only place that touches stored secrets: encrypted, bound to their company, never logged, never returned to a page."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings

from channels.models import Credential, Integration
from portal.lib import clock

USED_AT_EVERY = timedelta(minutes=10)


class NoCredentials(Exception):
    """The integration has none, or they belong to somebody else."""


def store(integration: Integration, values: Mapping[str, str], *, expires_at: datetime | None = None) -> Credential:
    """Keep ``values`` as the integration's credentials, in place of older ones; ``expires_at`` where the channel tells when they end."""
    envelope = {"v": 1, "company": integration.company_id, "data": dict(values)}
    credential, _ = Credential.objects.update_or_create(
        integration=integration,
        defaults={
            "secret": envelope,
            "fingerprint": fingerprint(values),
            "stored_at": clock.now(),
            "expires_at": expires_at,
            "rejected_at": None,
        },
    )
    return credential


def read(integration: Integration) -> dict[str, str]:
    """The credentials in clear, for a request only. Raises NoCredentials; a row copied from another company does not open."""
    credential = Credential.objects.filter(integration=integration).first()
    if credential is None:
        raise NoCredentials("No credentials are stored.")
    envelope = credential.secret
    if envelope.get("company") != integration.company_id:
        raise NoCredentials("These credentials belong to another company.")
    _note_use(credential)
    return dict(envelope["data"])


def facts(integration: Integration) -> Credential | None:
    """Since when there is a key, when it was used and when it expires; the key itself stays closed. None after removal."""
    return Credential.objects.filter(integration=integration).defer("secret").first()


def destroy(integration: Integration) -> bool:
    """Delete the secrets for good; whether there were any."""
    deleted, _ = Credential.objects.filter(integration=integration).delete()
    return bool(deleted)


def fingerprint(values: Mapping[str, str]) -> str:
    """Tells two sets of credentials apart without saying anything about them."""
    text = json.dumps(dict(values), sort_keys=True).encode()
    return hmac.new(settings.FIELD_ENCRYPTION_KEYS[0].encode(), text, hashlib.sha256).hexdigest()[:12]


def mask(value: str) -> str:
    """What may be shown of a secret: its last four characters."""
    return f"•••• {value[-4:]}" if len(value) > 8 else "••••"


def _note_use(credential: Credential) -> None:
    now = clock.now()
    if credential.used_at is None or now - credential.used_at > USED_AT_EVERY:
        Credential.objects.filter(pk=credential.pk).update(used_at=now)
