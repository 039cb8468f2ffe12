"""How many calls a minute one key, or one person, may make."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

# Of the calls allowed in a window, so many parts are each counted in one go: what is shared between processes costs more than most answers.
PARTS = 60
MOST_CALLERS = 5_000


@dataclass(slots=True)
class Count:
    """Calls of one caller in one window: ``shared`` by all processes when last asked, ``own`` since then."""

    shared: int = 0
    own: int = 0


_counts: OrderedDict[str, Count] = OrderedDict()


class KeyThrottle(SimpleRateThrottle):
    """Counts by key, else by person, in windows of the rate's length, the setting ``API_RATE``; anonymous calls are refused before they are counted.

    A process keeps count itself and adds it to the cache now and then, so that several processes may together pass the rate by a sixtieth each.
    """

    scope = "key"
    # Made of the rate by the base class.
    num_requests: int
    duration: int

    def get_rate(self) -> str:
        return settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"][self.scope]

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view) if self.rate else None
        if key is None:
            return True
        self.now = time.time()
        return self._count(f"{key}_{int(self.now // self.duration)}") <= self.num_requests

    def wait(self) -> float:
        """Seconds until the window ends."""
        return self.duration - self.now % self.duration

    def _count(self, window: str) -> int:
        """This call's number in the window."""
        count = _counts.setdefault(f"{settings.REDIS_PREFIX}_{window}", Count())
        count.own += 1
        if count.own >= max(1, self.num_requests // PARTS) or not count.shared:
            count.shared, count.own = self._share(window, count.own), 0
        while len(_counts) > MOST_CALLERS:
            _counts.popitem(last=False)
        return count.shared + count.own

    def _share(self, window: str, calls: int) -> int:
        cache.add(window, 0, timeout=2 * self.duration)
        try:
            return cache.incr(window, calls)
        except ValueError:
            # It fell out of the cache between the two lines; the window begins anew for the others.
            return calls
