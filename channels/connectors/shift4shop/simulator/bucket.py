"""The leaky bucket of the vendor reference, section 2.1: 50 deep, 2 a second out, one per (app, shop)."""

from __future__ import annotations

import math
import threading

from channels.simkit.clock import SimClock
from channels.simkit.switches import Switches


class Buckets:
    """All buckets; kept in memory, since a refused request must not be undone with its transaction."""

    def __init__(self, *, clock: SimClock, switches: Switches) -> None:
        self._clock, self._switches = clock, switches
        self._levels: dict[tuple[str, str], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def pour(self, public_key: str, shop: str) -> bool:
        """One request: True when it fits, False when it has to be refused."""
        with self._lock:
            level = self._level(public_key, shop)
            fits = level + 1 <= self._switches.number("bucket_size")
            self._levels[public_key, shop] = (level + fits, self._clock.time())
            return fits

    def level(self, public_key: str, shop: str) -> float:
        """How full a bucket is now, in requests."""
        with self._lock:
            return self._level(public_key, shop)

    def retry_after(self) -> int:
        """Whole seconds to tell a refused caller; the documented second, scaled, and never less than one."""
        return max(1, math.ceil(self._clock.scaled(1)))

    def clear(self) -> None:
        """Empty all buckets."""
        with self._lock:
            self._levels.clear()

    def _level(self, public_key: str, shop: str) -> float:
        level, at = self._levels.get((public_key, shop), (0.0, self._clock.time()))
        leak = self._switches.number("bucket_leak_per_second") * self._clock.time_scale
        return max(0.0, level - (self._clock.time() - at) * leak)
