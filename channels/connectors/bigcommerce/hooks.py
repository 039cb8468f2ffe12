"""Webhooks: registered with a secret header, verified by it and by signature, read as hints (vendor reference, section 6)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from channels.connectors.bigcommerce import areas
from channels.connectors.bigcommerce.client import Row
from channels.connectors.bigcommerce.part import Part
from channels.contract import Hook, RegisteredHook, Topic
from channels.errors import AlreadyThere, NotFound, UnexpectedPayload
from portal.lib import clock

HOOKS = "/v3/hooks"
SECRET_HEADER = "X-Tradelane-Key"
TOLERANCE_SECONDS = 300
SCOPES = (
    "store/order/*",
    "store/shipment/*",
    "store/product/*",
    "store/sku/*",
    "store/product/inventory/updated",
    "store/product/inventory/order/updated",
    "store/sku/inventory/updated",
    "store/sku/inventory/order/updated",
    "store/app/uninstalled",
)
# Beginning of a scope → what it is about; the first that fits counts.
TOPICS = (
    ("store/order/", Topic.ORDER),
    ("store/shipment/", Topic.SHIPMENT),
    ("store/product/inventory/", Topic.STOCK),
    ("store/sku/inventory/", Topic.STOCK),
    ("store/product/", Topic.PRODUCT),
    ("store/sku/", Topic.PRODUCT),
    ("store/app/uninstalled", Topic.REMOVED),
)


class HooksPart(Part):
    """Our webhooks at the store."""

    def hooks(self) -> Sequence[RegisteredHook]:
        return [
            RegisteredHook(str(row["id"]), str(row["scope"]), str(row["destination"]), bool(row.get("is_active")))
            for row in self._hook_rows()
        ]

    def register_hooks(self, address: str) -> None:
        """List first, then create what is missing and wake what was switched off: they take one hook a scope and address."""
        key = secret_value(self.session.credentials)
        known = {row["scope"]: row for row in self._hook_rows() if row.get("destination") == address}
        for scope in SCOPES:
            if scope not in known:
                self._create_hook(scope, address, key)
            elif not known[scope].get("is_active") or not _carries(known[scope], key):
                body = {"is_active": True, "headers": {SECRET_HEADER: key}}
                self.client.put(f"{HOOKS}/{int(known[scope]['id'])}", areas.HOOKS, body)

    def unregister_hooks(self, address: str) -> None:
        for row in self._hook_rows():
            if row.get("destination") == address:
                self._delete_hook(int(row["id"]))

    @classmethod
    def verify_hook(
        cls, *, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str], app: Mapping[str, str]
    ) -> bool:
        """The secret header must be ours, the sender our store, and a signature, where there is one, must fit the client secret."""
        named = {key.lower(): value for key, value in headers.items()}
        known = secret_value(credentials).encode()
        if not hmac.compare_digest(named.get(SECRET_HEADER.lower(), "").encode(), known):
            return False
        if not hmac.compare_digest(_producer(body), f"stores/{credentials.get('store_hash', '')}".encode()):
            return False
        secret = credentials.get("client_secret", "")
        return _is_signed(body, named, secret) if secret and "webhook-signature" in named else True

    @classmethod
    def parse_hook(cls, *, body: bytes, headers: Mapping[str, str]) -> Sequence[Hook]:
        payload = _payload(body)
        scope, data = str(payload.get("scope") or ""), payload.get("data")
        if not scope or not isinstance(data, dict):
            raise UnexpectedPayload("A webhook of BigCommerce has no scope or no data.", path="$.scope")
        topic = next((topic for start, topic in TOPICS if scope.startswith(start)), Topic.OTHER)
        return [Hook(event_id=_event_id(payload, body), topic=topic, remote_id=_remote_id(topic, data), scope=scope)]

    def _hook_rows(self) -> list[Row]:
        return [row for page in self.client.v3_pages(HOOKS, areas.HOOKS, limit=50) for row in page.rows]

    def _create_hook(self, scope: str, address: str, key: str) -> None:
        body = {"scope": scope, "destination": address, "is_active": True, "headers": {SECRET_HEADER: key}}
        try:
            self.client.post(HOOKS, areas.HOOKS, body)
        except AlreadyThere:
            # Another worker was faster.
            return

    def _delete_hook(self, hook_id: int) -> None:
        try:
            self.client.delete(f"{HOOKS}/{hook_id}", areas.HOOKS)
        except NotFound:
            return


def secret_value(credentials: Mapping[str, str]) -> str:
    """The secret of a connection's hooks: derived from its token, so it needs no place of its own and dies with it."""
    key = credentials.get("access_token", "").encode()
    return hmac.new(key, b"tradelane webhook", hashlib.sha256).hexdigest()


def signature(secret: str, *, hook_id: str, timestamp: str, body: bytes) -> str:
    """The signature of the Standard Webhooks scheme; the key is the raw client secret (section 6.4)."""
    signed = f"{hook_id}.{timestamp}.".encode() + body
    return base64.b64encode(hmac.new(secret.encode(), signed, hashlib.sha256).digest()).decode()


def _is_signed(body: bytes, headers: Mapping[str, str], secret: str) -> bool:
    timestamp = headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(clock.now().timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    expected = signature(secret, hook_id=headers.get("webhook-id", ""), timestamp=timestamp, body=body).encode()
    given = [part.removeprefix("v1,") for part in headers["webhook-signature"].split() if part.startswith("v1,")]
    return any([hmac.compare_digest(each.encode(), expected) for each in given])  # noqa: C419  every one, in constant time


def _carries(row: Row, key: str) -> bool:
    headers = row.get("headers") or {}
    return any(name.lower() == SECRET_HEADER.lower() and value == key for name, value in headers.items())


def _producer(body: bytes) -> bytes:
    try:
        payload = json.loads(body)
    except ValueError:
        return b""
    return str(payload.get("producer") or "").encode() if isinstance(payload, dict) else b""


def _payload(body: bytes) -> dict[str, Any]:
    try:
        payload = json.loads(body)
    except ValueError as error:
        raise UnexpectedPayload("A webhook of BigCommerce is not JSON.", path="$") from error
    if not isinstance(payload, dict):
        raise UnexpectedPayload("A webhook of BigCommerce is no object.", path="$")
    return payload


def _event_id(payload: Mapping[str, Any], body: bytes) -> str:
    """Stable over repeats of one delivery. Their ``hash`` serves for that and for nothing else; it is no signature (trap 26)."""
    own = str(payload.get("hash") or hashlib.sha256(body).hexdigest())
    return hashlib.sha256(f"{payload.get('producer')}|{payload.get('scope')}|{own}".encode()).hexdigest()[:40]


def _remote_id(topic: Topic, data: Mapping[str, Any]) -> str:
    """The id of what must be read again: the order of a shipment, the product of a variant."""
    inner: Mapping[str, Any] = next((data[key] for key in ("inventory", "sku") if isinstance(data.get(key), dict)), {})
    choices = {
        Topic.ORDER: data.get("order_id") or data.get("id"),
        Topic.SHIPMENT: data.get("orderId") or data.get("order_id"),
        Topic.STOCK: inner.get("product_id"),
        Topic.PRODUCT: inner.get("product_id") or (data.get("id") if data.get("type") == "product" else ""),
    }
    return str(choices.get(topic) or "")
