"""A flash sale: many customers, several shops, one stock. What is sold beyond it must have been beyond anybody's knowledge.

A round is what happens between two updates of the shops: in each shop some customers buy what its shelf shows, without any shop knowing of the others'
sales; then the webhooks arrive, the orders are fetched, and every shop is told what is left. A line that takes more than there is counts as *knowable* when
the portal's own figure at the beginning of the round said so already and the shop still sold, as *unknowable* when the units went in another shop within
the same round. The first must never happen; the second grows with the round and shrinks with a stock buffer.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from catalog.selectors import available
from channels import inbox
from channels.sync.runner import run_step
from orders.models import Order
from portal.journey.flash_shops import Shop, Street, street

# Seconds between two words on how far a sale is.
EVERY = 5.0


@dataclass(slots=True)
class Outcome:
    """What came of a sale. ``rounds`` are the seconds from the first sale of a round until every shop was told."""

    orders: int = 0
    units: int = 0
    turned_away: int = 0
    stock: int = 0
    knowable: int = 0
    unknowable: int = 0
    # Orders that the portal took in; the same as ``orders`` unless one was lost or doubled.
    arrived: int = 0
    # Shelves that still show something at the end although everything is sold, or something else than what is left.
    wrong_shelves: int = 0
    rounds: list[float] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        return not self.knowable and self.orders == self.arrived and not self.wrong_shelves


@dataclass(frozen=True, slots=True)
class Plan:
    """How big a sale is; the same ``seed`` brings the same customers. ``burst`` are the customers of one shop within a round."""

    orders: int
    retailers: int = 5
    skus: int = 10
    burst: int = 1
    seed: int = 1
    units: int = 0

    @property
    def units_each(self) -> int:
        """Units of each SKU: as many as were asked for, else a little fewer than are wanted, so that everything sells out."""
        return self.units or max(self.orders * 12 // 10 // self.skus, 1)


def hold(plan: Plan, *, tell: Callable[[str], None] = lambda sentence: None) -> Outcome:
    """Hold the sale in a street of its own and count; ``tell`` hears now and then how far it is. Rows stay in the database."""
    tell(f"Opening {plan.retailers:,} shops with {plan.skus:,} goods.")
    with street(retailers=plan.retailers, skus=plan.skus, units=plan.units_each) as place:
        return _Sale(plan, place, tell).run()


class _Sale:
    """One sale as it goes on: what is left by the books of the world, and what the portal knows."""

    def __init__(self, plan: Plan, place: Street, tell: Callable[[str], None]) -> None:
        self.plan, self.place, self.tell = plan, place, tell
        self.began = self.told = time.monotonic()
        self.chance = random.Random(plan.seed)  # noqa: S311 (customers, not secrets)
        self.left = Counter(dict.fromkeys(place.variants, plan.units_each))
        self.outcome = Outcome(stock=plan.units_each * len(place.variants))

    def run(self) -> Outcome:
        customers = self.plan.orders * 5 // 4
        while customers > 0 and self.outcome.orders < self.plan.orders:
            customers -= self._round()
            self._say_how_far()
        self.outcome.arrived = Order.objects.filter(company__in=[one.side.company for one in self.place.shops]).count()
        self.outcome.wrong_shelves = sum(self._is_wrong(shop) for shop in self.place.shops)
        return self.outcome

    def _round(self) -> int:
        """Customers of every shop buy, then every shop is told. How many came."""
        known = self._known()
        started = time.monotonic()
        came = sum(self._customers(shop, known) for shop in self.place.shops)
        self._tell()
        self.outcome.rounds.append(time.monotonic() - started)
        return came

    def _say_how_far(self) -> None:
        now = time.monotonic()
        if now - self.told >= EVERY:
            self.told = now
            self.tell(f"{self.outcome.orders:,} of {self.plan.orders:,} orders placed, {now - self.began:,.0f} s.")

    def _known(self) -> dict[str, int]:
        """What the portal says is left of each SKU."""
        figures = available(self.place.variants.values())
        return {sku: figures[pk] for sku, pk in self.place.variants.items()}

    def _customers(self, shop: Shop, known: dict[str, int]) -> int:
        shelf = shop.shelf()
        for _ in range(self.plan.burst):
            sku, quantity = self.chance.choice(sorted(self.place.variants)), self.chance.choice((1, 1, 2))
            if shelf.get(sku, 0) < quantity:
                self.outcome.turned_away += 1
                continue
            shelf[sku] -= quantity
            self._buy(shop, sku, quantity, is_known=known[sku] < quantity)
        return self.plan.burst

    def _buy(self, shop: Shop, sku: str, quantity: int, *, is_known: bool) -> None:
        line = {"sku": sku, "quantity": quantity, "price": "20.00"}
        shop.side.store.place([{"lines": [line], "customer": CUSTOMER}])
        self.outcome.orders += 1
        self.outcome.units += quantity
        if self.left[sku] < quantity:
            self.outcome.knowable += is_known
            self.outcome.unknowable += not is_known
        self.left[sku] -= quantity

    def _tell(self) -> None:
        """Webhooks in, orders fetched, every shop told."""
        self.place.hear()
        for shop in self.place.shops:
            inbox.handle_waiting(shop.sells.pk)
        for shop in self.place.shops:
            run_step(shop.sells.pk, "push_stock", trigger="flash sale")

    def _is_wrong(self, shop: Shop) -> bool:
        return any(units != max(self.left[sku], 0) for sku, units in shop.shelf().items())


CUSTOMER = {
    "first_name": "Hannah",
    "last_name": "Whitlock",
    "email": "hannah@example.com",
    "phone": "0161 496 0000",
    "address1": "14 Mill Lane",
    "city": "Stockport",
    "postcode": "SK6 6AP",
    "country": "GB",
}
