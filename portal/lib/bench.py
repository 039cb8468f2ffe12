"""One line of a bench: ours and its floor, measured in the same run on the same data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """``ours`` and ``floor`` are what was measured (seconds, megabytes, rows), in words with their unit; ``ratio`` is ours ÷ floor."""

    name: str
    ours: str
    floor: str
    ratio: float
    goal: str

    @classmethod
    def of(cls, name: str, *, ours: float, floor: float, goal: str, unit: str = "s") -> Row:
        """A row from two figures in ``unit``."""
        return cls(name, f"{ours:.3g} {unit}", f"{floor:.3g} {unit}", ours / floor if floor else float("inf"), goal)
