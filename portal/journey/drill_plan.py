"""What goes wrong in a drill: which faults strike which share of the calls, and what happens besides. The same seed makes the same plan."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from channels.simkit.faults import NAMES as WIRE_FAULTS

# How often each kind of fault is met beside the others. Stalls cost whole seconds of a worker, so they are rarer.
WEIGHTS = {
    "cut_after": 4,
    "cut_before": 3,
    "error_after": 3,
    "truncated": 3,
    "unavailable": 3,
    "html": 2,
    "rate_limited": 2,
    "rate_limited_bare": 1,
    "slow": 1,
    "timeout": 1,
}
STALL_SECONDS = 1.5
HOOK_FAULTS: dict[str, dict[str, Any]] = {
    "hooks_lost": {"hooks_lost_share": 0.3},
    "hooks_duplicate": {"hooks_duplicate": True},
    "hooks_reorder": {"hooks_reorder": True},
    "hooks_late": {"hooks_late_seconds": 60.0},
}
# What happens to a whole store, or to our own machine, now and then.
INCIDENTS = (
    *("store_down", "store_html", "store_suspended", "token_revoked"),
    *("clock_skew", "log_disk_full", "database"),
)
NAMES = (*sorted(WIRE_FAULTS), *HOOK_FAULTS, *INCIDENTS, "kill_workers")


@dataclass(frozen=True, slots=True)
class Plan:
    """One drill: ``share`` of the calls disturbed, ``kills`` of workers, and only what ``names`` lists."""

    share: float
    kills: int
    seed: int
    names: tuple[str, ...] = NAMES

    def wire(self, kind: str) -> list[dict[str, Any]]:
        """Faults for the state door of one channel; together they strike ``share`` of the calls."""
        chosen = [name for name in WEIGHTS if name in self.names]
        total = sum(WEIGHTS[name] for name in chosen)
        return [
            {
                "name": name,
                "share": self.share * WEIGHTS[name] / total,
                "seed": self._seed(kind, name),
                "seconds": STALL_SECONDS,
                # A stall happens before or after the work, as the seed says.
                "committed": name == "timeout" and self._seed(kind, name) % 2 == 0,
            }
            for name in chosen
            if self.share > 0
        ]

    def hooks(self) -> dict[str, Any]:
        """Switches of the webhook queues."""
        return {key: value for name in HOOK_FAULTS if name in self.names for key, value in HOOK_FAULTS[name].items()}

    def incidents(self) -> list[str]:
        """What happens to stores and database, in a random order."""
        chosen = [name for name in INCIDENTS if name in self.names]
        self.dice("incidents").shuffle(chosen)
        return chosen

    @property
    def kills_wanted(self) -> int:
        return self.kills if "kill_workers" in self.names else 0

    def dice(self, what: str) -> random.Random:
        """Dice of their own for each part, so that one part does not move another."""
        return random.Random(f"{self.seed}:{what}")  # noqa: S311

    def _seed(self, kind: str, name: str) -> int:
        return self.dice(f"{kind}:{name}").randrange(2**31)


def make_plan(*, share: float, kills: int, seed: int, only: Iterable[str] = ()) -> Plan:
    """Raises ValueError for a name that does not exist."""
    chosen = tuple(only)
    if unknown := sorted(set(chosen) - set(NAMES)):
        raise ValueError(f"There is no fault {', '.join(unknown)}. There are {', '.join(NAMES)}.")
    return Plan(share=share, kills=kills, seed=seed, names=chosen or NAMES)
