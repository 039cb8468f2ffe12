"""Every channel we can talk to: one plain dict. A new channel is its folder and one line here."""

from __future__ import annotations

from channels.connectors.bigcommerce.connector import BigCommerce
from channels.connectors.shift4shop.connector import Shift4Shop
from channels.contract import StoreConnector

CONNECTORS: dict[str, type[StoreConnector]] = {connector.kind: connector for connector in (BigCommerce, Shift4Shop)}


def connector_class(kind: str) -> type[StoreConnector]:
    """The connector of a channel. Raises KeyError for a kind that is not registered."""
    return CONNECTORS[kind]


def choices() -> list[tuple[str, str]]:
    """(kind, label) of every channel."""
    return [(kind, connector.label) for kind, connector in CONNECTORS.items()]
