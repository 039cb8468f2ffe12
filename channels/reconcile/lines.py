"""The lines of orders on both sides: what was bought, how many units, at what price each. A hand edit may leave the total alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from catalog.models import sku_key
from channels.contract import ChannelOrder, ChannelOrderLine
from channels.errors import NotFound
from channels.models import SupplierOrderLink, VariantLink
from channels.models.reconcile import Difference, DifferenceState
from channels.reconcile.entries import Book
from orders.models import LineKind, OrderLine, SupplierOrderLine
from portal.lib.money import ZERO, display

# Orders that a list brought without lines and that one reconciliation of a book reads for them; what is beyond waits for the next.
MOST_READS = 500
# Prices are kept with four places.
STORED = Decimal("0.0001")
LONGEST = 200
# Units by SKU and price.
Units = dict[tuple[str, Decimal], Decimal]


@dataclass(frozen=True, slots=True)
class Line:
    """What one side says of some units. ``what`` is the SKU, or the name of goods without one."""

    what: str
    units: Decimal
    price: Decimal

    @classmethod
    def of(cls, sku: str, name: str, units: Decimal | int | str, price: Decimal) -> Line:
        return cls(sku.strip()[:255] or name.strip()[:400], Decimal(units), price.quantize(STORED))

    @property
    def key(self) -> tuple[str, Decimal]:
        return sku_key(self.what), self.price


def gap_of(ours: Iterable[Line], theirs: Iterable[Line], currency: str) -> tuple[str, str] | None:
    """What only our side says and what only theirs does, in words; None where they agree.

    Units of the same goods at the same price count together: a store may split a line to ship a part of it.
    """
    ours, theirs = list(ours), list(theirs)
    names = {line.key: line.what for line in (*theirs, *ours)}
    here, there = _units(ours), _units(theirs)
    only_here, only_there = _beyond(here, there), _beyond(there, here)
    if not only_here and not only_there:
        return None
    return _words(only_here, names, currency), _words(only_there, names, currency)


def _beyond(units: Units, others: Units) -> Units:
    """What one side says more of than the other."""
    return {key: number - others.get(key, ZERO) for key, number in units.items() if number > others.get(key, ZERO)}


def _units(lines: Iterable[Line]) -> Units:
    found: Units = defaultdict(Decimal)
    for line in lines:
        found[line.key] += line.units
    return found


def _words(units: Units, names: dict[tuple[str, Decimal], str], currency: str) -> str:
    said = [
        f"{number.normalize():f} × {names[key][:60]} at {display(key[1], currency)}" for key, number in units.items()
    ]
    words = "; ".join(said) or "nothing more"
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"


def of_orders(order_ids: Iterable[int]) -> dict[int, list[Line]]:
    """Our lines by order, as their source had them when they were taken in; fees and postage are in the total. One query."""
    found: dict[int, list[Line]] = defaultdict(list)
    rows = OrderLine.objects.filter(order_id__in=list(order_ids)).exclude(kind=LineKind.CHARGE)
    for row in rows.only("order_id", "sku", "name", "quantity", "quantity_as_received", "unit_price"):
        units = row.quantity_as_received or row.quantity
        found[row.order_id].append(Line.of(row.sku, row.name, units, row.unit_price))
    return found


def of_store(order: ChannelOrder) -> list[Line]:
    """Their lines of an order of their own."""
    return [Line.of(one.sku, one.name, one.quantity, one.unit_price) for one in order.lines if not one.is_charge]


class BoughtLines:
    """Our lines of some supplier orders, and theirs told in our words: identity is the store's id of the goods, a SKU may be renamed. Two queries."""

    def __init__(self, links: Iterable[SupplierOrderLink], integration_id: int) -> None:
        self.ours: dict[int, list[SupplierOrderLine]] = defaultdict(list)
        rows = SupplierOrderLine.objects.filter(supplier_order_id__in=[link.supplier_order_id for link in links])
        for row in rows:
            self.ours[row.supplier_order_id].append(row)
        variants = {row.variant_id for lines in self.ours.values() for row in lines}
        known = VariantLink.objects.filter(integration=integration_id, variant_id__in=variants)
        self._places = {link.variant_id: (link.remote_product_id, link.remote_id) for link in known}

    def gap(self, link: SupplierOrderLink, order: ChannelOrder, currency: str) -> tuple[str, str] | None:
        """How the lines of their order differ from those that we asked for; None where they agree."""
        ours = self.ours[link.supplier_order_id]
        skus = {self._places.get(row.variant_id): row.sku for row in ours}
        return gap_of(
            [Line.of(row.sku, row.name, row.quantity, row.unit_price) for row in ours],
            [self._told(line, skus) for line in order.lines if not line.is_charge],
            currency,
        )

    def _told(self, line: ChannelOrderLine, skus: dict[tuple[str, str] | None, str]) -> Line:
        sku = skus.get((line.remote_product_id, line.remote_variant_id), line.sku)
        return Line.of(sku, line.name, line.quantity, line.unit_price)


class LineReader:
    """Brings the lines of orders that a list showed without them, within a bound. ``stopped_at`` is the modification at which the bound was reached."""

    def __init__(self, book: Book, kind: str) -> None:
        self.book = book
        self.left = MOST_READS
        self.stopped_at: datetime | None = None
        rows = Difference.objects.filter(integration=book.reading.integration, book=book.name, kind=kind)
        # What was found to differ is read again until it agrees, whatever else there is to read.
        self._disputed = set(rows.exclude(state=DifferenceState.GONE).values_list("remote_id", flat=True))

    def whole(self, order: ChannelOrder, *, is_wanted: bool) -> ChannelOrder | None:
        """``order`` with its lines; None where they need not or cannot be compared now. Raises ChannelError."""
        if order.lines:
            return order
        is_disputed = order.remote_id in self._disputed
        if not is_disputed and not is_wanted:
            return None
        if not is_disputed and self.left <= 0:
            self.stopped_at = self.stopped_at or order.modified_at
            return None
        self.left -= not is_disputed
        reading = self.book.reading
        try:
            return reading.statuses.read(reading.connector.order(order.remote_id))
        except NotFound:
            return None
