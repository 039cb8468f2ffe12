"""What a connector is: our canonical records as frozen dataclasses, and the small base classes that a channel implements.

All vendor words stop at a connector's mapping; past it there are only these. Money is ``Decimal`` in the currency that stands beside it or, for a store's
catalogue, in ``StoreInfo.currency``. Times are aware UTC. Ids of outside records are text. A connector knows no database: it gets a ``Session`` (address,
credentials, settings, HTTP) and returns or takes these values. It raises ``channels.errors`` only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from portal.lib.address import Address

if TYPE_CHECKING:
    from channels.http import Http


class Family(StrEnum):
    STORE = "store"
    CRM = "crm"
    FULFILMENT = "fulfilment"


class Can(StrEnum):
    """What a channel is able to do; the portal greys out the rest."""

    PULL_PRODUCTS = "pull_products"
    PULL_STOCK = "pull_stock"
    PULL_ORDERS = "pull_orders"
    PUSH_ORDERS = "push_orders"
    PULL_SHIPMENTS = "pull_shipments"
    PUSH_SHIPMENTS = "push_shipments"
    PUSH_LISTINGS = "push_listings"
    PUSH_STOCK = "push_stock"
    PUSH_PRICES = "push_prices"
    WEBHOOKS = "webhooks"
    CREATE_OPTIONS = "create_options"


# --- What a connector declares about itself ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One thing a person enters to connect. ``placeholder`` shows its form; ``is_secret`` fields are never shown again."""

    name: str
    label: str
    help: str = ""
    placeholder: str = ""
    is_secret: bool = False
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that we ask for. ``why`` is for the person, ``menu`` the path in their system that grants it."""

    name: str
    access: str
    why: str
    menu: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class GuideStep:
    """One numbered instruction of the connect guide; ``link`` opens in a new tab."""

    text: str
    link: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class SettingField:
    """A choice per integration. The values to choose from come from ``StoreConnector.setting_choices`` where they are read from the store."""

    name: str
    label: str
    help: str = ""
    default: str = ""
    is_required: bool = False
    # "supplies" or "sells" for a choice that matters in that direction only.
    role: str = ""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The documented budget: ``requests`` per ``seconds`` (a window), or a bucket ``burst`` deep that leaks ``requests``/``seconds``."""

    requests: int
    seconds: float
    burst: int = 0


@dataclass(frozen=True, slots=True)
class RateHeaders:
    """Names of the answer headers that tell a window's state: requests left, milliseconds to its turn, and its size."""

    left: str
    reset_ms: str
    quota: str


@dataclass(frozen=True, slots=True)
class AddressCheck:
    """What typing a store address gave: the ``cleaned`` form, and a sentence when ``level`` is "warning" (may go on) or "error" (may not)."""

    cleaned: str
    level: str = "ok"
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the connection check: what was tried, whether it passed (None: not provable), and what to do if not.

    ``code`` is the cause when it failed, ``field`` the credential field at fault.
    """

    name: str
    passed: bool | None
    sentence: str
    menu: str = ""
    field: str = ""
    code: str = ""
    is_optional: bool = False


class AppEvent(StrEnum):
    """What a platform tells the address of our own app."""

    INSTALLED = "installed"
    OPENED = "opened"
    REMOVED = "removed"
    USER_REMOVED = "user_removed"
    AUTHORISED = "authorised"


@dataclass(frozen=True, slots=True)
class AppCall:
    """A call of our app's address, proved where the platform can prove it.

    ``store_id`` and ``address`` name the store as far as it is told. ``credentials`` is what a server told us for a wizard that waits for ``address``: where
    ``is_proved`` is False, it must be tried before it is trusted.
    """

    event: AppEvent
    store_id: str = ""
    address: str = ""
    credentials: Mapping[str, str] = field(default_factory=dict)
    is_proved: bool = False


# --- Canonical records ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoreInfo:
    """Who the store says it is. ``store_id`` is its identity; ``time_zone`` an IANA name, "" when the store does not tell a usable one."""

    store_id: str
    name: str
    currency: str
    time_zone: str = ""
    address: str = ""
    plan: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ChannelVariant:
    """What is stocked and ordered. ``remote_id`` identifies it inside its product and never is a SKU; ``stock`` None = not tracked."""

    remote_id: str
    sku: str
    name: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    barcode: str = ""
    price: Decimal | None = None
    cost: Decimal | None = None
    msrp: Decimal | None = None
    map_price: Decimal | None = None
    weight: Decimal | None = None
    image_url: str = ""
    stock: int | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ChannelProduct:
    """A product of a store with all its variants (one at least, also when the store has no choices)."""

    remote_id: str
    name: str
    variants: tuple[ChannelVariant, ...]
    description: str = ""
    brand: str = ""
    category: str = ""
    image_url: str = ""
    is_active: bool = True
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StockFigure:
    """Units on hand of one variant in one place."""

    remote_product_id: str
    remote_variant_id: str
    on_hand: int
    location: str = "default"


@dataclass(frozen=True, slots=True)
class ChannelOrderLine:
    """A line as the store has it. ``remote_product_id``/``remote_variant_id`` are "" for free lines; ``total`` = quantity × unit − discount + tax."""

    remote_id: str
    sku: str
    name: str
    quantity: Decimal
    unit_price: Decimal
    remote_product_id: str = ""
    remote_variant_id: str = ""
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    total: Decimal = Decimal(0)
    is_charge: bool = False


class RemoteOrderState(StrEnum):
    """What a store's order status means to us."""

    NEW = "new"
    PROCESSING = "processing"
    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    HELD = "held"
    INCOMPLETE = "incomplete"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class ChannelOrder:
    """An order of a store. ``reference`` is whatever stands in the field that carries ours; ``status`` the vendor's id of ``state``."""

    remote_id: str
    number: str
    status: str
    state: RemoteOrderState
    placed_at: datetime
    modified_at: datetime
    currency: str
    lines: tuple[ChannelOrderLine, ...]
    total: Decimal
    subtotal: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    prices_include_tax: bool = False
    ship_to: Address = field(default_factory=Address)
    bill_to: Address = field(default_factory=Address)
    # More than one ship-to address: (address, remote line ids) each; empty for the usual single one.
    destinations: tuple[tuple[Address, tuple[str, ...]], ...] = ()
    shipping_method: str = ""
    comment: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class ChannelShipmentLine:
    remote_line_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class ChannelShipment:
    """A parcel as a store or provider has it. Empty ``lines`` = everything that was still open."""

    remote_id: str
    tracking_number: str
    carrier: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    lines: tuple[ChannelShipmentLine, ...] = ()
    tracking_url: str = ""


