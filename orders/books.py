"""The portal's own books, neutral: what was sold, what was bought for it, and for each line that was read whether it was traded or why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from orders.models import LineKind, Order, OrderLine, OrderState, SupplierOrder
from portal.companies.models import Company

ZERO = Decimal(0)
_HELD = frozenset({OrderState.HELD, OrderState.NEEDS_MATCH})


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A line as it stands in a book; ``key`` is the source's line id (sold) or ours (bought)."""

    key: str
    sku: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class OrderEntry:
    """An order in a book, in ``currency``; ``key`` is the source's id (sold) or our reference (bought)."""

    key: str
    number: str
    state: str
    currency: str
    lines: tuple[LineEntry, ...]

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def money(self) -> Decimal:
        return sum((line.quantity * line.unit_price for line in self.lines), ZERO)


@dataclass(slots=True)
class Account:
    """Every line read, once: traded, held (by code), the retailer's own, cancelled, or in none of these (which is a fault of ours)."""

    read: int = 0
    traded: int = 0
    own: int = 0
    cancelled: int = 0
    held: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)

    @property
    def balances(self) -> bool:
        return not self.unexplained and self.read == self.traded + self.own + self.cancelled + self.held.total()


def sold(company: Company) -> Iterator[OrderEntry]:
    """The retailer's orders as customers placed them, charges left out."""
    for order in _orders(company):
        lines = tuple(
            LineEntry(line.source_line_id, line.sku, line.quantity, line.unit_price)
            for line in order.lines.all()
            if line.kind != LineKind.CHARGE
        )
        yield OrderEntry(order.source_id, order.number, order.state, order.currency, lines)


def bought(*, supplier: Company | None = None, retailer: Company | None = None) -> Iterator[OrderEntry]:
    """Supplier orders of one side or of a pair, cancelled ones left out."""
    rows = SupplierOrder.objects.exclude(state="cancelled").prefetch_related("lines").order_by("pk")
    wanted = {name: value for name, value in (("supplier", supplier), ("retailer", retailer)) if value}
    for row in rows.filter(**wanted).iterator(chunk_size=500):
        lines = tuple(LineEntry(str(one.pk), one.sku, one.quantity, one.unit_price) for one in row.lines.all())
        yield OrderEntry(row.reference, row.outside_number, row.state, row.currency, lines)


def account_of(company: Company) -> Account:
    """traded + held (+ own + cancelled) = lines read, for a retailer."""
    account = Account()
    for order in _orders(company, "lines__supplier_line"):
        for line in order.lines.all():
            if line.kind != LineKind.CHARGE:
                _count(account, order, line)
    return account


def _count(account: Account, order: Order, line: OrderLine) -> None:
    account.read += 1
    if line.kind == LineKind.OWN:
        account.own += 1
    elif order.state == OrderState.CANCELLED:
        account.cancelled += 1
    elif hasattr(line, "supplier_line"):
        account.traded += 1
    elif order.state in _HELD and order.held_code:
        account.held[line.held_code or order.held_code] += 1
    else:
        account.unexplained.append(f"{order.number}: {line}")


def _orders(company: Company, *related: str) -> Iterator[Order]:
    rows = Order.objects.filter(company=company).prefetch_related(*(related or ("lines",))).order_by("pk")
    return rows.iterator(chunk_size=500)
