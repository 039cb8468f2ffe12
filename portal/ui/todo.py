"""Home's parts that apps fill: things to do, numbers, connections and the steps of getting started.

Each registered function takes the ``Scope``, costs a bounded number of queries and returns what it has for that company and role.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from portal.companies.scope import Scope


@dataclass(frozen=True, slots=True)
class Todo:
    """Something a person must do: what it is, what it costs to leave it, one button. ``weight`` orders the list, the gravest first."""

    title: str
    consequence: str
    url: str
    action: str
    tone: str = "warn"
    icon: str = "circle-alert"
    weight: int = 50


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it should be; ``history`` draws a line, oldest first."""

    label: str
    value: str
    unit: str = ""
    detail: str = ""
    history: Sequence[float] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the orders chart; ``parts`` are the counts of the named series."""

    on: date
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Orders a day: at most two series, ``finding`` says in words what it shows."""

    series: tuple[str, ...]
    days: tuple[Day, ...]
    finding: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A connection on Home: its name, health in a word, and the last 24 hours as ticks ("ok", "warn", "bad", "idle")."""

    name: str
    monogram: str
    platform: str
    url: str
    icon: str
    tone: str
    health: str
    last: str = ""
    ticks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """A step of getting started. ``order`` places it (connect 10, products 20, prices 30, partner 40, test order 50).

    ``blocker`` states what is missing instead of the sentence; ``done`` and ``total`` draw progress inside the step.
    """

    order: int
    title: str
    sentence: str
    url: str = ""
    action: str = ""
    is_done: bool = False
    blocker: str = ""
    estimate: str = ""
    why: str = ""
    done: int = 0
    total: int = 0
    live_url: str = ""


T = TypeVar("T")


class Registry(Generic[T]):
    """Functions of the scope, asked one after the other."""

    def __init__(self) -> None:
        self._sources: list[Callable[[Scope], Iterable[T]]] = []

    def register(self, source: Callable[[Scope], Iterable[T]]) -> Callable[[Scope], Iterable[T]]:
        """Add ``source``; twice is once. Works as a decorator."""
        if source not in self._sources:
            self._sources.append(source)
        return source

    def all(self, scope: Scope) -> list[T]:
        """What every source has for ``scope``."""
        return [item for source in self._sources for item in source(scope)]


todos: Registry[Todo] = Registry()
figures: Registry[Figure] = Registry()
charts: Registry[Chart] = Registry()
lanes: Registry[Lane] = Registry()
steps: Registry[Step] = Registry()
# The one-line summary under the date: "86 orders worth £3,914.20 since midnight."
summaries: Registry[str] = Registry()