@dataclass(frozen=True, slots=True)
class RemoteOrderStatus:
    """A row of the store's own status list, with the label its people gave it."""

    remote_id: str
    label: str
    state: RemoteOrderState


# --- What we ask a store to do ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OrderRequestLine:
    """A line to create: our line's id comes back in ``CreatedOrder.line_ids``."""

    line_id: str
    sku: str
    name: str
    quantity: int
    unit_price: Decimal
    remote_product_id: str
    remote_variant_id: str


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """An order to create in a supplier's store: net prices, tax 0. ``reference`` = ``reference_prefix`` + "-" + ``number``.

    ``bill_to`` is the retailer's company, ``ship_to`` the consumer; ``customer_remote_id`` the customer record at the store for the partnership, where the
    channel needs one.
    """

    reference: str
    reference_prefix: str
    number: int
    currency: str
    placed_at: datetime
    lines: tuple[OrderRequestLine, ...]
    bill_to: Address
    ship_to: Address
    shipping_cost: Decimal = Decimal(0)
    shipping_method: str = ""
    comment: str = ""
    customer_remote_id: str = ""


@dataclass(frozen=True, slots=True)
class CreatedOrder:
    """The outside order made for a supplier order: their id, the number a person sees there, and our line id → their line id."""

    remote_id: str
    number: str
    line_ids: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShipmentRequest:
    """A parcel to tell to the retailer's store. ``lines`` are the store's own line ids; ``completes`` says nothing is left open after it.

    ``other_tracking`` are the numbers told before, for channels that keep all numbers in one field.
    """

    remote_order_id: str
    tracking_number: str
    carrier: str
    shipped_at: datetime
    lines: tuple[ChannelShipmentLine, ...]
    completes: bool
    service: str = ""
    tracking_url: str = ""
    other_tracking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListingVariant:
    """A variant to publish. ``price`` is the shelf price and ``cost`` the dropship price, both in the store's currency; ``listing_id`` comes back."""

    listing_id: str
    sku: str
    price: Decimal
    stock: int
    options: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    cost: Decimal | None = None
    msrp: Decimal | None = None
    barcode: str = ""
    weight: Decimal | None = None
    image_url: str = ""
    is_active: bool = True
    remote_product_id: str = ""
    remote_variant_id: str = ""


@dataclass(frozen=True, slots=True)
class ListingRequest:
    """A product to publish with the chosen variants. ``remote_product_id`` is set when it is there already: then it is updated, not made again."""

    name: str
    variants: tuple[ListingVariant, ...]
    description: str = ""
    brand: str = ""
    category: str = ""
    image_url: str = ""
    is_visible: bool = True
    remote_product_id: str = ""


@dataclass(frozen=True, slots=True)
class PublishedListing:
    """Where a listing lives in the retailer's store."""

    listing_id: str
    remote_product_id: str
    remote_variant_id: str


