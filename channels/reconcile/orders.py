"""The book of orders: what customers bought in a retailer's store, there and here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from django.db.models import Count, Q, QuerySet, Sum

from channels.contract import ChannelOrder, RemoteOrderState, Topic
from channels.models import OrderLink, Problem
from channels.models.reconcile import Difference, DifferenceState
from channels.reconcile import lines
from channels.reconcile.entries import Book, Figures, Pair, Reading, Said, Seen
from channels.reconcile.fetching import Fetcher
from channels.reconcile.in_flight import being_heard
from channels.sync.order_walk import OVERLAP
from channels.sync.pull_orders import first_window, is_wanted
from orders.models import Order, OrderState
from portal.lib.money import CENT, ZERO, display

# How far back orders are compared by list; older ones only while they are open.
WINDOW = timedelta(days=30)
FINISHED = (OrderState.SHIPPED, OrderState.CANCELLED)
# A link with what the store says of its order; None where the store does not have it.
Known = tuple[OrderLink, ChannelOrder | None]
CANCELLED = Said("Cancelled", count=0)


def window_of(reading: Reading) -> datetime:
    """Since when changed orders are listed."""
    return max(reading.began - WINDOW, min(first_window(reading.integration), reading.began))


class Orders(Book):
    """Orders of the store that are ours to take in, and those that we took in."""

    name: ClassVar[str] = "orders"
    code: ClassVar[str] = "orders"
    is_money: ClassVar[bool] = True

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading)
        self.seen = Seen()
        self.fetcher = Fetcher(self)
        self.line_reader = lines.LineReader(self, "order_lines")

    def compare(self, page: Sequence[ChannelOrder]) -> list[Pair]:
        theirs = {order.remote_id: order for order in page if not order.reference.startswith(self.reading.tag)}
        links = {link.remote_id: link for link in self._links().filter(remote_id__in=list(theirs))}
        self.seen.add(link.pk for link in links.values())
        known = self._known([(link, theirs[remote_id]) for remote_id, link in links.items()])
        missing = [self._missing(order) for remote_id, order in theirs.items() if remote_id not in links]
        return self._without_moving([*known, *(pair for pair in missing if pair)])

    def rest(self) -> Iterator[list[Pair]]:
        """Ours that the list did not show: read one by one, for a list may leave out what was deleted or is older."""
        disputed = Difference.objects.filter(
            integration=self.reading.integration, book=self.name, record_type="order"
        ).exclude(state=DifferenceState.GONE)
        wanted = self._links().filter(
            Q(remote_modified_at__gte=window_of(self.reading) - OVERLAP)
            | ~Q(order__state__in=FINISHED)
            | Q(order_id__in=disputed.values("record_id"))
        )
        for links in self.seen.left_out(wanted):
            theirs = self.fetcher.orders(link.remote_id for link in links)
            looked = [(link, theirs[link.remote_id]) for link in links if link.remote_id in theirs]
            yield self._without_moving(self._known(looked))

    def closing(self) -> Figures:
        return self._figures(self._links())

    def arrived(self, since: datetime | None) -> Figures:
        return self._figures(self._links().filter(created_at__gte=since) if since else self._links())

    def look_again(self, pairs: list[Pair]) -> list[Pair]:
        """An order that came in while we read on is no longer missing."""
        missing = [pair.remote_id for pair in pairs if pair.ours is None]
        come = set(self._links().filter(remote_id__in=missing).values_list("remote_id", flat=True))
        return [pair for pair in pairs if pair.ours is not None or pair.remote_id not in come]

    def _links(self) -> QuerySet[OrderLink]:
        return OrderLink.objects.filter(integration=self.reading.integration).select_related("order")

    def _figures(self, links: QuerySet[OrderLink]) -> Figures:
        kept = links.exclude(order__state=OrderState.CANCELLED)
        money = Sum("order__total", filter=Q(order__currency=self.reading.integration.currency))
        facts = kept.aggregate(number=Count("pk"), money=money)
        return Figures(facts["number"], facts["money"] or ZERO)

    def _known(self, known: Sequence[Known]) -> list[Pair]:
        """The disagreements about orders that both sides have, or had."""
        self.compared += len(known)
        kinds = [(link, theirs, kind_of(link.order, theirs)) for link, theirs in known]
        alike = [(link, theirs) for link, theirs, kind in kinds if not kind and theirs is not None]
        return [
            *(self._pair(link, theirs, kind) for link, theirs, kind in kinds if kind),
            *self._edited([(link, order) for link, order in alike if link.order.state != OrderState.CANCELLED]),
        ]

    def _edited(self, alike: Sequence[tuple[OrderLink, ChannelOrder]]) -> list[Pair]:
        """Orders whose totals agree and whose lines do not."""
        whole = [(link, order) for link, order in self._with_lines(alike) if order is not None]
        ours = lines.of_orders(link.order_id for link, _ in whole) if whole else {}
        pairs = []
        for link, order in whole:
            gap = lines.gap_of(ours.get(link.order_id, ()), lines.of_store(order), order.currency)
            if gap:
                pairs.append(self._pair(link, order, "order_lines").in_words(*gap))
        return pairs

    def _with_lines(self, alike: Sequence[tuple[OrderLink, ChannelOrder]]) -> Iterator[Known]:
        """Lines that cost a read are read where the store changed the order since we took it in, or told of a change that was not followed."""
        bare = {link.order_id: link for link, order in alike if not order.lines}
        told = _told_changed(bare) if bare else frozenset()
        for link, order in alike:
            is_newer = link.remote_modified_at is None or order.modified_at > link.remote_modified_at
            yield link, self.line_reader.whole(order, is_wanted=is_newer or link.order_id in told)

    def _pair(self, link: OrderLink, theirs: ChannelOrder | None, kind: str) -> Pair:
        return Pair(
            kind=kind,
            key=f"order-{link.order_id}",
            name=f"Order {link.number or link.order.number}",
            ours=said_of(link.order, self._money),
            theirs=self._said(theirs) if theirs else None,
            record=("order", link.order_id),
            remote_id=link.remote_id,
            value=link.order.total,
            currency=link.order.currency,
            is_on_the_way=bool(theirs and self.reading.is_fresh(theirs.modified_at, pulled_by="pull_orders"))
            or link.created_at >= self.reading.began,
        )

    def _missing(self, order: ChannelOrder) -> Pair | None:
        """An order that we should have taken in and did not."""
        is_older = order.modified_at < first_window(self.reading.integration) - OVERLAP
        if is_older or not is_wanted(self.reading.statuses, order, None):
            return None
        self.compared += 1
        return Pair(
            kind="order_not_here",
            key=f"remote-{order.remote_id}",
            name=f"Order {order.number}",
            ours=None,
            theirs=self._said(order),
            remote_id=order.remote_id,
            value=order.total,
            currency=order.currency,
            is_on_the_way=self.reading.is_fresh(order.modified_at, pulled_by="pull_orders"),
        )

    def _without_moving(self, pairs: list[Pair]) -> list[Pair]:
        heard = being_heard(self.reading, (Topic.ORDER,), [pair.remote_id for pair in pairs]) if pairs else set()
        found = [replace(pair, is_on_the_way=True) if pair.remote_id in heard else pair for pair in pairs]
        self.reading.coming_orders.update(pair.remote_id for pair in found if pair.is_on_the_way and pair.ours is None)
        return found

    def _said(self, order: ChannelOrder) -> Said:
        if order.state == RemoteOrderState.CANCELLED:
            return CANCELLED
        return Said(display(order.total, order.currency), self._money(order))

    def _money(self, order: Order | ChannelOrder) -> Decimal:
        """What it adds to the sum: amounts in other currencies are never added up."""
        return order.total if order.currency == self.reading.integration.currency else ZERO


def _told_changed(order_ids: Iterable[int]) -> frozenset[int]:
    """Those of our orders whose store changed them after they were sent on, which nobody settled yet."""
    rows = Problem.objects.open().filter(code="changed_at_store", record_type="order", record_id__in=list(order_ids))
    return frozenset(pk for pk in rows.values_list("record_id", flat=True) if pk)


def said_of(order: Order, money: Callable[[Order], Decimal]) -> Said:
    """Our side of an order."""
    return (
        CANCELLED if order.state == OrderState.CANCELLED else Said(display(order.total, order.currency), money(order))
    )


def kind_of(order: Order, theirs: ChannelOrder | None) -> str:
    """How the store's order differs from ours; "" where they agree."""
    is_off = order.state == OrderState.CANCELLED
    if theirs is None:
        return "" if is_off else "order_gone_there"
    if (theirs.state == RemoteOrderState.CANCELLED) != is_off:
        return "order_cancelled_here" if is_off else "order_cancelled_there"
    differs = theirs.currency != order.currency or abs(theirs.total - order.total) > CENT
    return "order_total" if differs and not is_off else ""
