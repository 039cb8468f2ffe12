"""One direction of the journey, from an empty shelf to shipped orders with tracking."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q

from catalog import services as catalog
from catalog.models import Listing, Variant
from channels.dispatch import wake
from channels.models import (
    ListingLink,
    Outbound,
    OutboundKind,
    OutboundState,
    Problem,
    ProblemState,
    ShipmentLink,
    StepState,
)
from channels.models.outbox import LIVE_STATES
from channels.sync.runner import run_step
from orders.models import Order, OrderState, Shipment, SupplierOrder, SupplierOrderState
from portal.journey.books import Balance, compare
from portal.journey.goods import Trade
from portal.journey.latency import Latency, order_to_supplier
from portal.journey.people import order_body
from portal.journey.trade_cast import Pair, Side, connect, make_pair, price
from portal.journey.waiting import wait_for
from portal.lib import clock

OUT_OF_WORK = (OrderState.HELD, OrderState.NEEDS_MATCH, OrderState.CANCELLED)
SPLIT_SHARE = 0.2


@dataclass
class Played:
    """What came of one direction: its balance, how long each part took in seconds, and whether a second round changed anything."""

    direction: str
    balance: Balance
    seconds: dict[str, float] = field(default_factory=dict)
    changed_again: list[str] = field(default_factory=list)
    calls: dict[str, int] = field(default_factory=dict)
    latency: Latency | None = None

    @property
    def is_good(self) -> bool:
        return self.balance.balances and not self.changed_again


class Journey:
    """Plays one direction: ``supplier_kind`` ships what ``retailer_kind``'s customers buy."""

    def __init__(
        self,
        supplier_kind: str,
        retailer_kind: str,
        trade: Trade,
        *,
        seed: int,
        tag: str,
        tell: Callable[[str], None],
        pace: float = 0.0,
    ) -> None:
        self.trade = trade
        # Seconds between two customers; 0 = all at once, with the pull started by hand.
        self.pace = pace
        self.seed = seed
        self.tell = tell
        self.seconds: dict[str, float] = {}
        self.direction = f"{retailer_kind} retailer, {supplier_kind} supplier"
        tell(f"— {self.direction} —")
        self.pair: Pair = make_pair(supplier_kind, retailer_kind, tag=tag, names=("Kingsway Giftware", "Acme Outdoor"))
        self.placed: dict[str, list[tuple[int, Decimal]]] = {}
        self.clicked: dict[str, datetime] = {}

    def play(self) -> Played:
        """All acts in order. Raises Stalled when the workers stop moving."""
        self.stock_and_connect()
        self.price_and_choose()
        self.publish()
        self.sell()
        self.ship()
        balance = compare(self.pair, self.placed)
        again = self.run_everything_again()
        calls = {side.company.name: side.store.calls() for side in (self.pair.supplier, self.pair.retailer)}
        latency = order_to_supplier(self.pair.supplier.company, self.clicked)
        return Played(self.direction, balance, self.seconds, again, calls, latency)

    def stock_and_connect(self) -> None:
        self.pair.supplier.store.stock(self.trade.products)
        connect(self.pair.supplier)
        connect(self.pair.retailer)
        wanted = len(self.trade.skus)
        self._wait("products in the portal", lambda: (self._variants().count(), wanted))

    def price_and_choose(self) -> None:
        price(self.pair)
        product_ids = list(self._variants().values_list("product_id", flat=True).distinct())
        catalog.choose(self.pair.retailer.company, partnership=self.pair.partnership, product_ids=product_ids)

    def publish(self) -> None:
        wanted = Listing.objects.filter(company=self.pair.retailer.company).count()
        self._wait("listings in the retailer's store", lambda: (self._listed() + self._not_listed(), wanted))

    def sell(self) -> None:
        bodies = [order_body(order, seed=self.seed) for order in self.trade.orders]
        if self.pace:
            self._buy_one_by_one(bodies)
        else:
            self._buy(bodies)
            self._ask_for("pull_orders", self.pair.retailer)
        self._wait("orders in the portal", lambda: (self._orders().count(), len(bodies)))
        self._wait("orders in the supplier's store", self._sent)

    def _buy(self, bodies: list[dict[str, Any]]) -> None:
        receipts = self.pair.retailer.store.place(bodies)
        for receipt, body in zip(receipts, bodies, strict=True):
            self.placed[str(receipt["id"])] = [(line["quantity"], Decimal(line["price"])) for line in body["lines"]]

    def _buy_one_by_one(self, bodies: list[dict[str, Any]]) -> None:
        """Nobody starts a pull: the store's webhooks alone tell of these orders."""
        for body in bodies:
            clicked = clock.now()
            self._buy([body])
            self.clicked[next(reversed(self.placed))] = clicked
            time.sleep(self.pace)

    def ship(self) -> None:
        parcels = sum(self._ship_one(order) for order in self.pair.supplier.store.orders() if order["reference"])
        self._ask_for("pull_shipments", self.pair.supplier)
        self._wait("parcels in the portal", lambda: (self._shipments().count(), parcels))
        self._wait("parcels told to the retailer's store", lambda: (self._told(), parcels))
        self._wait("nothing left to send", lambda: (0 if self._live_outbound() else 1, 1))

    def run_everything_again(self) -> list[str]:
        """Run each step of both integrations twice more; what changed (nothing should)."""
        before = self._fingerprint()
        for side in (self.pair.supplier, self.pair.retailer):
            for step in StepState.objects.filter(integration=side.integration).values_list("step", flat=True):
                for _ in range(2):
                    run_step(side.integration.pk, step, trigger="person")
        after = self._fingerprint()
        return [f"{what}: {before[what]} → {after[what]}" for what in before if before[what] != after[what]]

    def _ship_one(self, order: dict[str, Any]) -> int:
        """Ship an order in one parcel, or in two for some; how many parcels."""
        rng = random.Random(f"{self.seed}:{order['reference']}")  # noqa: S311
        store = self.pair.supplier.store
        lines = [{"line_id": line["id"], "quantity": int(line["quantity"])} for line in order["lines"]]
        number = f"TRK{rng.randrange(10**9):09d}"
        if store.kind == "bigcommerce" and len(lines) > 1 and rng.random() < SPLIT_SHARE:
            store.ship(order["id"], tracking=f"{number}A", carrier="Royal Mail", lines=lines[:1])
            store.ship(order["id"], tracking=f"{number}B", carrier="Royal Mail", lines=lines[1:])
            return 2
        store.ship(order["id"], tracking=number, carrier="Royal Mail")
        return 1

    def _ask_for(self, step: str, side: Side) -> None:
        """What a person does with "Sync now"."""
        wake(side.integration.pk, step, trigger="person")

    # What is where
    def _variants(self):
        return Variant.objects.filter(company=self.pair.supplier.company, is_active=True)

    def _listed(self) -> int:
        return ListingLink.objects.filter(integration=self.pair.retailer.integration).count()

    def _not_listed(self) -> int:
        """Listings whose product the store refused, each with its reason."""
        refused = Outbound.objects.filter(
            integration=self.pair.retailer.integration, kind=OutboundKind.PUBLISH, state=OutboundState.REFUSED
        ).values("record_id")
        told = Problem.objects.filter(
            company=self.pair.retailer.company, code="sku_twice", record_type="listing", state=ProblemState.OPEN
        ).values("record_id")
        return (
            Listing.objects.filter(company=self.pair.retailer.company, links__isnull=True)
            .filter(Q(product_id__in=refused) | Q(pk__in=told))
            .count()
        )

    def _orders(self):
        return Order.objects.filter(company=self.pair.retailer.company)

    def _shipments(self):
        return Shipment.objects.filter(supplier_order__supplier=self.pair.supplier.company)

    def _told(self) -> int:
        return ShipmentLink.objects.filter(integration=self.pair.retailer.integration).count()

    def _sent(self) -> tuple[int, int]:
        ours = SupplierOrder.objects.filter(supplier=self.pair.supplier.company)
        final = (
            SupplierOrderState.SENT,
            SupplierOrderState.PARTLY_SHIPPED,
            SupplierOrderState.SHIPPED,
            SupplierOrderState.HELD,
        )
        unrouted = self._orders().filter(state=OrderState.IMPORTED).count()
        return ours.filter(state__in=final).count(), ours.count() + unrouted

    def _live_outbound(self) -> int:
        sides = (self.pair.supplier.integration, self.pair.retailer.integration)
        return Outbound.objects.filter(integration__in=sides, state__in=LIVE_STATES).count()

    def _fingerprint(self) -> dict[str, int]:
        return {
            "orders": self._orders().count(),
            "supplier orders": SupplierOrder.objects.filter(supplier=self.pair.supplier.company).count(),
            "shipments": self._shipments().count(),
            "told parcels": self._told(),
            "listings": self._listed(),
            "orders in the supplier's store": len(self.pair.supplier.store.orders()),
            "products in the retailer's store": len(self.pair.retailer.store.products()),
            "parcels in the retailer's store": sum(
                len(order["shipments"]) for order in self.pair.retailer.store.orders()
            ),
        }

    def _wait(self, what: str, progress: Callable[[], tuple[int, int]]) -> None:
        started = time.monotonic()
        # In real time a store may ask us to wait for minutes.
        wait_for(what, progress, tell=self.tell, patience=120 + clock.scaled(600))
        self.seconds[what] = round(time.monotonic() - started, 1)
