"""The small records that pass between the books and the ledger, and the base of all books."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeVar

from django.db.models import Model, QuerySet
from django.utils.dateparse import parse_datetime

from channels.contract import StoreConnector
from channels.meanings import StatusTable
from channels.models import Integration
from portal.lib import clock
from portal.lib.money import ZERO

PAGE = 1000
# Unscaled seconds that a webhook may take to reach us: what changed there so shortly before the reading began is on its way.
SETTLING = 10.0
Row = TypeVar("Row", bound=Model)
# Stores date to the second, and clocks differ.
OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says of a record: in words, and what it adds to the sum and the number of its book."""

    words: str
    amount: Decimal = ZERO
    count: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A record on which the sides disagree. ``None`` on a side: it does not have it. ``kind`` is a row of ``differences.KINDS``.

    ``key`` names the record within its book for ever; ``record`` is (type, id) of ours; ``remote_id`` what would be read again at the store.
    """

    kind: str
    key: str
    name: str
    ours: Said | None
    theirs: Said | None
    record: tuple[str, int] | None = None
    remote_id: str = ""
    value: Decimal | None = None
    currency: str = ""
    is_on_the_way: bool = False

    def in_words(self, ours: str, theirs: str) -> Self:
        """The same with other words on the sides that have it."""
        return replace(
            self,
            ours=replace(self.ours, words=ours) if self.ours else None,
            theirs=replace(self.theirs, words=theirs) if self.theirs else None,
        )

    @property
    def record_id(self) -> int:
        """The id of our record; 0 where the pair has none."""
        return self.record[1] if self.record else 0

    @property
    def gap(self) -> Figures:
        """Ours less theirs."""
        return Figures.of(self.ours) - Figures.of(self.theirs)


@dataclass(frozen=True, slots=True)
class Figures:
    """A line of a statement: how many records, and their sum (money, or units of stock)."""

    count: int = 0
    amount: Decimal = ZERO

    @classmethod
    def of(cls, said: Said | None) -> Figures:
        return cls(said.count, said.amount) if said else cls()

    def __add__(self, other: Figures) -> Figures:
        return Figures(self.count + other.count, self.amount + other.amount)

    def __sub__(self, other: Figures) -> Figures:
        return Figures(self.count - other.count, self.amount - other.amount)


@dataclass(frozen=True, slots=True)
class Reading:
    """What every book of one reconciliation works with. ``began`` is when the reading began, ``previous`` when the last finished one did."""

    integration: Integration
    connector: StoreConnector
    began: datetime
    previous: datetime | None = None
    # What our references begin with: "TL<installation>-".
    tag: str = ""
    # What the store's order statuses mean to us, as people chose.
    statuses: StatusTable = field(default_factory=lambda: StatusTable(chosen={}))
    # Of a store that sends us no webhooks: when each of its pulls that is not overdue began last. What changed there since comes with the next one.
    pulled: Mapping[str, datetime] = field(default_factory=dict)
    # Ids of orders of theirs that are still on the way to us: they took units off their shelf already. Filled by the book of orders.
    coming_orders: set[str] = field(default_factory=set)
    # The statements of the last finished reconciliation, by the code of the book.
    earlier: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def settled_before(self) -> datetime:
        """What changed there at this moment or later may still be on its way to us."""
        return self.began - timedelta(seconds=clock.scaled(SETTLING))

    @property
    def changed_since(self) -> datetime | None:
        """From when on a change there was not looked at by the last reconciliation, with an overlap; None before the first."""
        return self.previous - OVERLAP if self.previous else None

    def lines_from(self, code: str) -> datetime | None:
        """From which modification on the lines of a book's orders were not compared yet; None before the first reconciliation."""
        stopped = parse_datetime(str(self.earlier.get(code, {}).get("lines_from", "")))
        return stopped or self.changed_since

    def is_fresh(self, modified_at: datetime | None, *, pulled_by: str = "") -> bool:
        """Whether a record of theirs changed too late to be judged. ``pulled_by`` is the step that brings such records where no webhook does."""
        if modified_at is None:
            return False
        pulled = self.pulled.get(pulled_by)
        return modified_at >= (pulled.replace(microsecond=0) if pulled else self.settled_before)


class Book:
    """One book of an integration. ``compare`` gets the pages that the walk brings, ``rest`` follows with what the walk did not show.

    Both return only the records on which the sides disagree; the others are counted in ``compared``.
    """

    name: ClassVar[str]
    # What its statement is kept under: a store that supplies and sells has two books of stock, of prices and of shipments.
    code: ClassVar[str]
    # Whether the sum is money in the integration's currency rather than units.
    is_money: ClassVar[bool] = False

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.compared = 0
        self.sum = Figures()
        # False when a bound kept some records from being looked at: then nothing may be closed as gone.
        self.is_whole = True

    def compare(self, page: Any) -> list[Pair]:
        """The disagreements on one page of theirs. Raises ChannelError."""
        raise NotImplementedError

    def rest(self) -> Iterator[list[Pair]]:
        """Ours that no page showed, in sets. Raises ChannelError."""
        return iter(())

    def look_again(self, pairs: list[Pair]) -> list[Pair]:
        """Those of ``pairs`` that still differ when both sides are read once more. Raises ChannelError."""
        return pairs

    def closing(self) -> Figures:
        """What is in our book now."""
        return self.sum

    def arrived(self, since: datetime | None) -> Figures | None:
        """What came into our book since; None where only the net change is known."""
        return None

    def facts(self) -> dict[str, str]:
        """What the book's statement keeps for the next reconciliation."""
        return {}

    def count(self, ours: Said) -> None:
        """Note a record of ours that was compared."""
        self.compared += 1
        self.sum += Figures.of(ours)


@dataclass
class Seen:
    """Keys of our rows that a walk showed: eight bytes each, so that a whole catalogue fits."""

    keys: array = field(default_factory=lambda: array("q"))

    def add(self, keys: Iterable[int]) -> None:
        self.keys.extend(keys)

    def left_out(self, rows: QuerySet[Row], *, size: int = PAGE) -> Iterator[list[Row]]:
        """The rows that were not shown, a page of reading at a time."""
        known = array("q", sorted(self.keys))
        last = 0
        while page := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
            last = page[-1].pk
            if missing := [row for row in page if not _holds(known, row.pk)]:
                yield missing


def _holds(known: array, key: int) -> bool:
    at = bisect_left(known, key)
    return at < len(known) and known[at] == key


def in_parts(items: Sequence[Any], size: int = PAGE) -> Iterator[Sequence[Any]]:
    """``items`` in slices that a query takes."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
