"""Several reads in flight at once, their answers in the order asked.

The place in the rate budget is taken, and what the headers say is told to it, by the calling thread only: a budget may keep its figures in a
database, and worker threads must not open connections of their own.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from channels.errors import RateLimited
from channels.http import Http, NoBudget
from portal.lib import clock

# At 120 ms a page so many are needed for 60 pages a second.
AT_ONCE = 8
T = TypeVar("T")


class _Notes(NoBudget):
    """Stands in for budget and log of a request that runs in a worker thread."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, Mapping[str, str], datetime]] = []
        self.exchanges: list[tuple[str, str, str]] = []

    def observe(self, status: int, headers: Mapping[str, str], *, at: datetime | None = None) -> None:
        self.seen.append((status, headers, at or clock.now()))

    def exchanged(self, method: str, url: str, outcome: str) -> None:
        self.exchanges.append((method, url, outcome))

    def tell(self, http: Http) -> None:
        """Hand the notes on, in the calling thread."""
        for status, headers, at in self.seen:
            http.budget.observe(status, headers, at=at)
        if on_exchange := http.on_exchange:
            for exchange in self.exchanges:
                on_exchange(*exchange)


def in_flight(http: Http, reads: Iterable[Callable[[Http], T]], *, at_once: int = AT_ONCE) -> Iterator[T]:
    """Run ``reads`` (each makes one request through the ``Http`` it gets) with ``at_once`` under way; results in order.

    A read that was asked to slow down is made again in its turn, after the wait that the budget knows of by then. Any other error is raised in its turn, and
    what was asked beyond it is dropped. A budget that is used up ends the walk after what is under way.
    """
    pending: deque[_Flight[T]] = deque()
    pool = ThreadPoolExecutor(max_workers=at_once)
    used_up: RateLimited | None = None
    try:
        for read in reads:
            # What is there is handed on before we wait for a place: the wait may be long, and the budget learns of the answers.
            while pending and (pending[0].future.done() or len(pending) >= at_once):
                yield _finish(http, pending.popleft())
            try:
                http.budget.acquire()
            except RateLimited as error:
                used_up = error
                break
            pending.append(_start(pool, http, read))
        while pending:
            yield _finish(http, pending.popleft())
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    if used_up:
        raise used_up


@dataclass(frozen=True, slots=True)
class _Flight(Generic[T]):
    read: Callable[[Http], T]
    future: Future[T]
    notes: _Notes


def _start(pool: ThreadPoolExecutor, http: Http, read: Callable[[Http], T]) -> _Flight[T]:
    notes = _Notes()
    # A copy that shares the session: constructing a new one would change the session's adapters under running requests.
    own = copy.copy(http)
    own.budget = notes
    own.on_exchange = notes.exchanged
    return _Flight(read, pool.submit(read, own), notes)


def _finish(http: Http, flight: _Flight[T]) -> T:
    try:
        try:
            return flight.future.result()
        finally:
            flight.notes.tell(http)
    except RateLimited:
        if isinstance(http.budget, NoBudget):
            raise
        return flight.read(http)
