"""Goal ``propagation``: from a supplier's webhook to the figure in the retailer's store, beside the stores' own time; two thousand figures in two writes.

Runs the whole stack (portal, workers, simulated stores) in real time. The listings are linked by hand: publishing is another goal's subject.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections

from catalog import services as catalog
from catalog.models import Listing
from channels.dispatch import wake
from channels.models import ListingLink, Outbound, ProductLink, Receipt, StepState
from channels.session import open_connector
from portal.journey.doors import StoreDoor
from portal.journey.trade_cast import Pair, connect, make_pair, price
from portal.lib import clock
from portal.lib.bench import Row
from portal.web.management.commands.journey import running

KIND = "bigcommerce"
SKUS = 2_000
SINGLE_CHANGES = 40
GOAL_SECONDS = 0.300
MOST_WRITES = 2
STOCK = 50
ADJUST = "/inventory/adjustments/absolute"
PATIENCE = 300.0


class TookTooLong(Exception):
    """The stack did not get there."""


def run(scale: int) -> list[Row]:
    """Single changes by webhook, then all at once by the hourly pull. ``scale`` is not used."""
    with running():
        pair = _ready()
        beside = [_one_change(pair, number) for number in range(SINGLE_CHANGES)]
        writes, seconds = _all_at_once(pair)
    beside.sort()
    late = beside[math.ceil(0.95 * len(beside)) - 1]
    middle = beside[len(beside) // 2]
    return [
        Row.of("propagation, p95 beside the stores' time", ours=late, floor=GOAL_SECONDS, goal="≤ 1 (300 ms)"),
        Row.of("propagation, p50 beside the stores' time", ours=middle, floor=GOAL_SECONDS, goal=""),
        Row.of(f"propagation, writes for {SKUS:,} figures", ours=writes, floor=MOST_WRITES, goal="≤ 1", unit="writes"),
        Row.of(f"propagation, {SKUS:,} figures", ours=seconds, floor=seconds, goal=""),
    ]


def _ready() -> Pair:
    """Both stores connected and stocked alike, everything chosen and linked, webhooks registered, nothing waiting."""
    pair = make_pair(KIND, KIND, tag="bench", names=("Kingsway Giftware", "Acme Outdoor"))
    goods = [{"name": f"Mug {n}", "sku": _sku(n), "price": "3.00", "stock": STOCK} for n in range(SKUS)]
    pair.supplier.store.stock(goods)
    pair.retailer.store.stock(goods)
    supplies = connect(pair.supplier)
    _wait(lambda: ProductLink.objects.filter(integration=supplies).count() >= SKUS)
    price(pair)
    product_ids = list(ProductLink.objects.filter(integration=supplies).values_list("product_id", flat=True))
    catalog.choose(pair.retailer.company, partnership=pair.partnership, product_ids=product_ids)
    connect(pair.retailer)
    _link(pair)
    _wait(lambda: not _is_busy())
    return pair


def _link(pair: Pair) -> None:
    """Every listing to the product of the same SKU in the retailer's store, as if it had been published."""
    sells = pair.retailer.integration
    there = {variant.sku: (product, variant) for product, variant in _shelf(pair)}
    listings = Listing.objects.filter(company=pair.retailer.company).select_related("variant")
    ListingLink.objects.bulk_create(
        [
            ListingLink(
                integration=sells,
                listing=listing,
                remote_product_id=there[listing.variant.sku][0].remote_id,
                remote_id=there[listing.variant.sku][1].remote_id,
                told_stock=STOCK,
            )
            for listing in listings
        ],
        batch_size=500,
    )
    Outbound.objects.filter(integration=sells).delete()


def _shelf(pair: Pair):
    connector = open_connector(pair.retailer.integration, lane="catalogue")
    for page in connector.products():
        for product in page:
            yield from ((product, variant) for variant in product.variants)


def _is_busy() -> bool:
    """Whether a step runs, waits in the queue, or is due and never ran."""
    now = clock.now()
    states = StepState.objects.all()
    return (
        states.filter(last_run_at=None, next_run_at__lte=now).exists()
        or states.filter(queued_at__isnull=False).exists()
        or states.filter(lease_until__gt=now).exists()
    )


def _one_change(pair: Pair, number: int) -> float:
    """Seconds from the webhook's arrival to the end of the write, less what the stores took to answer us meanwhile."""
    # At any moment of the queue's poll.
    time.sleep(0.5 + random.random())  # noqa: S311 (a spread, not a secret)
    clear_calls(pair)
    began = clock.now()
    pair.supplier.store.door.call("PUT", f"/stores/{pair.supplier.store.store}/stock", {_sku(number): 10 + number % 30})
    _wait(lambda: bool(_writes(pair.retailer.store)))
    write = _writes(pair.retailer.store)[0]
    receipt = Receipt.objects.filter(integration=pair.supplier.integration, received_at__gte=began).earliest(
        "received_at"
    )
    ended = _at(write) + timedelta(milliseconds=write["ms"])
    calls = [*_calls(pair.supplier.store), *_calls(pair.retailer.store)]
    theirs = sum(call["ms"] for call in calls if receipt.received_at <= _at(call) <= ended) / 1000
    return (ended - receipt.received_at).total_seconds() - theirs


def _all_at_once(pair: Pair) -> tuple[int, float]:
    """Writes and seconds until every figure is in the retailer's store. The change comes by the hourly pull: its webhooks are switched off."""
    supplies = pair.supplier.integration
    connector = open_connector(supplies)
    for hook in connector.hooks():
        connector.unregister_hooks(hook.address)
    pair.supplier.store.door.call(
        "PUT", f"/stores/{pair.supplier.store.store}/stock", {_sku(n): 5 for n in range(SKUS)}
    )
    _wait(lambda: not _is_busy())
    clear_calls(pair)
    started = time.monotonic()
    wake(supplies.pk, "pull_stock", trigger="person")
    told = ListingLink.objects.filter(integration=pair.retailer.integration, told_stock=5)
    _wait(lambda: told.count() >= SKUS)
    return len(_writes(pair.retailer.store)), time.monotonic() - started


def _sku(number: int) -> str:
    return f"MUG-{number}"


def clear_calls(pair: Pair) -> None:
    """Forget what was called so far (both stores are behind one door)."""
    pair.supplier.store.door.call("DELETE", "/calls")


def _calls(store: StoreDoor) -> list[dict]:
    return store.door.call("GET", f"/calls?store={store.store}")


def _writes(store: StoreDoor) -> list[dict]:
    return [call for call in _calls(store) if call["path"].endswith(ADJUST) and call["status"] < 300]


def _at(call: dict) -> datetime:
    return datetime.fromisoformat(call["at"])


def _wait(is_so: Callable[[], bool]) -> None:
    """Raises TookTooLong."""
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > deadline:
            raise TookTooLong(f"after {PATIENCE:.0f} s")
        close_old_connections()
        time.sleep(0.05)
