"""What a connector is: our canonical records as frozen dataclasses, and the small base classes that a channel implements.

All vendor words stop at a connector's mapping; past it there are only these. Money is ``Decimal`` in the currency that stands beside it or, for a store's
catalogue, in ``StoreInfo.currency``. Times are aware UTC. Ids of outside records are text. A connector knows no database: it gets a ``Session`` (address,
credentials, settings, HTTP) and returns or takes these values. It raises ``channels.errors`` only.
"""

from channels.contract.app import AppCall, AppEvent
from channels.contract.capabilities import Can, Family
from channels.contract.catalogue import ChannelProduct, ChannelVariant, StockFigure, StoreInfo
from channels.contract.checks import AddressCheck, Check
from channels.contract.connector import Connector
from channels.contract.declarations import (
    Call,
    CredentialField,
    GuideStep,
    Permission,
    RateHeaders,
    RateLimit,
    SettingField,
)
from channels.contract.hooks import Hook, RegisteredHook, Topic
from channels.contract.listings import (
    ItemOutcome,
    ListingRequest,
    ListingVariant,
    PriceUpdate,
    PublishedListing,
    PublishResult,
    StockUpdate,
)
from channels.contract.order_requests import CreatedOrder, OrderRequest, OrderRequestLine
from channels.contract.orders import ChannelOrder, ChannelOrderLine, RemoteOrderState, RemoteOrderStatus
from channels.contract.reading import STRICT, Reads, readable
from channels.contract.session import Session
from channels.contract.shipments import ChannelShipment, ChannelShipmentLine, ShipmentRequest
from channels.contract.store_connector import Known, StoreConnector

__all__ = [
    "STRICT",
    "AddressCheck",
    "AppCall",
    "AppEvent",
    "Call",
    "Can",
    "ChannelOrder",
    "ChannelOrderLine",
    "ChannelProduct",
    "ChannelShipment",
    "ChannelShipmentLine",
    "ChannelVariant",
    "Check",
    "Connector",
    "CreatedOrder",
    "CredentialField",
    "Family",
    "GuideStep",
    "Hook",
    "ItemOutcome",
    "Known",
    "ListingRequest",
    "ListingVariant",
    "OrderRequest",
    "OrderRequestLine",
    "Permission",
    "PriceUpdate",
    "PublishResult",
    "PublishedListing",
    "RateHeaders",
    "RateLimit",
    "Reads",
    "RegisteredHook",
    "RemoteOrderState",
    "RemoteOrderStatus",
    "Session",
    "SettingField",
    "ShipmentRequest",
    "StockFigure",
    "StockUpdate",
    "StoreConnector",
    "StoreInfo",
    "Topic",
    "readable",
]
