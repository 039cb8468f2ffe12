"""How a statement reads on screen: every book with its lines, both sides, and what explains the gap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from channels.models import Integration, Reconciliation, StepState, SyncRun
from channels.models.reconcile import ReconciliationResult
from channels.reconcile.entries import Figures
from portal.lib import clock
from portal.lib.money import display
from portal.ui.looks import FINE, MOVING, ODD, STUCK, Look

Result = ReconciliationResult
RESULT_LOOKS: dict[str, Look] = {
    Result.RUNNING: MOVING.named("Comparing"),
    Result.AGREES: FINE.named("Books agree"),
    Result.DIFFERS: STUCK.named("Differences"),
    Result.UNFINISHED: ODD.named("Not finished"),
}
NIGHTS = 14
# Code of a book → its heading, what one record is, what its sum is of ("" for money, None for no sum), and what is compared.
_BOOKS: dict[str, tuple[str, str, str | None, str]] = {
    "orders": ("Orders", "order", "", "What customers bought in the store, and what was taken in here."),
    "shipments_told": ("Shipments", "parcel", None, "Parcels of your partners, and what the store shows of them."),
    "bought": ("Supplier orders", "order", "", "Orders sent here, and what stands in the store."),
    "shipments_sent": ("Parcels sent", "parcel", None, "Parcels that left the store, and what is recorded here."),
    "stock_shown": ("Stock on the shelf", "SKU", "unit", "Units that may be sold, and what the store shows."),
    "prices_shown": ("Prices on the shelf", "price", "", "Shelf prices of your listings, and what the store asks."),
    "stock_held": ("Stock on hand", "SKU", "unit", "Units as last read, and what the store counts now."),
    "prices_asked": ("Prices and goods", "price", "", "Goods with their prices here, and in the store."),
}
_LINES = ("opening", "in", "out", "closing")


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of a statement: what counts, and the smaller line under it."""

    main: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class BookShown:
    """One book of a statement. ``ours`` and ``theirs`` are the cells of brought forward, in, out and closing."""

    code: str
    book: str
    label: str
    unit: str
    about: str
    look: Look
    ours: list[Cell]
    theirs: list[Cell]
    gap: Cell
    differing: Cell
    moving: Cell
    differences: int
    on_the_way: int
    compared: int
    is_whole: bool

    @property
    def agrees(self) -> bool:
        return not self.differences and not self.on_the_way


def books_of(reconciliation: Reconciliation, *, currency: str) -> list[BookShown]:
    """The statement of a finished reconciliation, in the order of the books."""
    return [
        _shown(code, reconciliation.books[code], currency)
        for code in _BOOKS
        if isinstance(reconciliation.books.get(code), Mapping)
    ]


def history_of(integration: Integration) -> list[Reconciliation]:
    """The newest finished reconciliations, each with its ``look``."""
    rows = list(Reconciliation.objects.filter(integration=integration).exclude(result=Result.RUNNING)[:NIGHTS])
    for row in rows:
        row.look = RESULT_LOOKS[row.result]
    return rows


@dataclass(frozen=True, slots=True)
class Progress:
    """A reconciliation that goes on or waits for its worker: in words, and how far, where that is known."""

    words: str
    done: int = 0


def progress_of(integration: Integration) -> Progress | None:
    """None while nothing is compared. Two queries at most."""
    state = StepState.objects.filter(integration=integration, step="reconcile").first()
    if state is None:
        return None
    if state.lease_until and state.lease_until > clock.now():
        run = SyncRun.objects.filter(integration=integration, step="reconcile").order_by("-started_at", "-pk").first()
        done = int(run.counts.get("read", 0)) if run and run.finished_at is None else 0
        return Progress(f"Comparing: {done:,} records so far." if done else "Comparing: the store is being read.", done)
    return Progress("It begins in a moment.") if state.queued_at else None


def _shown(code: str, facts: Mapping[str, Any], currency: str) -> BookShown:
    label, noun, unit, about = _BOOKS[code]
    differences, on_the_way = int(facts.get("differences", 0)), int(facts.get("on_the_way", 0))
    ours, theirs = _figures(facts["ours"]["closing"]), _figures(facts["theirs"]["closing"])
    return BookShown(
        code=code,
        book=str(facts.get("book", "")),
        label=label,
        unit=f"{unit or noun}s",
        about=about,
        look=_look(differences),
        ours=[_cell(code, _figures(facts["ours"][line]), currency) for line in _LINES],
        theirs=[_cell(code, _figures(facts["theirs"][line]), currency) for line in _LINES],
        gap=_signed(code, ours - theirs, currency),
        differing=_signed(code, _figures(facts["differing"]), currency),
        moving=_signed(code, _figures(facts["moving"]), currency),
        differences=differences,
        on_the_way=on_the_way,
        compared=int(facts.get("compared", 0)),
        is_whole=bool(facts.get("is_whole", True)),
    )


def _look(differences: int) -> Look:
    if not differences:
        return FINE.named("Agrees")
    return STUCK.named(f"{differences:,} difference{'' if differences == 1 else 's'}")


def _figures(line: Any) -> Figures:
    return Figures(int(line[0]), Decimal(line[1]))


def _cell(code: str, figures: Figures, currency: str) -> Cell:
    _, noun, unit, _ = _BOOKS[code]
    if unit is None:
        return Cell(f"{figures.count:,}")
    if unit:
        return Cell(f"{figures.amount:,.0f}", f"{figures.count:,} {noun}{'' if figures.count == 1 else 's'}")
    return Cell(f"{figures.count:,}", display(figures.amount, currency) if currency else "")


def _signed(code: str, figures: Figures, currency: str) -> Cell:
    """A gap with its sign: the records, and under them the money; for stock the units."""
    _, _, unit, _ = _BOOKS[code]
    number = figures.amount if unit else figures.count
    money = f"{_sign(figures.amount)}{display(abs(figures.amount), currency)}" if unit == "" and figures.amount else ""
    return Cell(f"{_sign(number)}{abs(number):,.0f}" if number else "0", money)


def _sign(number: int | Decimal) -> str:
    return "+" if number > 0 else "−"
