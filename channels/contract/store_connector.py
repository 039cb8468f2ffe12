"""The base of shops: what is read from a store and written to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from channels.contract.capabilities import Family
from channels.contract.catalogue import ChannelProduct, StockFigure
from channels.contract.connector import Connector
from channels.contract.hooks import Hook, RegisteredHook
from channels.contract.listings import ItemOutcome, ListingRequest, PriceUpdate, PublishResult, StockUpdate
from channels.contract.order_requests import CreatedOrder, OrderRequest
from channels.contract.orders import ChannelOrder, RemoteOrderStatus
from channels.contract.shipments import ChannelShipment, ShipmentRequest
from portal.lib.address import Address

if TYPE_CHECKING:
    from channels.http import Http


# Asked with their ids and modifications: the ids whose details need not be read again.
Known = Callable[[Mapping[str, datetime]], Collection[str]]


class StoreConnector(Connector):
    """A shop: goods and orders in, orders, listings and tracking out. Every write is idempotent only through the look-up that stands beside it."""

    family = Family.STORE
    # Whether ``orders`` brings the oldest modification first, so that a walk that was cut can go on where it stood.
    orders_oldest_first: ClassVar[bool] = False

    # -- consent (where ``has_consent``) --
    @classmethod
    def consent_url(
        cls, *, hosts: Mapping[str, str], app: Mapping[str, str], address: str, state: str, return_url: str
    ) -> str:
        """The page at their side where the owner approves."""
        raise NotImplementedError

    @classmethod
    def redeem_consent(
        cls, *, http: Http, hosts: Mapping[str, str], app: Mapping[str, str], query: Mapping[str, str], return_url: str
    ) -> dict[str, str]:
        """Turn the query of the return trip into credentials. Raises NeedsReauthorisation when they refuse the code."""
        raise NotImplementedError

    # -- reading --
    def products(self, *, modified_since: datetime | None = None) -> Iterator[Sequence[ChannelProduct]]:
        """Products with variants, a page at a time, inactive ones included; with ``modified_since`` a superset of what changed since."""
        raise NotImplementedError

    def product(self, remote_id: str) -> ChannelProduct:
        """One product. Raises NotFound."""
        raise NotImplementedError

    def product_count(self) -> int | None:
        """How many products a full walk will bring, None if the store does not tell."""
        return None

    def stock(self) -> Iterator[Sequence[StockFigure]]:
        """Every stock figure, a page at a time."""
        raise NotImplementedError

    def orders(self, *, modified_since: datetime, known: Known | None = None) -> Iterator[Sequence[ChannelOrder]]:
        """Orders modified since (a superset), oldest modification first where the channel can, all statuses.

        Where details cost reads of their own, those that ``known`` names come without lines and addresses.
        """
        raise NotImplementedError

    def changed_orders(self, *, modified_since: datetime) -> Iterator[Sequence[ChannelOrder]]:
        """As ``orders``, for who only wants to know what changed: ``lines`` may be missing where they cost reads of their own."""
        return self.orders(modified_since=modified_since)

    def order(self, remote_id: str) -> ChannelOrder:
        """One order with lines. Raises NotFound."""
        raise NotImplementedError

    def order_statuses(self) -> Sequence[RemoteOrderStatus]:
        """The store's own list of order statuses, in its order; where the channel has ``Can.PULL_STATUSES``. One that was deleted is not in it."""
        raise NotImplementedError

    def shipments(self, remote_order_id: str) -> Sequence[ChannelShipment]:
        """The parcels of one order."""
        raise NotImplementedError

    def setting_choices(self, name: str) -> Sequence[tuple[str, str]]:
        """(value, label) choices of a setting that are read from the store; () when it takes free text."""
        return ()

    # -- writing --
    def find_order(self, *, reference: str, reference_prefix: str, number: int) -> CreatedOrder | None:
        """The order that carries our reference; None when there surely is none. ``line_ids`` keyed by SKU position is impossible: {} means match by content."""
        raise NotImplementedError

    def create_order(self, request: OrderRequest) -> CreatedOrder:
        """Create an order. Raises UnclearOutcome when no clear answer came, Rejected when refused."""
        raise NotImplementedError

    def ensure_customer(self, address: Address, *, key: str) -> str:
        """The id of the customer record that stands for a partner (``key`` makes its e-mail unique); "" where the channel needs none."""
        return ""

    def create_shipment(self, request: ShipmentRequest) -> ChannelShipment:
        """Tell a parcel to the store and set the order's status. Raises UnclearOutcome, Rejected."""
        raise NotImplementedError

    def find_shipment(self, request: ShipmentRequest) -> ChannelShipment | None:
        """The parcel that ``request`` would create, if it is there already (number and lines compared)."""
        raise NotImplementedError

    def publish(self, request: ListingRequest) -> PublishResult:
        """Create or update a product with its variants: hidden first, shown when complete. Looks SKUs up before creating. Safe to repeat."""
        raise NotImplementedError

    def unpublish(self, request: ListingRequest) -> None:
        """Stock 0 and hidden; never deleted."""
        raise NotImplementedError

    def update_stock(self, updates: Sequence[StockUpdate]) -> Iterable[ItemOutcome]:
        """Set available figures (absolute), in the largest batches the channel takes."""
        raise NotImplementedError

    def update_prices(self, updates: Sequence[PriceUpdate]) -> Iterable[ItemOutcome]:
        """Set shelf prices and costs, in the largest batches the channel takes."""
        raise NotImplementedError

    # -- webhooks --
    def hooks(self) -> Sequence[RegisteredHook]:
        """The webhooks that we have at the store."""
        return ()

    def register_hooks(self, address: str) -> None:
        """Make the store call ``address`` for everything we want to hear; repairs what is missing or inactive."""

    def unregister_hooks(self, address: str) -> None:
        """Remove our webhooks that call ``address``."""

    @classmethod
    def verify_hook(
        cls, *, body: bytes, headers: Mapping[str, str], credentials: Mapping[str, str], app: Mapping[str, str]
    ) -> bool:
        """Whether the sender proved itself, in constant time; True for channels that cannot sign (their address is the secret)."""
        return True

    @classmethod
    def parse_hook(cls, *, body: bytes, headers: Mapping[str, str]) -> Sequence[Hook]:
        """The hints in a webhook's body. Raises UnexpectedPayload."""
        raise NotImplementedError
