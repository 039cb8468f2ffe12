"""The clock of a simulator: true time now, waiting times divided by the time scale, and a wall clock that may be wrong."""

from __future__ import annotations

import time as _time
from collections.abc import Callable
from datetime import UTC, datetime


class SimClock:
    """Tells aware UTC time and scales every span a vendor documents (windows, leaks, retry intervals, delays).

    `time` returns seconds since the epoch; tests hand in their own so that nothing has to sleep.
    Raises ValueError for a time scale that is not above zero.
    """

    def __init__(self, time_scale: float = 1.0, *, time: Callable[[], float] | None = None) -> None:
        if time_scale <= 0:
            raise ValueError("the time scale must be above zero")
        self.time_scale = float(time_scale)
        self._time = time or _time.time
        self._shift = 0.0
        self.skew = 0.0

    def time(self) -> float:
        """Seconds since the epoch, with what was skipped by `advance`."""
        return self._time() + self._shift

    def now(self) -> datetime:
        """Aware UTC time as the vendor's wall clock shows it: wrong by ``skew`` seconds (positive: ahead)."""
        return datetime.fromtimestamp(self.time() + self.skew, tz=UTC)

    def scaled(self, seconds: float) -> float:
        """True seconds for a span of documented seconds: 30 s at scale 20 are 1.5 s."""
        return seconds / self.time_scale

    def advance(self, seconds: float) -> None:
        """Move the clock forward by true seconds; a page or a test skips waiting with it."""
        self._shift += seconds
