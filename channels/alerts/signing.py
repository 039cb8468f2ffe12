"""Signatures of the Standard Webhooks scheme (standardwebhooks.com): HMAC-SHA256 over "id.timestamp.body", one for each live secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

from channels.alerts.secrets import PREFIX


def headers_for(event_id: str, *, timestamp: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers: ``webhook-id`` is the same over all tries, ``webhook-timestamp`` (Unix seconds) is of this one."""
    signatures = [signature(secret, event_id=event_id, timestamp=timestamp, body=body) for secret in secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{each}" for each in signatures),
    }


def signature(secret: str, *, event_id: str, timestamp: int, body: bytes) -> str:
    """One signature in base64; the key is what stands after "whsec_", decoded."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{event_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
