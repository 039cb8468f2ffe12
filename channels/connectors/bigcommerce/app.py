"""Our app in BigCommerce's control panel: what its four addresses mean, and the proof that a call is theirs (vendor reference, section 1.4)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from channels.connectors.bigcommerce.client import HASH
from channels.connectors.bigcommerce.part import Part
from channels.contract import AppCall, AppEvent
from channels.errors import Rejected, UnexpectedPayload
from portal.lib import clock

# Their clock and ours, and a payload that says it is valid from a moment ago.
LEEWAY = 60
NOT_THEIRS = "This call does not carry BigCommerce's signature."
_ALGORITHMS = {"HS256": hashlib.sha256, "HS512": hashlib.sha512}


class AppPart(Part):
    """The addresses /auth, /load, /uninstall and /remove_user."""

    app_routes = {
        "auth": AppEvent.INSTALLED,
        "load": AppEvent.OPENED,
        "uninstall": AppEvent.REMOVED,
        "remove_user": AppEvent.USER_REMOVED,
    }
    app_frames = ("https://*.bigcommerce.com", "https://*.mybigcommerce.com")

    @classmethod
    def read_app_call(cls, what: str, *, query: Mapping[str, str], app: Mapping[str, str]) -> AppCall:
        event = cls.app_routes[what]
        if event is AppEvent.INSTALLED:
            # Unsigned: the code in it proves itself when it is exchanged.
            return AppCall(event, store_id=_store(query.get("context", "")))
        claims = _claims(query.get("signed_payload_jwt", ""), app=app)
        return AppCall(event, store_id=_store(str(claims.get("sub") or "")), is_proved=True)


def _store(context: str) -> str:
    store_hash = context.removeprefix("stores/")
    if not HASH.match(store_hash):
        raise UnexpectedPayload("The call does not name a store.", path="$.context")
    return store_hash


def _claims(token: str, *, app: Mapping[str, str]) -> dict[str, Any]:
    """The claims of a signed payload. Raises Rejected unless signature, audience and times fit."""
    head, _, rest = token.partition(".")
    body, _, signature = rest.partition(".")
    header, claims = _decode(head), _decode(body)
    method = _ALGORITHMS.get(str(header.get("alg")))
    secret = app.get("client_secret", "")
    if method is None or not secret:
        raise Rejected(NOT_THEIRS)
    expected = hmac.new(secret.encode(), f"{head}.{body}".encode(), method).digest()
    if not hmac.compare_digest(expected, _raw(signature)) or claims.get("aud") != app.get("client_id"):
        raise Rejected(NOT_THEIRS)
    now = clock.now().timestamp()
    if not _number(claims, "nbf") - LEEWAY <= now <= _number(claims, "exp") + LEEWAY:
        raise Rejected("This call of BigCommerce is too old. Open the app in the control panel once more.")
    return claims


def _decode(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_raw(part))
    except ValueError as error:
        raise Rejected(NOT_THEIRS) from error
    if not isinstance(value, dict):
        raise Rejected(NOT_THEIRS)
    return value


def _raw(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError as error:
        raise Rejected(NOT_THEIRS) from error


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if not isinstance(value, int | float):
        raise Rejected(NOT_THEIRS)
    return float(value)
