"""The book of supplier orders: what we made in a supplier's store for its partners, there and here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from channels.contract import ChannelOrder, RemoteOrderState, Topic
from channels.models import Outbound, OutboundKind, OutboundState, SupplierOrderLink, VariantLink
from channels.models.outbox import LIVE_STATES
from channels.models.reconcile import Difference, DifferenceState
from channels.reconcile import lines
from channels.reconcile.entries import Book, Figures, Pair, Reading, Said, Seen
from channels.reconcile.fetching import Fetcher
from channels.reconcile.in_flight import being_heard, being_sent
from channels.reconcile.orders import WINDOW
from orders.models import SupplierOrder, SupplierOrderLine, SupplierOrderState
from portal.lib.money import CENT, ZERO, display

State = SupplierOrderState
# A link with what the store says of its order; None where the store does not have it.
Known = tuple[SupplierOrderLink, ChannelOrder | None]
CANCELLED = Said("Cancelled", count=0)


class Bought(Book):
    """Orders of ours in the store, by the links and by our reference."""

    name: ClassVar[str] = "bought"
    code: ClassVar[str] = "bought"
    is_money: ClassVar[bool] = True

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.seen = Seen()
        self.fetcher = Fetcher(self)
        self.line_reader = lines.LineReader(self, "bought_lines")

    def compare(self, page: Sequence[ChannelOrder]) -> list[Pair]:
        theirs = {order.remote_id: order for order in page}
        links = {link.remote_id: link for link in self._links().filter(remote_id__in=list(theirs))}
        self.seen.add(link.pk for link in links.values())
        pairs = self._known([(link, theirs[remote_id]) for remote_id, link in links.items()])
        pairs += self._strangers([order for order in page if order.remote_id not in links])
        return self._without_moving([pair for pair in pairs if pair])

    def rest(self) -> Iterator[list[Pair]]:
        """Ours that the list did not show, and those that were never sent although nothing holds them."""
        disputed = Difference.objects.filter(
            integration=self.reading.integration, book=self.name, record_type="supplierorder"
        ).exclude(state=DifferenceState.GONE)
        wanted = self._links().filter(
            Q(created_at__gte=self.reading.began - WINDOW)
            | Q(is_complete=False)
            | Q(supplier_order_id__in=disputed.values("record_id"))
        )
        for links in self.seen.left_out(wanted):
            theirs = self.fetcher.orders(link.remote_id for link in links)
            looked = [(link, theirs[link.remote_id]) for link in links if link.remote_id in theirs]
            yield self._without_moving(self._known(looked))
        for orders in Seen().left_out(self._unsent()):
            yield [_unsent(order) for order in orders]

    def closing(self) -> Figures:
        return self._figures(self._links())

    def arrived(self, since: datetime | None) -> Figures:
        return self._figures(self._links().filter(created_at__gte=since) if since else self._links())

    def _links(self) -> QuerySet[SupplierOrderLink]:
        rows = SupplierOrderLink.objects.filter(integration=self.reading.integration)
        return rows.select_related("supplier_order")

    def _figures(self, links: QuerySet[SupplierOrderLink]) -> Figures:
        kept = links.exclude(supplier_order__state=State.CANCELLED)
        facts = kept.aggregate(number=Count("pk"), money=Sum("supplier_order__total"))
        return Figures(facts["number"], facts["money"] or ZERO)

    def _known(self, known: Sequence[Known]) -> list[Pair]:
        """The disagreements about orders that we made."""
        self.compared += len(known)
        kinds = [(link, theirs, kind_of(link.supplier_order, theirs)) for link, theirs in known]
        alike = [(link, theirs) for link, theirs, kind in kinds if not kind and theirs is not None]
        return [
            *(self._linked(link, theirs, kind) for link, theirs, kind in kinds if kind),
            *self._edited([(link, order) for link, order in alike if link.supplier_order.state != State.CANCELLED]),
        ]

    def _edited(self, alike: Sequence[tuple[SupplierOrderLink, ChannelOrder]]) -> list[Pair]:
        """Orders whose totals agree and whose lines do not."""
        read = [(link, self.line_reader.whole(order, is_wanted=self._changed(order))) for link, order in alike]
        whole = [(link, order) for link, order in read if order is not None]
        if not whole:
            return []
        ours = lines.BoughtLines([link for link, _ in whole], self.reading.integration.pk)
        gaps = [(link, order, ours.gap(link, order, order.currency)) for link, order in whole]
        return [self._linked(link, order, "bought_lines").in_words(*gap) for link, order, gap in gaps if gap]

    def _changed(self, order: ChannelOrder) -> bool:
        """Whether the store changed it since lines were compared last; lines that cost a read are read only then."""
        since = self.reading.lines_from(self.code)
        return since is None or order.modified_at >= since

    def facts(self) -> dict[str, str]:
        """Where the bound on reads ended the comparing of lines: the next reconciliation goes on from there."""
        stopped = self.line_reader.stopped_at
        return {"lines_from": stopped.isoformat()} if stopped else {}

    def _linked(self, link: SupplierOrderLink, theirs: ChannelOrder | None, kind: str) -> Pair:
        order = link.supplier_order
        return replace(
            _pair(order, kind),
            ours=CANCELLED if order.state == State.CANCELLED else Said(_words(order), order.total),
            theirs=_said(theirs) if theirs else None,
            remote_id=link.remote_id,
            is_on_the_way=link.created_at >= self.reading.began
            or bool(theirs and self.reading.is_fresh(theirs.modified_at)),
        )

    def _strangers(self, orders: Sequence[ChannelOrder]) -> list[Pair]:
        """Orders that carry a reference of ours and are not the one that we know of: made twice, or never noted."""
        marked = {order.reference: order for order in orders if order.reference.startswith(self.reading.tag)}
        ours = SupplierOrder.objects.filter(supplier=self.reading.integration.company_id, reference__in=list(marked))
        linked = set(self._links().filter(supplier_order__in=ours).values_list("supplier_order_id", flat=True))
        pairs = [self._stranger(order, marked[order.reference], is_linked=order.pk in linked) for order in ours]
        return [pair for pair in pairs if pair]

    def _stranger(self, order: SupplierOrder, theirs: ChannelOrder, *, is_linked: bool) -> Pair | None:
        if is_linked and theirs.state == RemoteOrderState.CANCELLED:
            return None
        self.compared += 1
        pair = _pair(order, "bought_twice" if is_linked else "bought_not_linked")
        return replace(
            pair,
            key=f"remote-{theirs.remote_id}",
            ours=None,
            theirs=_said(theirs),
            remote_id=theirs.remote_id,
            is_on_the_way=self.reading.is_fresh(theirs.modified_at),
        )

    def _without_moving(self, pairs: list[Pair]) -> list[Pair]:
        if not pairs:
            return pairs
        ids = [pair.record[1] for pair in pairs if pair.record]
        sent = being_sent(self.reading, (OutboundKind.CREATE_ORDER,), ids)
        heard = being_heard(self.reading, (Topic.ORDER, Topic.SHIPMENT), [pair.remote_id for pair in pairs])
        return [
            replace(pair, is_on_the_way=True)
            if pair.remote_id in heard or (pair.record and pair.record[1] in sent)
            else pair
            for pair in pairs
        ]

    def _unsent(self) -> QuerySet[SupplierOrder]:
        """Accepted, not held, of goods of this store, and nothing waits to send them or was refused."""
        integration = self.reading.integration
        goods = SupplierOrderLine.objects.filter(
            supplier_order=OuterRef("pk"),
            variant_id__in=VariantLink.objects.filter(integration=integration).values("variant_id"),
        )
        told = Outbound.objects.filter(
            kind=OutboundKind.CREATE_ORDER,
            record_id=OuterRef("pk"),
            state__in=(*LIVE_STATES, OutboundState.REFUSED),
        )
        return SupplierOrder.objects.filter(
            ~Exists(told),
            Exists(goods),
            supplier=integration.company_id,
            state=State.WAITING,
            accepted_at__lt=self.reading.settled_before,
            links=None,
        )


def kind_of(order: SupplierOrder, theirs: ChannelOrder | None) -> str:
    """How the store's order differs from the one that we made; "" where they agree."""
    is_off = order.state == State.CANCELLED
    if theirs is None:
        return "" if is_off else "bought_gone_there"
    if (theirs.state == RemoteOrderState.CANCELLED) != is_off:
        return "bought_cancelled_here" if is_off else "bought_cancelled_there"
    differs = theirs.currency != order.currency or abs(theirs.total - order.total) > CENT
    return "bought_total" if differs and not is_off else ""


def _pair(order: SupplierOrder, kind: str) -> Pair:
    return Pair(
        kind=kind,
        key=f"supplierorder-{order.pk}",
        name=order.reference,
        ours=None,
        theirs=None,
        record=("supplierorder", order.pk),
        value=order.total,
        currency=order.currency,
    )


def _unsent(order: SupplierOrder) -> Pair:
    # It is in neither statement: only what was sent is in this book.
    return replace(_pair(order, "bought_not_sent"), ours=Said(_words(order), count=0))


def _words(order: SupplierOrder) -> str:
    return display(order.total, order.currency)


def _said(order: ChannelOrder) -> Said:
    if order.state == RemoteOrderState.CANCELLED:
        return CANCELLED
    return Said(f"{display(order.total, order.currency)}, order {order.number}", order.total)
