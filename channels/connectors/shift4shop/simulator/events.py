"""Webhook events: which there are, their numbers, and what is sent (section 5).

A delivery is a POST of an array with the complete object, unsigned.
"""

from __future__ import annotations

from typing import Any

from channels.connectors.shift4shop.simulator import answers
from channels.connectors.shift4shop.simulator.world import Shop
from channels.simkit.store import shown

ORDER_NEW, ORDER_STATUS_CHANGE, CUSTOMER_NEW = "Order New", "Order Status Change", "Customer New"
PRODUCT_NEW, PRODUCT_CHANGED = "Product New", "Product Changed"
PRODUCT_DELETED, PRODUCT_STOCK_CHANGED = "Product Deleted", "Product Stock Changed"

_NUMBERS = {
    "proposed": (1, 2, 3, 4, 5, 6, 7),
    "shuffled": (1, 2, 9, 5, 3, 12, 4),
}
_NAMES = (
    ORDER_NEW,
    ORDER_STATUS_CHANGE,
    CUSTOMER_NEW,
    PRODUCT_NEW,
    PRODUCT_CHANGED,
    PRODUCT_DELETED,
    PRODUCT_STOCK_CHANGED,
)


def event_numbers(shop: Shop) -> dict[int, str]:
    """Event names by their numbers, which are known for two events only."""
    return dict(sorted(zip(_NUMBERS[shop.switches.text("webhook_numbers")], _NAMES, strict=True)))


def announce(shop: Shop, event: str, document: dict[str, Any]) -> None:
    """Queue the event for every enabled webhook of the shop that wants it, once the work is committed."""
    names = event_numbers(shop)
    for hook in shop.find("webhooks"):
        if hook["Enabled"] and names.get(hook["EventType"]) == event:
            _queue(shop, hook, event, [shown(document)])


def _queue(shop: Shop, hook: dict[str, Any], event: str, body: list[dict[str, Any]]) -> None:
    is_xml = hook["Format"].upper() == "XML"
    content = answers.as_xml(body) if is_xml else answers.as_json(body)
    about = {"content_type": "application/xml" if is_xml else "application/json"}
    parts = shop.world.parts
    parts.documents.on_commit(
        lambda: parts.hooks.put(store=shop.id, url=hook["Url"], body=content, label=event, about=about)
    )
