"""What other parts hand to orders and get back: plain values, no rows. Money is Decimal in the currency that stands beside it; times are aware UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.companies.models.audit import ActorKind
from portal.lib import clock
from portal.lib.address import Address

if TYPE_CHECKING:
    from orders.models import Order
    from portal.companies.models import User
    from portal.companies.scope import Scope

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: ``kind`` is an ``ActorKind`` value, ``name`` what the timeline shows for systems and programs."""

    kind: str = ActorKind.JOB.value
    user: User | None = None
    name: str = ""

    @classmethod
    def person(cls, user: User | None) -> Actor:
        """A person of a company; without one, the portal itself."""
        return cls(kind=ActorKind.PERSON.value, user=user, name=str(user)) if user else cls()

    @classmethod
    def of(cls, scope: Scope) -> Actor:
        """Whoever makes this request: a person, or a program with its key."""
        if scope.key is not None:
            return cls(kind=ActorKind.KEY.value, name=scope.key.name)
        return cls.person(scope.user)


PORTAL = Actor()


@dataclass(frozen=True, slots=True)
class OrderLineData:
    """A line as its source has it. ``total`` = quantity × unit price − discount + tax (tax is inside where the order's prices include it).

    ``variant_id`` and ``listing_id`` are ours where the source's product is linked to a listing; ``is_own`` says it is the retailer's own.
    """

    source_line_id: str
    sku: str
    name: str
    quantity: Decimal
    unit_price: Decimal
    total: Decimal
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    variant_id: int | None = None
    listing_id: int | None = None
    is_own: bool = False
    is_charge: bool = False


@dataclass(frozen=True, slots=True)
class OrderData:
    """An order as its source has it; amounts in ``currency``.

    ``discount`` is what was taken off the whole order and stands on no line; ``tax`` is all tax, that of the lines included. ``destinations`` names more than
    one ship-to address: (address, source line ids) each; empty for the usual single one.
    """

    number: str
    source_id: str
    placed_at: datetime
    currency: str
    lines: tuple[OrderLineData, ...]
    total: Decimal
    subtotal: Decimal = ZERO
    discount: Decimal = ZERO
    tax: Decimal = ZERO
    shipping: Decimal = ZERO
    prices_include_tax: bool = False
    customer_name: str = ""
    customer_email: str = ""
    ship_to: Address = field(default_factory=Address)
    bill_to: Address = field(default_factory=Address)
    destinations: tuple[tuple[Address, tuple[str, ...]], ...] = ()
    shipping_method: str = ""
    comment: str = ""
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: the order, whether it is new, whether anything changed."""

    order: Order
    created: bool
    changed: bool


@dataclass(frozen=True, slots=True)
class ShipmentData:
    """A parcel. ``source_key`` tells a parcel seen twice from a second one; ``lines`` are (supplier order line id, units), empty = all that is open."""

    source_key: str
    source: str
    carrier: str = ""
    tracking_number: str = ""
    service: str = ""
    tracking_url: str = ""
    shipped_at: datetime = field(default_factory=clock.now)
    lines: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class EnteredLine:
    """A line that a person enters: goods of a partner, and how many."""

    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class EnteredOrder:
    """An order that a person or program enters. ``token`` makes a form sent twice one order."""

    token: str
    lines: tuple[EnteredLine, ...]
    ship_to: Address
    number: str = ""
    shipping_method: str = ""
    comment: str = ""
