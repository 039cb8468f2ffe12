"""Secrets of endpoints: made here, kept encrypted and bound to their company, shown once, replaced with an overlap."""

from __future__ import annotations

import base64
import secrets
from datetime import timedelta

from channels.models import WebhookEndpoint
from portal.lib import clock

PREFIX = "whsec_"
# While both secrets sign, receivers change over.
OVERLAP = timedelta(hours=24)
_BYTES = 24


def new_secret() -> str:
    """A secret as the Standard Webhooks scheme writes it: "whsec_" and 24 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sealed(company_id: int, secret: str) -> dict[str, object]:
    """What the encrypted column holds: a row copied to another company does not open."""
    return {"company": company_id, "secret": secret}


def live_secrets(endpoint: WebhookEndpoint) -> list[str]:
    """The secrets that sign now, the newest first. None of another company's."""
    kept = [endpoint.secret]
    if endpoint.old_secret and endpoint.old_secret_until and endpoint.old_secret_until > clock.now():
        kept.append(endpoint.old_secret)
    return [each["secret"] for each in kept if each.get("company") == endpoint.company_id]
