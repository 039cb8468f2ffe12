"""A step line through prices over time, as points of a drawing 640 by 160; the table behind it is the page's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from portal.lib import clock
from portal.lib.money import display

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 160, 56, 12, 24


@dataclass(frozen=True, slots=True)
class Dot:
    """A change of the price."""

    x: str
    y: str
    label: str


@dataclass(frozen=True, slots=True)
class PriceChart:
    """``path`` is the line's SVG path; ``finding`` says in words what it shows; grid lines are (y, label)."""

    path: str
    dots: tuple[Dot, ...]
    grid: tuple[tuple[str, str], ...]
    begins: datetime
    finding: str


def price_chart(points: Sequence[tuple[datetime, Decimal]], currency: str) -> PriceChart | None:
    """The price from its first known moment until now; None without any point."""
    if not points:
        return None
    ordered = sorted(points)
    begin, end = ordered[0][0], max(clock.now(), ordered[-1][0])
    low, high = _bounds([amount for _, amount in ordered])
    span = max((end - begin).total_seconds(), 1)

    def x(at: datetime) -> float:
        return LEFT + (at - begin).total_seconds() / span * (WIDTH - LEFT - 8)

    def y(amount: Decimal) -> float:
        return TOP + float((high - amount) / (high - low)) * (HEIGHT - TOP - BOTTOM)

    dots = tuple(Dot(f"{x(at):.1f}", f"{y(amount):.1f}", display(amount, currency)) for at, amount in ordered)
    path = f"M{dots[0].x} {dots[0].y}" + "".join(f"H{dot.x}V{dot.y}" for dot in dots[1:]) + f"H{x(end):.1f}"
    grid = tuple((f"{y(amount):.1f}", display(amount, currency)) for amount in (high, (high + low) / 2, low))
    return PriceChart(path, dots, grid, begin, _finding(ordered, currency))


def _bounds(amounts: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """A little air above and below, so that a flat line runs through the middle."""
    low, high = min(amounts), max(amounts)
    air = max((high - low) / 5, high / 20, Decimal("0.05"))
    return max(low - air, Decimal(0)), high + air


def _finding(points: Sequence[tuple[datetime, Decimal]], currency: str) -> str:
    first, last = points[0][1], points[-1][1]
    changes = sum(1 for before, after in zip(points, points[1:], strict=False) if before[1] != after[1])
    if not changes:
        return f"{display(last, currency)} since it arrived."
    times = "once" if changes == 1 else f"{changes} times"
    return f"Changed {times}: from {display(first, currency)} to {display(last, currency)}."
