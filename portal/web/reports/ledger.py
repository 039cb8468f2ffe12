"""The figures of a report: one row a group and currency, and the orders of each step for the chart. Five queries, however many orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Count, Sum
from django.db.models.functions import Cast

from portal.companies.models import Company
from portal.lib.money import to_minor
from portal.web.reports.basis import Basis, basis_of
from portal.web.reports.period import Period

BIGGEST = 2
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Figures:
    """A group in one currency: amounts of two currencies are two rows, never a sum."""

    name: str
    currency: str
    orders: int
    units: int
    money: Decimal
    shipped: int
    in_time: int

    @property
    def share(self) -> str:
        """``96.2 %`` of what was shipped; "" while nothing was."""
        return f"{self.in_time / self.shipped:.1%}".replace("%", " %") if self.shipped else ""


@dataclass(frozen=True, slots=True)
class Report:
    """``rows`` by group, the largest first (periods by time); ``totals`` one a currency; ``series`` orders a step, by the biggest groups."""

    rows: list[Figures]
    totals: list[Figures]
    starts: list[date]
    series: list[tuple[str, list[int]]]
    money: str
    note: str

    @property
    def orders(self) -> int:
        return sum(total.orders for total in self.totals)

    @property
    def units(self) -> int:
        return sum(total.units for total in self.totals)

    @property
    def punctual(self) -> Figures:
        """All currencies together, for the counts only: its money means nothing."""
        return _total("", self.totals)


def report_of(company: Company, *, side: str, by: str, period: Period) -> Report:
    """The report of ``company`` for ``side`` ("supplies" or "sells"), told apart ``by`` integration, partner or period."""
    basis = basis_of(company, side, by, period)
    steps = _steps(basis, period)
    if by == "period":
        basis, labels = _by_period(basis, period)
    else:
        labels = basis.names({key for _, key in steps})
    figures = _figures(basis, labels)
    rows = list(figures.values())
    if by != "period":
        rows.sort(key=lambda row: (-row.orders, row.name, row.currency))
    return Report(
        rows,
        _totals(rows),
        period.starts(),
        _series(steps, {} if by == "period" else labels, period),
        basis.money,
        basis.note,
    )


def _by_period(basis: Basis, period: Period) -> tuple[Basis, dict[str, str]]:
    """The same rows, told apart by the step that they lie in."""
    rows = basis.rows.annotate(step=period.truncate("placed_at"))
    labels = {start.isoformat(): period.label(start) for start in period.starts()}
    return Basis(rows, basis.units, basis.parts, basis.names, basis.money, basis.note), labels


def _figures(basis: Basis, labels: dict[str, str]) -> dict[Key, Figures]:
    """Orders and money, units, and punctuality: three queries, since joined rows would be counted twice."""
    column = "step" if "step" in basis.rows.query.annotations else "key"
    groups = basis.rows.values(column, "currency")
    sums = {_key(row, column): row for row in groups.annotate(n=Count("pk"), worth=Sum("total"))}
    units = {_key(row, column): row["units"] for row in groups.annotate(units=basis.units)}
    gone = {_key(row, column): row for row in groups.annotate(shipped=basis.shipped, in_time=basis.in_time)}
    return {
        key: Figures(
            labels.get(key[0], key[0]),
            key[1],
            sums[key]["n"],
            units.get(key) or 0,
            to_minor(sums[key]["worth"] or Decimal(0), key[1]),
            gone[key]["shipped"],
            gone[key]["in_time"],
        )
        for key in sorted(sums)
    }


def _key(row: dict[str, Any], column: str) -> Key:
    value = row[column]
    return (value.date().isoformat() if column == "step" else value, row["currency"])


def _totals(rows: list[Figures]) -> list[Figures]:
    by_currency: dict[str, list[Figures]] = defaultdict(list)
    for row in rows:
        by_currency[row.currency].append(row)
    return [_total(currency, found) for currency, found in sorted(by_currency.items())]


def _total(currency: str, rows: list[Figures]) -> Figures:
    money = sum((row.money for row in rows), Decimal(0))
    counts = [sum(getattr(row, name) for row in rows) for name in ("orders", "units", "shipped", "in_time")]
    return Figures("Total", currency, counts[0], counts[1], money, counts[2], counts[3])


def _steps(basis: Basis, period: Period) -> Counter[tuple[date, str]]:
    """How many orders by (first day of the step, key)."""
    rows = basis.rows.annotate(step=period.truncate("placed_at"), group=Cast("key", CharField()))
    found = rows.values("step", "group").annotate(n=Count("pk"))
    return Counter({(row["step"].date(), row["group"]): row["n"] for row in found})


def _series(steps: Counter[tuple[date, str]], labels: dict[str, str], period: Period) -> list[tuple[str, list[int]]]:
    """The two biggest groups, and the others together."""
    starts = period.starts()
    totals: Counter[str] = Counter()
    for (_, key), number in steps.items():
        totals[key] += number
    biggest = [key for key, _ in totals.most_common(BIGGEST)]
    series = [(labels.get(key, "Orders"), [steps[start, key] for start in starts]) for key in biggest]
    if len(totals) > BIGGEST:
        others = [key for key in totals if key not in biggest]
        series.append(("Others", [sum(steps[start, key] for key in others) for start in starts]))
    return series
