"""Webhook delivery: a queue with the vendor's retry schedule, worked off by threads or by `deliver_due` in tests.

Vendors want https addresses on port 443. A host table maps the sandbox's host name to the portal's real address;
a name that is not in the table is never called and counts as a failed attempt.
"""

from __future__ import annotations

import heapq
import random
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from channels.simkit.clock import SimClock
from channels.simkit.switches import Switch, Switches

LOG_KEPT = 5_000
WORKERS = 4
REORDER_SPAN = 20.0

HOOK_SWITCHES = (
    Switch("hooks_lost_share", 0.0, "Share of webhooks that are never sent, 0 to 1."),
    Switch("hooks_drop_next", 0, "How many of the next webhooks are never sent."),
    Switch("hooks_duplicate", False, "Send each webhook twice."),
    Switch("hooks_reorder", False, "Hold each webhook back for a random time of up to 20 s (scaled)."),
    Switch("hooks_late_seconds", 0.0, "Hold every webhook back for this long, in seconds (scaled)."),
)


@dataclass(slots=True)
class Delivery:
    """One webhook on its way. `label` is the event's name, `about` whatever the vendor's policy needs again.

    `state` is waiting, delivered, gave up, or lost; `answers` are the HTTP statuses or the reasons of each attempt.
    """

    id: int
    store: str
    url: str
    body: bytes
    label: str
    about: Mapping[str, Any]
    created_at: float
    due: float
    method: str = "POST"
    state: str = "waiting"
    attempts: int = 0
    answers: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For the state door and the pages; times are ISO 8601 UTC."""
        return {
            "id": self.id,
            "store": self.store,
            "url": self.url,
            "label": self.label,
            "state": self.state,
            "attempts": self.attempts,
            "answers": list(self.answers),
            "body": self.body.decode(),
            "created_at": datetime.fromtimestamp(self.created_at, tz=UTC).isoformat(),
            "due_at": datetime.fromtimestamp(self.due, tz=UTC).isoformat(),
        }


def _no_headers(delivery: Delivery, now: datetime) -> dict[str, str]:
    return {}


def _never_held(delivery: Delivery) -> float:
    return 0.0


def _nothing_else(delivery: Delivery, ok: bool) -> None:
    return None


@dataclass(frozen=True, slots=True)
class HookPolicy:
    """What differs from vendor to vendor. Spans are documented seconds, scaled by the queue's clock.

    `headers` are made anew for each attempt; `held` tells how many documented seconds to wait before an attempt
    (a blocklist), 0 to go ahead; `attempted` hears the result of each attempt, with `state` already set.
    `timeout` is in true seconds.
    """

    retries: Sequence[float] = ()
    timeout: float = 10.0
    content_type: str = "application/json"
    headers: Callable[[Delivery, datetime], dict[str, str]] = _no_headers
    held: Callable[[Delivery], float] = _never_held
    attempted: Callable[[Delivery, bool], None] = _nothing_else


class HookQueue:
    """Webhooks waiting for their time. Thread-safe; `session` may be given a `requests` adapter by tests."""

    def __init__(
        self, *, clock: SimClock, switches: Switches, policy: HookPolicy, hosts: Mapping[str, str] | None = None
    ) -> None:
        self.hosts = dict(hosts or {})
        self.session = requests.Session()
        self.session.trust_env = False
        self._clock, self._switches, self._policy = clock, switches, policy
        self._waiting: list[tuple[float, int, Delivery]] = []
        self._log: deque[Delivery] = deque(maxlen=LOG_KEPT)
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []
        self._stopping = False
        self._last = 0
        self._dice = random.Random(1)

    def put(
        self,
        *,
        store: str,
        url: str,
        body: bytes = b"",
        label: str,
        about: Mapping[str, Any] | None = None,
        method: str = "POST",
    ) -> None:
        """Queue one webhook (or a callback by GET) for now, or later, or never, as the switches say."""
        with self._changed:
            for _ in range(2 if self._switches.on("hooks_duplicate") else 1):
                self._queue(store=store, url=url, body=body, label=label, about=about or {}, method=method)
            self._changed.notify_all()

    def deliver_due(self) -> int:
        """Make every attempt that is due now, in this thread; returns how many."""
        made = 0
        while (delivery := self._take()) is not None:
            self._attempt(delivery)
            made += 1
        return made

    def start(self) -> None:
        """Deliver from background threads from now on."""
        if self._threads:
            return
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(WORKERS)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End the background threads."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=self._policy.timeout)

    def listed(self, store: str | None = None) -> list[dict[str, Any]]:
        """The last deliveries, oldest first."""
        with self._changed:
            return [delivery.as_dict() for delivery in self._log if store is None or delivery.store == store]

    def waiting(self) -> int:
        """How many are still on their way."""
        with self._changed:
            return len(self._waiting)

    def clear(self) -> None:
        """Forget what waits and what was."""
        with self._changed:
            self._waiting.clear()
            self._log.clear()

    def resolve(self, url: str) -> str | None:
        """The real address behind a registered one, or None when its host is not in the table."""
        parts = urlsplit(url)
        base = self.hosts.get(parts.hostname or "")
        if base is None:
            return None
        query = f"?{parts.query}" if parts.query else ""
        return f"{base.rstrip('/')}{parts.path or '/'}{query}"

    def _queue(self, *, store: str, url: str, body: bytes, label: str, about: Mapping[str, Any], method: str) -> None:
        self._last += 1
        now = self._clock.time()
        delivery = Delivery(
            self._last, store, url, body, label, about, created_at=now, due=now + self._delay(), method=method
        )
        self._log.append(delivery)
        if self._is_lost():
            delivery.state = "lost"
            return
        heapq.heappush(self._waiting, (delivery.due, delivery.id, delivery))

    def _delay(self) -> float:
        late = self._switches.number("hooks_late_seconds")
        if self._switches.on("hooks_reorder"):
            late += self._dice.random() * REORDER_SPAN
        return self._clock.scaled(late)

    def _is_lost(self) -> bool:
        left = int(self._switches.number("hooks_drop_next"))
        if left > 0:
            self._switches.update({"hooks_drop_next": left - 1})
            return True
        return self._dice.random() < self._switches.number("hooks_lost_share")

    def _take(self) -> Delivery | None:
        with self._changed:
            if self._waiting and self._waiting[0][0] <= self._clock.time():
                return heapq.heappop(self._waiting)[2]
        return None

    def _work(self) -> None:
        while not self._stopping:
            delivery = self._take()
            if delivery is not None:
                self._attempt(delivery)
                continue
            with self._changed:
                self._changed.wait(timeout=0.05 if self._waiting else 1.0)

    def _attempt(self, delivery: Delivery) -> None:
        held = self._policy.held(delivery)
        if held > 0:
            self._again(delivery, held)
            return
        delivery.attempts += 1
        answer = self._send(delivery)
        delivery.answers.append(answer)
        ok = answer.isdigit() and 200 <= int(answer) < 300
        retries = self._policy.retries
        if ok:
            delivery.state = "delivered"
        elif delivery.attempts > len(retries):
            delivery.state = "gave up"
        else:
            self._again(delivery, retries[delivery.attempts - 1])
        self._policy.attempted(delivery, ok)

    def _again(self, delivery: Delivery, seconds: float) -> None:
        with self._changed:
            delivery.due = self._clock.time() + self._clock.scaled(seconds)
            heapq.heappush(self._waiting, (delivery.due, delivery.id, delivery))

    def _send(self, delivery: Delivery) -> str:
        """The HTTP status as text, or why there is none."""
        address = self.resolve(delivery.url)
        if address is None:
            return f"host unknown: {urlsplit(delivery.url).hostname}"
        headers = {
            "Content-Type": self._policy.content_type,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": urlsplit(delivery.url).netloc,
            **self._policy.headers(delivery, self._clock.now()),
        }
        try:
            response = self.session.request(
                delivery.method,
                address,
                data=delivery.body,
                headers=headers,
                timeout=self._policy.timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return type(error).__name__
        return str(response.status_code)
