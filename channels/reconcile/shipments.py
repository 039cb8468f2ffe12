"""The book of shipments: parcels that a retailer's store was told of, and parcels that left a supplier's store."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from channels.contract import ChannelOrder, ChannelShipment, RemoteOrderState, Topic
from channels.models import OrderLink, OutboundKind, ShipmentLink, SupplierOrderLink
from channels.models.reconcile import Difference, DifferenceState
from channels.reconcile.entries import Book, Figures, Pair, Reading, Said, Seen
from channels.reconcile.fetching import Fetcher
from channels.reconcile.in_flight import being_heard, being_sent
from orders.models import LineKind, Shipment

SHIPPING = frozenset({RemoteOrderState.PARTLY_SHIPPED, RemoteOrderState.SHIPPED})
_SEPARATOR = re.compile(r"[\s,;|]+")
# Stores cut a number behind so many characters, and keep no more of them in one field.
LONGEST_NUMBER, LONGEST_FIELD = 50, 90


class Parcels(Book):
    """What both books of parcels share: which orders are read again because a difference about them is not settled."""

    name: ClassVar[str] = "shipments"

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        rows = Difference.objects.filter(integration=reading.integration, book=self.name)
        self.disputed = set(rows.exclude(state=DifferenceState.GONE).values_list("remote_id", flat=True))
        self.shown: set[str] = set()
        self.fetcher = Fetcher(self)

    def rest(self) -> Iterator[list[Pair]]:
        """Orders under dispute that the list did not show."""
        for order in self.fetcher.orders(sorted(self.disputed - self.shown)).values():
            if order is not None:
                yield self.compare([order])

    def note_shown(self, page: Sequence[ChannelOrder]) -> None:
        """Remember which orders under dispute a page brought."""
        self.shown.update(order.remote_id for order in page if order.remote_id in self.disputed)

    def arrived(self, since: datetime | None) -> Figures:
        rows = self.shipments()
        return Figures(rows.filter(recorded_at__gte=since).count() if since else rows.count())

    def closing(self) -> Figures:
        return Figures(self.shipments().count())

    def shipments(self) -> QuerySet[Shipment]:
        """Ours that belong to this book."""
        raise NotImplementedError


class StoreParcels(Parcels):
    """Parcels of partners, as the retailer's store shows them on its orders.

    The parcels of an order cost a read: they are read where the order changed since the last statement, where a parcel was told since, and where the order's
    state does not say that it is under way.
    """

    code: ClassVar[str] = "shipments_told"

    def compare(self, page: Sequence[ChannelOrder]) -> list[Pair]:
        self.note_shown(page)
        links = {link.remote_id: link for link in self._links([order.remote_id for order in page])}
        told = self._told({link.order_id for link in links.values()})
        pairs = []
        for order in page:
            link = links.get(order.remote_id)
            if link is None or order.state == RemoteOrderState.CANCELLED:
                continue
            parcels = told.get(link.order_id, [])
            self.compared += len(parcels)
            if self._is_worth_reading(order, parcels):
                theirs = self.reading.connector.shipments(order.remote_id)
                pairs += self._compare_order(link, order, parcels, theirs)
        return self._without_moving(pairs)

    def rest(self) -> Iterator[list[Pair]]:
        """Orders under dispute, and parcels that the store was never told of although nothing waits to tell them."""
        yield from super().rest()
        linked = OrderLink.objects.filter(
            integration=self.reading.integration, order=OuterRef("supplier_order__order_id")
        )
        untold = Shipment.objects.filter(
            Exists(linked),
            ~Exists(ShipmentLink.objects.filter(integration=self.reading.integration, shipment=OuterRef("pk"))),
            recorded_at__lt=self.reading.settled_before,
        ).select_related("supplier_order__order")
        for shipments in Seen().left_out(untold):
            yield self._without_moving([_untold(shipment) for shipment in shipments])

    def shipments(self) -> QuerySet[Shipment]:
        ours = OrderLink.objects.filter(
            integration=self.reading.integration, order=OuterRef("supplier_order__order_id")
        )
        return Shipment.objects.filter(Exists(ours))

    def _links(self, remote_ids: Sequence[str]) -> QuerySet[OrderLink]:
        rows = OrderLink.objects.filter(integration=self.reading.integration, remote_id__in=remote_ids)
        return rows.select_related("order").annotate(
            own_lines=Count("order__lines", filter=Q(order__lines__kind=LineKind.OWN)),
        )

    def _told(self, order_ids: set[int]) -> dict[int, list[ShipmentLink]]:
        rows = ShipmentLink.objects.filter(
            integration=self.reading.integration, shipment__supplier_order__order_id__in=order_ids
        ).select_related("shipment__supplier_order")
        found: dict[int, list[ShipmentLink]] = defaultdict(list)
        for row in rows:
            found[row.shipment.supplier_order.order_id].append(row)
        return found

    def _is_worth_reading(self, order: ChannelOrder, parcels: Sequence[ShipmentLink]) -> bool:
        since = self.reading.changed_since
        if order.remote_id in self.disputed:
            return True
        if not parcels and order.state not in SHIPPING:
            return False
        if since is None or order.modified_at >= since or any(parcel.created_at >= since for parcel in parcels):
            return True
        return bool(parcels) and order.state not in SHIPPING

    def _compare_order(
        self,
        link: OrderLink,
        order: ChannelOrder,
        told: Sequence[ShipmentLink],
        theirs: Sequence[ChannelShipment],
    ) -> list[Pair]:
        there = {number for parcel in theirs for number in numbers_in(parcel.tracking_number)}
        ours = {number for parcel in told for number in numbers_in(parcel.shipment.tracking_number)}
        is_moving = self.reading.is_fresh(order.modified_at)
        lost = [] if len(", ".join(ours)) > LONGEST_FIELD else [p for p in told if not _is_there(p, theirs, there)]
        pairs = [_parcel_pair("parcel_not_there", parcel.shipment, link) for parcel in lost]
        waiting = self._waiting_numbers(link.order_id)
        if not link.own_lines:  # type: ignore[attr-defined]  # counted by _links
            pairs += [_only_there(link, number) for number in sorted(there - ours - waiting)]
        return [replace(pair, is_on_the_way=is_moving) for pair in pairs]

    def _waiting_numbers(self, order_id: int) -> set[str]:
        """Numbers of all our parcels of an order, those that are not told yet too."""
        rows = Shipment.objects.filter(supplier_order__order_id=order_id).values_list("tracking_number", flat=True)
        return {number for text in rows for number in numbers_in(text)}

    def _without_moving(self, pairs: list[Pair]) -> list[Pair]:
        if not pairs:
            return pairs
        ids = [pair.record[1] for pair in pairs if pair.record and pair.record[0] == "shipment"]
        told = being_sent(self.reading, (OutboundKind.CREATE_SHIPMENT,), ids)
        heard = being_heard(self.reading, (Topic.ORDER, Topic.SHIPMENT), [pair.remote_id for pair in pairs])
        return [
            replace(
                pair,
                is_on_the_way=pair.is_on_the_way
                or pair.remote_id in heard
                or bool(pair.record and pair.record[0] == "shipment" and pair.record[1] in told),
            )
            for pair in pairs
        ]


class SourceParcels(Parcels):
    """Parcels that a supplier's store sent of our orders, and those that we recorded."""

    code: ClassVar[str] = "shipments_sent"

    def compare(self, page: Sequence[ChannelOrder]) -> list[Pair]:
        self.note_shown(page)
        links = SupplierOrderLink.objects.filter(
            integration=self.reading.integration, remote_id__in=[order.remote_id for order in page]
        ).select_related("supplier_order")
        orders = {order.remote_id: order for order in page}
        known = self._known({link.supplier_order_id for link in links})
        pairs = []
        for link in links:
            order, ours = orders[link.remote_id], known.get(link.supplier_order_id, {})
            self.compared += len(ours)
            if self._is_worth_reading(link, order):
                theirs = self.reading.connector.shipments(order.remote_id)
                pairs += self._compare_order(link, order, ours, {self._key(parcel): parcel for parcel in theirs})
        return self._without_moving(pairs)

    def _key(self, parcel: ChannelShipment) -> str:
        return f"{self.reading.integration.source_key}:{parcel.remote_id}"

    def shipments(self) -> QuerySet[Shipment]:
        ours = SupplierOrderLink.objects.filter(
            integration=self.reading.integration, supplier_order=OuterRef("supplier_order_id")
        )
        return Shipment.objects.filter(Exists(ours), source_key__startswith=f"{self.reading.integration.source_key}:")

    def _known(self, ids: set[int]) -> dict[int, dict[str, Shipment]]:
        found: dict[int, dict[str, Shipment]] = defaultdict(dict)
        for shipment in self.shipments().filter(supplier_order_id__in=ids):
            found[shipment.supplier_order_id][shipment.source_key] = shipment
        return found

    def _is_worth_reading(self, link: SupplierOrderLink, order: ChannelOrder) -> bool:
        if order.state == RemoteOrderState.CANCELLED:
            return False
        since = self.reading.changed_since
        is_open = order.state in SHIPPING and not link.is_complete
        is_disputed = order.remote_id in self.disputed
        return is_open or is_disputed or since is None or order.modified_at >= since

    def _compare_order(
        self,
        link: SupplierOrderLink,
        order: ChannelOrder,
        ours: dict[str, Shipment],
        theirs: dict[str, ChannelShipment],
    ) -> list[Pair]:
        pairs = [_unrecorded(link, key, parcel) for key, parcel in theirs.items() if key not in ours]
        for key, shipment in ours.items():
            parcel = theirs.get(key)
            if parcel is None:
                pairs.append(_parcel_pair("parcel_gone_there", shipment, link))
            elif parcel.tracking_number and numbers_in(parcel.tracking_number) != numbers_in(shipment.tracking_number):
                said = Said(parcel.tracking_number[:120])
                pairs.append(replace(_parcel_pair("parcel_number", shipment, link), theirs=said))
        is_moving = self.reading.is_fresh(order.modified_at, pulled_by="pull_shipments")
        return [replace(pair, is_on_the_way=is_moving) for pair in pairs]

    def _without_moving(self, pairs: list[Pair]) -> list[Pair]:
        if not pairs:
            return pairs
        heard = being_heard(self.reading, (Topic.ORDER, Topic.SHIPMENT), [pair.remote_id for pair in pairs])
        return [replace(pair, is_on_the_way=pair.is_on_the_way or pair.remote_id in heard) for pair in pairs]


