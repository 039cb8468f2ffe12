"""The store's request quota in windows of 30 seconds (vendor reference, section 2)."""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass

from channels.connectors.bigcommerce.simulator.state import Shop

WINDOW_SECONDS = 30.0
STORE_VERSION = "7.6.0"


@dataclass(slots=True)
class Window:
    """A running window: when it began and how many requests our clients made in it."""

    began: float
    used: int = 0


class RateLimits:
    """Windows by store, in memory. One request costs one unit; the quota is the store's, shared by all its apps."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}
        self._lock = threading.Lock()

    def spend(self, shop: Shop) -> bool:
        """Take one unit; False when none is left (the call is to be answered 429)."""
        quota = int(shop.profile.get("quota", 0))
        if quota <= 0:
            return True
        with self._lock:
            window = self._window(shop)
            allowed = quota * shop.parts.switches.number("rate_limit_at_share")
            if window.used + self._others(shop, window) >= allowed:
                return False
            window.used += 1
            return True

    def used(self, shop: Shop) -> tuple[int, int]:
        """Units used in this window and the quota, for pages."""
        with self._lock:
            window = self._window(shop)
            return window.used + self._others(shop, window), int(shop.profile.get("quota", 0))

    def headers(self, shop: Shop) -> dict[str, str]:
        """The headers of every answer; none for an unlimited plan. Waiting times are true milliseconds."""
        quota = int(shop.profile.get("quota", 0))
        if quota <= 0:
            return {"X-BC-Store-Version": STORE_VERSION}
        with self._lock:
            window = self._window(shop)
            left = max(0, quota - window.used - self._others(shop, window))
            return {
                "X-Rate-Limit-Time-Window-Ms": str(round(self._length(shop) * 1000)),
                "X-Rate-Limit-Time-Reset-Ms": str(self._reset_ms(shop, window)),
                "X-Rate-Limit-Requests-Quota": str(quota),
                "X-Rate-Limit-Requests-Left": str(left),
                "X-BC-Store-Version": STORE_VERSION,
            }

    def refusal_headers(self, shop: Shop) -> dict[str, str]:
        """What a 429 carries, as the switches say."""
        headers = self.headers(shop) if shop.on("rate_headers_on_429") else {}
        if shop.on("rate_retry_after"):
            with self._lock:
                milliseconds = self._reset_ms(shop, self._window(shop))
            headers["X-Retry-After"] = str(math.ceil(milliseconds / 1000))
        return headers

    def _window(self, shop: Shop) -> Window:
        window = self._windows.get(shop.hash)
        if window is None or shop.ticks >= window.began + self._length(shop):
            window = self._windows[shop.hash] = Window(began=shop.ticks)
        return window

    def _length(self, shop: Shop) -> float:
        return shop.parts.clock.scaled(WINDOW_SECONDS)

    def _reset_ms(self, shop: Shop, window: Window) -> int:
        return max(1, math.ceil((window.began + self._length(shop) - shop.ticks) * 1000))

    def _others(self, shop: Shop, window: Window) -> int:
        share = min(1.0, (shop.ticks - window.began) / self._length(shop))
        return int(shop.parts.switches.number("rate_other_app") * share)
