"""Named faults: armed through the state door, used up by the calls that match them.

| name | before or after the work | what the caller sees |
| --- | --- | --- |
| cut_before, cut_after | before, after | the connection closes without an answer |
| timeout | before, or after with `"committed": true` | nothing for `seconds`, then the connection closes |
| rate_limited, rate_limited_bare | before | 429 with, without the vendor's headers |
| unavailable, html | before | 503, a 502 HTML page |
| error_after | after | 500 although the work was done |
| truncated | after | half of the body under its full Content-Length |
| slow | after | the body in drips over `seconds` |
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMES = frozenset(
    [
        *("cut_before", "cut_after", "timeout", "rate_limited", "rate_limited_bare"),
        *("error_after", "html", "truncated", "slow", "unavailable"),
    ]
)
AFTER = frozenset({"cut_after", "error_after", "truncated", "slow"})
_KEYS = frozenset(["name", "method", "path", "times", "share", "seed", "store", "seconds", "committed", "skip"])


@dataclass(slots=True)
class Fault:
    """One armed fault. `times` counts down; with `share` it never runs out and hits that share of matching calls.

    `skip` lets that many matching calls pass first; `seconds` is how long a stall or a drip lasts.
    """

    name: str
    id: int = 0
    method: str | None = None
    path: str | None = None
    times: int = 1
    share: float | None = None
    seed: int = 0
    store: str | None = None
    seconds: float = 30.0
    committed: bool = False
    skip: int = 0
    hits: int = 0
    _dice: random.Random = field(default_factory=random.Random, repr=False)

    def __post_init__(self) -> None:
        self._dice.seed(self.seed)

    @property
    def is_after(self) -> bool:
        """True when the work is done before the fault shows."""
        return self.name in AFTER or (self.name == "timeout" and self.committed)

    def matches(self, *, method: str, path: str, store: str | None) -> bool:
        """True when this fault is meant for such a call; says nothing about whether it hits."""
        if self.method and self.method.upper() != method:
            return False
        if self.store and self.store != store:
            return False
        return not self.path or re.search(self.path, path) is not None

    def strikes(self) -> bool:
        """Use the fault once: True when this call is hit."""
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.share is not None:
            hit = self._dice.random() < self.share
        else:
            hit = self.times > 0
            self.times -= hit
        self.hits += hit
        return hit

    def as_dict(self) -> dict[str, Any]:
        """For the state door."""
        keys = ("id", "name", "method", "path", "times", "share", "store", "seconds", "committed", "skip", "hits")
        return {key: getattr(self, key) for key in keys}


class Faults:
    """All armed faults of one simulator. Thread-safe."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []
        self._lock = threading.Lock()
        self._last = 0

    def arm(self, values: Mapping[str, Any]) -> Fault:
        """Arm one from its JSON; raises ValueError for an unknown name or key or a broken pattern."""
        unknown = set(values) - _KEYS
        if values.get("name") not in NAMES or unknown:
            raise ValueError(f"a fault has a name out of {', '.join(sorted(NAMES))} and keys out of {sorted(_KEYS)}")
        try:
            re.compile(str(values.get("path") or ""))
        except re.error as error:
            raise ValueError(f"path is not a pattern: {error}") from error
        with self._lock:
            self._last += 1
            fault = Fault(id=self._last, **values)
            self._armed.append(fault)
            return fault

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def armed(self) -> list[dict[str, Any]]:
        """What is armed, with hits so far."""
        with self._lock:
            return [fault.as_dict() for fault in self._armed]

    def strike(self, *, method: str, path: str, store: str | None) -> Fault | None:
        """The first fault that hits this call, used up by one; None for an ordinary call."""
        with self._lock:
            for fault in self._armed:
                if fault.matches(method=method, path=path, store=store) and fault.strikes():
                    return fault
        return None