def numbers_in(text: str) -> set[str]:
    """The tracking numbers in a field, comparable: some stores keep several in one, cut long ones and change the case."""
    return {part.casefold()[:LONGEST_NUMBER] for part in _SEPARATOR.split(text.strip()) if part}


def _is_there(told: ShipmentLink, theirs: Sequence[ChannelShipment], there: set[str]) -> bool:
    wanted = numbers_in(told.shipment.tracking_number)
    return wanted <= there if wanted else bool(theirs)


def _parcel_pair(kind: str, shipment: Shipment, link: OrderLink | SupplierOrderLink) -> Pair:
    return Pair(
        kind=kind,
        key=f"shipment-{shipment.pk}",
        name=f"{shipment.tracking_number or 'Parcel'} of order {link.number or link.remote_id}"[:255],
        ours=Said(shipment.tracking_number[:120] or "no number"),
        theirs=None,
        record=("shipment", shipment.pk),
        remote_id=link.remote_id,
    )


def _untold(shipment: Shipment) -> Pair:
    return Pair(
        kind="parcel_not_told",
        key=f"shipment-{shipment.pk}",
        name=f"{shipment.tracking_number or 'Parcel'} of order {shipment.supplier_order.order.number}"[:255],
        ours=Said(shipment.tracking_number[:120] or "no number"),
        theirs=None,
        record=("shipment", shipment.pk),
        remote_id=shipment.supplier_order.order.source_id,
    )


def _only_there(link: OrderLink, number: str) -> Pair:
    return Pair(
        kind="parcel_only_there",
        key=f"remote-{link.remote_id}-{number}"[:120],
        name=f"{number.upper()} of order {link.number or link.remote_id}"[:255],
        ours=None,
        theirs=Said(number.upper()),
        record=("order", link.order_id),
        remote_id=link.remote_id,
    )


def _unrecorded(link: SupplierOrderLink, key: str, parcel: ChannelShipment) -> Pair:
    return Pair(
        kind="parcel_not_here",
        key=f"parcel-{key}"[:120],
        name=f"{parcel.tracking_number or 'Parcel'} of {link.supplier_order.reference}"[:255],
        ours=None,
        theirs=Said(parcel.tracking_number[:120] or "no number"),
        record=("supplierorder", link.supplier_order_id),
        remote_id=link.remote_id,
    )
