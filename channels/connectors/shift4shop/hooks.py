"""Webhooks: one for each event, unsigned, a hint only (vendor reference, section 5). The secret is in the address."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from channels.connectors.shift4shop.base import Shift4ShopBase
from channels.connectors.shift4shop.client import only_good
from channels.connectors.shift4shop.limits import WEBHOOK, cut
from channels.connectors.shift4shop.records import flag, part, text
from channels.connectors.shift4shop.rows import Row
from channels.contract import Hook, RegisteredHook, Topic
from channels.errors import UnexpectedPayload

# Numbers beyond 1 and 2 are not documented, so events are known by their names, spelled "Order New", "OrderNew" or "Order_New".
TOPICS = {
    "ordernew": Topic.ORDER,
    "orderstatuschange": Topic.ORDER,
    "productnew": Topic.PRODUCT,
    "productchanged": Topic.PRODUCT,
    "productdeleted": Topic.PRODUCT,
    "productstockchanged": Topic.STOCK,
}


class Hooks(Shift4ShopBase):
    """Registering and reading webhooks."""

    def hooks(self) -> Sequence[RegisteredHook]:
        """All webhooks of the store, other people's too: they are told apart by address."""
        names = self._event_names()
        return [_registered(row, names) for row in self.client.rows("Webhooks")]

    def register_hooks(self, address: str) -> None:
        """One webhook for each event that the store offers and we want. Safe to repeat: what is there is repaired, never doubled."""
        existing = {text(row, "EventType"): row for row in self.client.rows("Webhooks") if text(row, "Url") == address}
        for number, name in self._event_names().items():
            if _plain_name(name) in TOPICS:
                self._register(existing.get(number), address, number=number, name=name)

    def unregister_hooks(self, address: str) -> None:
        """Remove ours; one that is gone already is fine."""
        for row in self.client.rows("Webhooks"):
            if text(row, "Url") == address:
                self.client.delete(f"Webhooks/{text(row, 'Id')}")

    @classmethod
    def parse_hook(cls, *, body: bytes, headers: Mapping[str, str]) -> Sequence[Hook]:
        """The records in a body: an array of whole orders, products or customers. Raises UnexpectedPayload."""
        try:
            decoded = json.loads(body)
        except ValueError as error:
            raise UnexpectedPayload("The webhook's body is not JSON.", path="$") from error
        rows = decoded if isinstance(decoded, list) else [decoded]
        if not rows or not all(isinstance(row, dict) for row in rows):
            raise UnexpectedPayload("The webhook's body is not a list of records.", path="$[*]")
        return [_hook(row) for row in rows]

    def _event_names(self) -> dict[str, str]:
        """Event numbers as text → names as the store spells them."""
        return {text(row, "EventType"): text(row, "EventName") for row in self.client.rows("Webhooks/Events")}

    def _register(self, existing: Row | None, address: str, *, number: str, name: str) -> None:
        values: dict[str, Any] = {
            "Name": cut(f"Tradelane: {name}", WEBHOOK["Name"]),
            "Url": address,
            "Format": "JSON",
            "Enabled": True,
        }
        if existing is None:
            self.client.post("Webhooks", {**values, "EventType": int(number)})
        elif not flag(existing, "Enabled") or text(existing, "Format").upper() != "JSON":
            hook_id = text(existing, "Id")
            only_good(self.client.put(f"Webhooks/{hook_id}", {**values, "Id": int(hook_id)}))


def _plain_name(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _registered(row: Row, names: Mapping[str, str]) -> RegisteredHook:
    number = text(row, "EventType")
    return RegisteredHook(text(row, "Id"), names.get(number, number), text(row, "Url"), flag(row, "Enabled"))


def _hook(row: Row) -> Hook:
    """A record says what it is by its keys; the event is not named. Equal bodies are the same event."""
    canonical = json.dumps(row, sort_keys=True, separators=(",", ":")).encode()
    event_id = hashlib.sha256(canonical).hexdigest()[:40]
    if order_id := text(row, "OrderID"):
        return Hook(event_id, Topic.ORDER, order_id)
    if product_id := text(part(row, "SKUInfo"), "CatalogID") or text(row, "CatalogID"):
        return Hook(event_id, Topic.PRODUCT, product_id)
    return Hook(event_id, Topic.OTHER, text(row, "CustomerID"))
