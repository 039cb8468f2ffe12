"""How a state looks: a shape, a word and, third, a colour. Apps map their TextChoices to looks in one table each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Look:
    """``icon`` is a Lucide name; ``tone`` one of ok, warn, bad, idle, acc."""

    icon: str
    tone: str
    label: str = ""

    @property
    def icon_class(self) -> str:
        return "acc" if self.tone == "acc" else f"i-{self.tone}"

    def named(self, label: str) -> Self:
        """The same look with another word."""
        return replace(self, label=label)


FINE = Look("circle-check", "ok", "OK")
SLOW = Look("clock", "warn", "Waiting")
ODD = Look("circle-alert", "warn", "Held")
STUCK = Look("triangle-alert", "bad", "Needs you")
OFF = Look("circle-pause", "idle", "Paused")
GONE = Look("circle-x", "idle", "Cancelled")
QUIET = Look("clock", "idle", "Waiting")
MOVING = Look("circle-dashed", "acc", "Connecting")
ON_ITS_WAY = Look("truck", "acc", "Partly shipped")
IN_STORE = Look("store", "acc", "In your store")
UNMATCHED = Look("unlink", "bad", "Needs match")
HELD = Look("circle-pause", "warn", "Held")
