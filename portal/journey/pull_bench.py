"""Goal ``pull``: two workers walk one store's catalogue page by page at the channel's own rate limit, against the least time that the limit allows.

Runs against the real simulator over HTTP, in real time (scale 1) unless ``TIME_SCALE`` says otherwise.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import override_settings

from channels.connectors.bigcommerce import areas
from channels.connectors.bigcommerce.catalog import PRODUCTS as BIGCOMMERCE_PRODUCTS
from channels.connectors.shift4shop.catalog import KEY
from channels.connectors.shift4shop.catalog import PATH as SHIFT4SHOP_PRODUCTS
from channels.connectors.shift4shop.paging import Pages
from channels.contract import RateLimit
from channels.models import Integration, StepState
from channels.registry import connector_class
from channels.services import Connection, create_integration, read_store
from channels.session import open_connector
from portal.companies.services.companies import create_company
from portal.journey.doors import Door, StoreDoor
from portal.lib import clock
from portal.lib.bench import Row
from portal.run.environment import free_port

PAGES = {"bigcommerce": 400, "shift4shop": 100}
WORKERS = 2
# Small pages: what is measured is the pace, not the simulator's way through its rows.
PAGE_SIZE = 5
GOALS = {"bigcommerce": "≤ 1.05", "shift4shop": "≤ 1.11"}


@dataclass(frozen=True, slots=True)
class Walk:
    """How a walk went: requests made, those refused with 429, and the seconds it took."""

    requests: int
    refused: int
    seconds: float


def run(scale: int) -> list[Row]:
    """Each channel's walk against its least possible time; ``scale`` is not used, the pages are fixed."""
    return [row for kind in PAGES for row in _rows(kind)]


def _rows(kind: str) -> Iterator[Row]:
    walk = measure(kind)
    floor = least_seconds(connector_class(kind).rate_limit, walk.requests)
    yield Row.of(f"pull, {kind}, {walk.requests} requests", ours=walk.seconds, floor=floor, goal=GOALS[kind])
    yield Row.of(f"pull, {kind}, refused", ours=walk.refused, floor=walk.requests, goal="≤ 0.02", unit="calls")


def least_seconds(limit: RateLimit, requests: int) -> float:
    """The least time for ``requests`` under a window (full windows that must pass) or a bucket (what does not fit must leak)."""
    if limit.burst:
        return clock.scaled(max(requests - limit.burst, 0) * limit.seconds / limit.requests)
    return clock.scaled((requests - 1) // limit.requests * limit.seconds) or 0.001


def measure(kind: str) -> Walk:
    """Several workers walk the catalogue of one store page by page, each with a connector of its own and all with one budget."""
    with _simulator(kind) as door:
        store = door.make_store("bench", name="Bench", email="bench@example.com")
        store.stock([{"name": f"Mug {n}", "sku": f"MUG-{n}", "price": "3.00"} for n in range(_products(kind))])
        integration = _connected(kind, store)
        door.call("DELETE", "/calls")
        started = time.monotonic()
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            list(pool.map(lambda _: _walk(kind, integration), range(WORKERS)))
        seconds = time.monotonic() - started
        statuses = [call["status"] for call in door.call("GET", f"/calls?store={store.store}")]
    return Walk(len(statuses), statuses.count(429), seconds)


def _products(kind: str) -> int:
    """So many that the workers' pages are together those of the goal."""
    return PAGES[kind] // WORKERS * PAGE_SIZE


def _walk(kind: str, integration: Integration) -> None:
    """One worker, in a thread with a database connection of its own."""
    try:
        for _ in READERS[kind](open_connector(integration, lane="catalogue")):
            continue
    finally:
        connection.close()


def _bigcommerce_pages(connector: Any) -> Iterator[Any]:
    return connector.client.v3_pages(BIGCOMMERCE_PRODUCTS, areas.PRODUCTS, limit=PAGE_SIZE)


def _shift4shop_pages(connector: Any) -> Iterator[Any]:
    client = connector.client
    return Pages(
        http=client.http,
        url=client.url(SHIFT4SHOP_PRODUCTS),
        params={},
        headers=client.headers(),
        # Each page repeats the last row of the one before.
        limit=PAGE_SIZE + 1,
        key=KEY,
        count=lambda: client.count(SHIFT4SHOP_PRODUCTS),
        explain=lambda error: error,
    ).walk()


READERS: dict[str, Callable[[Any], Iterator[Any]]] = {
    "bigcommerce": _bigcommerce_pages,
    "shift4shop": _shift4shop_pages,
}


def _connected(kind: str, store: StoreDoor) -> Integration:
    company = create_company("Bench", kind="supplier", currency="GBP", is_sandbox=True)
    chosen = Connection(kind=kind, name="Bench", credentials=store.credentials, store_address=store.address)
    integration: Integration = create_integration(company, chosen, read_store(company, chosen), by=None)
    # What waits would keep the reserve of the budget from the walk.
    StepState.objects.filter(integration=integration).update(queued_at=None)
    return integration


@contextmanager
def _simulator(kind: str) -> Iterator[Door]:
    """The channel's simulator on a free port."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", f"channels.connectors.{kind}.simulator", "--port", str(port), "--no-hooks"]
    process = subprocess.Popen([*command, "--time-scale", str(settings.TIME_SCALE)], stdout=subprocess.DEVNULL)
    hosts = {**settings.CHANNEL_HOSTS, kind: {**settings.CHANNEL_HOSTS[kind], "sandbox": {"api": url, "login": url}}}
    try:
        with override_settings(CHANNEL_HOSTS=hosts):
            door = Door(kind)
            door.wait_until_up()
            yield door
    finally:
        process.terminate()
        process.wait()