@dataclass(frozen=True, slots=True)
class PublishResult:
    """What came of publishing a product. ``notes`` are sentences on what the channel could not take (skipped images, split variants)."""

    listings: tuple[PublishedListing, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StockUpdate:
    remote_product_id: str
    remote_variant_id: str
    available: int


@dataclass(frozen=True, slots=True)
class PriceUpdate:
    """Shelf price and cost of a listing in the store's currency."""

    remote_product_id: str
    remote_variant_id: str
    price: Decimal
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """How one entry of a bulk write went; ``error`` is None when it was taken."""

    remote_product_id: str
    remote_variant_id: str
    error: Exception | None = None


# --- Webhooks ---------------------------------------------------------------------------------------------------------


class Topic(StrEnum):
    """What a webhook is about: which step it wakes."""

    PRODUCT = "product"
    STOCK = "stock"
    ORDER = "order"
    SHIPMENT = "shipment"
    REMOVED = "removed"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Hook:
    """A parsed webhook: a hint only. ``event_id`` is stable over redeliveries."""

    event_id: str
    topic: Topic
    remote_id: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredHook:
    remote_id: str
    topic: str
    address: str
    is_active: bool


# --- The session and the base classes ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """All that a connector gets: how to reach one store.

    ``hosts`` and ``app`` are the installation's entries for (kind, live or sandbox); ``credentials`` and ``settings`` those of the integration;
    ``store_id`` its known identity ("" before the first check); ``time_zone`` the store's IANA zone as confirmed by a person.
    """

    http: Http
    hosts: Mapping[str, str]
    credentials: Mapping[str, str]
    app: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    store_id: str = ""
    store_address: str = ""
    currency: str = ""
    time_zone: str = ""


class Connector:
    """Base of all connectors: what the gallery, wizard and settings are drawn from. A subclass is mostly a table of declarations."""

    # Pages draw from the class itself; Django would make an instance of it.
    do_not_call_in_templates: ClassVar[bool] = True

    kind: ClassVar[str]
    label: ClassVar[str]
    # Also found under these names in search, pickers and help.
    other_names: ClassVar[tuple[str, ...]] = ()
    monogram: ClassVar[str]
    family: ClassVar[Family]
    description: ClassVar[str]
    can: ClassVar[frozenset[Can]] = frozenset()
    credential_fields: ClassVar[tuple[CredentialField, ...]] = ()
    permissions: ClassVar[tuple[Permission, ...]] = ()
    setting_fields: ClassVar[tuple[SettingField, ...]] = ()
    guide: ClassVar[tuple[GuideStep, ...]] = ()
    rate_limit: ClassVar[RateLimit]
    # Where the channel's answers tell the state of the budget; None for channels that do not.
    rate_headers: ClassVar[RateHeaders | None] = None
    address_label: ClassVar[str] = "Store address"
    address_help: ClassVar[str] = ""
    address_placeholder: ClassVar[str] = ""
    # The credential field that holds the store's address, "" where the address is no credential.
    address_field: ClassVar[str] = ""
    # Whether connecting goes through a consent page of theirs (``consent_url``) rather than pasted credentials.
    has_consent: ClassVar[bool] = False
    # The last part of our app's addresses that their browsers open → what it means; {} for channels without an app to install.
    app_routes: ClassVar[Mapping[str, AppEvent]] = {}
    # The origins in whose frames those addresses are shown.
    app_frames: ClassVar[tuple[str, ...]] = ()

    def __init__(self, session: Session) -> None:
        self.session = session

    @classmethod
    def clean_address(cls, typed: str) -> AddressCheck:
        """Clean what a person typed as the store's address. By form only: no request is made."""
        return AddressCheck(cleaned=typed.strip())

    @classmethod
    def parse_paste(cls, text: str) -> dict[str, str]:
        """Credential fields found in a text dropped or pasted as a whole; {} when there are none."""
        return {}

    @classmethod
    def clean_credential(cls, name: str, typed: str) -> AddressCheck:
        """Clean one credential field as typed. By form only: no request is made."""
        return cls.clean_address(typed) if name and name == cls.address_field else AddressCheck(cleaned=typed)

    @classmethod
    def read_app_call(cls, what: str, *, query: Mapping[str, str], app: Mapping[str, str]) -> AppCall:
        """A browser's or server's GET of the address ``what`` of our app. Raises Rejected for a signature that does not fit, UnexpectedPayload."""
        raise NotImplementedError

    @classmethod
    def read_app_message(cls, body: bytes, *, app: Mapping[str, str]) -> AppCall:
        """A POST to our app's address. Raises Rejected when it is meant for another app, UnexpectedPayload."""
        raise NotImplementedError

    def check(self) -> Iterator[Check]:
        """Try the credentials: reached, accepted, store read back, each permission. Yields as it goes; never raises ChannelError."""
        raise NotImplementedError

    def store_info(self) -> StoreInfo:
        """Read the store back. Raises NeedsReauthorisation, Misconfigured or Unavailable."""
        raise NotImplementedError


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

    def orders(self, *, modified_since: datetime) -> Iterator[Sequence[ChannelOrder]]:
        """Orders modified since (a superset), oldest modification first where the channel can, all statuses."""
        raise NotImplementedError

    def changed_orders(self, *, modified_since: datetime) -> Iterator[Sequence[ChannelOrder]]:
        """As ``orders``, for who only wants to know what changed: ``lines`` may be missing where they cost reads of their own."""
        return self.orders(modified_since=modified_since)

    def order(self, remote_id: str) -> ChannelOrder:
        """One order with lines. Raises NotFound."""
        raise NotImplementedError

    def order_statuses(self) -> Sequence[RemoteOrderStatus]:
        """The store's own status list."""
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
