"""Goal ``pull``: walk a catalogue page by page at the channel's own rate limit, against the least time that the limit allows.

Runs against the real simulator over HTTP, in real time (scale 1) unless ``TIME_SCALE`` says otherwise.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.test import override_settings

from channels.contract import Connector, RateLimit
from channels.models import Integration
from channels.registry import connector_class
from channels.services import Connection, _create, read_store
from channels.session import open_connector
from portal.companies.services.companies import create_company
from portal.journey.doors import Door, StoreDoor
from portal.lib import clock
from portal.lib.bench import Row
from portal.run.environment import free_port

PAGES = {"bigcommerce": 400, "shift4shop": 100}
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
    """Walk the orders of a store that has enough pages of them."""
    with _simulator(kind) as door:
        store = door.make_store("bench", name="Bench", email="bench@example.com")
        connector = _connected(kind, store)
        door.call("DELETE", "/calls")
        started = time.monotonic()
        for _ in range(PAGES[kind]):
            connector.store_info()
        seconds = time.monotonic() - started
        statuses = [call["status"] for call in door.call("GET", f"/calls?store={store.store}")]
    return Walk(len(statuses), statuses.count(429), seconds)


def _connected(kind: str, store: StoreDoor) -> Connector:
    company = create_company("Bench", kind="supplier", currency="GBP", is_sandbox=True)
    connection = Connection(kind=kind, name="Bench", credentials=store.credentials, store_address=store.address)
    integration: Integration = _create(company, connection, read_store(company, connection), by=None)
    return open_connector(integration, lane="catalogue")


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
