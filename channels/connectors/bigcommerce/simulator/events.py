"""Webhook events: who hears them, what is in them, how they are signed, retried and switched off (section 6)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from channels.connectors.bigcommerce.simulator.state import PLATFORM, Shop
from channels.simkit.clock import SimClock
from channels.simkit.hooks import Delivery, HookPolicy
from channels.simkit.store import Document, DocumentStore
from channels.simkit.switches import Switches

RETRIES = (60, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 50400, 86400)
RATIO_WINDOW = 120.0
RATIO_FROM = 100
RATIO_FLOOR = 0.9
BLOCKED_FOR = 180.0


def emit(shop: Shop, scope: str, data: Mapping[str, Any]) -> None:
    """Send an event to every active hook of the store that listens to it, once the change is committed."""
    payload = _payload(shop, scope, data)
    for hook in shop.find("hooks"):
        if hook["is_active"] and _listens(hook["scope"], scope) and _is_warm(shop, hook):
            _queue(shop, hook, payload)


def _queue(shop: Shop, hook: Document, payload: Document) -> None:
    shop.put("hooks", {**hook, "_last_event": shop.now})
    about = {"hook_id": hook["id"], "client_id": hook["client_id"], "hash": payload["hash"], "hook": hook["headers"]}
    body = json.dumps(payload, separators=(",", ":")).encode()
    shop.parts.documents.on_commit(
        lambda: shop.parts.hooks.put(
            store=shop.hash, url=hook["destination"], body=body, label=payload["scope"], about=about
        )
    )


def _payload(shop: Shop, scope: str, data: Mapping[str, Any]) -> Document:
    payload = {
        "scope": scope,
        "store_id": str(shop.profile["store_id"]),
        "data": dict(data),
        "created_at": int(shop.now),
        "producer": f"stores/{shop.hash}",
    }
    payload["hash"] = hashlib.sha1(json.dumps(payload).encode(), usedforsecurity=False).hexdigest()
    if not shop.on("hook_created_at"):
        del payload["created_at"]
    return payload


def _listens(hook_scope: str, scope: str) -> bool:
    return hook_scope == scope or (hook_scope.endswith("/*") and scope.startswith(hook_scope[:-1]))


def _is_warm(shop: Shop, hook: Document) -> bool:
    warmup = shop.parts.clock.scaled(shop.parts.switches.number("hook_warmup_seconds"))
    return shop.now >= hook["created_at"] + warmup


class Blocklist:
    """Success ratio per destination domain and client over two minutes; below 90 % of 100 or more: three minutes' rest."""

    def __init__(self, clock: SimClock) -> None:
        self._clock = clock
        self._results: dict[tuple[str, str], deque[tuple[float, bool]]] = {}
        self._blocked: dict[tuple[str, str], float] = {}
        self._lock = threading.Lock()

    def held(self, delivery: Delivery) -> float:
        """Documented seconds until the domain is free again, 0 when it is."""
        with self._lock:
            left = self._blocked.get(_domain(delivery), 0.0) - self._clock.time()
            return max(0.0, left * self._clock.time_scale)

    def note(self, delivery: Delivery, ok: bool) -> None:
        """Count one attempt."""
        with self._lock:
            key, now = _domain(delivery), self._clock.time()
            results = self._results.setdefault(key, deque())
            results.append((now, ok))
            while results[0][0] < now - self._clock.scaled(RATIO_WINDOW):
                results.popleft()
            if len(results) >= RATIO_FROM and sum(good for _, good in results) < RATIO_FLOOR * len(results):
                self._blocked[key] = now + self._clock.scaled(BLOCKED_FOR)
                results.clear()

    def blocked(self) -> list[dict[str, Any]]:
        """For `GET /v3/hooks/admin`: destination and seconds left."""
        with self._lock:
            now = self._clock.time()
            return [
                {"destination": domain, "time_left": round(until - now), "reasons": "low success rate"}
                for (domain, _), until in self._blocked.items()
                if until > now
            ]


def policy(documents: DocumentStore, clock: SimClock, switches: Switches) -> HookPolicy:
    """BigCommerce's delivery rules."""
    blocklist = Blocklist(clock)

    def headers(delivery: Delivery, now: datetime) -> dict[str, str]:
        own = dict(delivery.about.get("hook") or {})
        if delivery.method == "GET":
            return own
        secret = _client_secret(documents, delivery)
        if secret and switches.on("hooks_signed"):
            own.update(sign(secret, message_id=f"msg_{delivery.about['hash']}", at=now, body=delivery.body))
        return own

    def attempted(delivery: Delivery, ok: bool) -> None:
        blocklist.note(delivery, ok)
        if delivery.state == "gave up":
            _deactivate(documents, delivery)

    return HookPolicy(retries=RETRIES, headers=headers, held=blocklist.held, attempted=attempted)


def sign(client_secret: str, *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The Standard Webhooks headers: HMAC-SHA256 over `id.timestamp.body` with the raw bytes of the client secret."""
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(client_secret.encode(), signed, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _client_secret(documents: DocumentStore, delivery: Delivery) -> str | None:
    account = documents.first(PLATFORM, "accounts", where=[("client_id", "=", delivery.about["client_id"])])
    return account["client_secret"] if account else None


def _deactivate(documents: DocumentStore, delivery: Delivery) -> None:
    with documents.transaction():
        hook = documents.get(delivery.store, "hooks", delivery.about.get("hook_id", 0))
        if hook:
            documents.put(delivery.store, "hooks", hook["id"], {**hook, "is_active": False, "_deactivated": True})


def _domain(delivery: Delivery) -> tuple[str, str]:
    return urlsplit(delivery.url).hostname or "", str(delivery.about["client_id"])
