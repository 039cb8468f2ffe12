"""What is counted: which rows, and by what they are told apart.

A retailer's report counts what customers bought; a supplier's counts the parts that it ships, at what partners pay. A retailer's report by partner counts
parts, too, since one order may have several suppliers. Sandbox rows and live rows are never counted together, and cancelled ones not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat, NullIf

from channels.models import Integration, SupplierOrderLink
from orders.models import LineKind, Order, OrderSource, OrderState, SupplierOrder, SupplierOrderState
from portal.companies.models import Company
from portal.web.reports.period import Period

NO_STORE = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """``rows`` carry ``key``; ``units`` counts their goods, ``parts`` is the prefix of the parts' columns ("" where rows are parts).

    ``names`` turns keys into words; ``money`` says whose money it is.
    """

    rows: QuerySet[Any]
    units: Sum
    parts: str
    names: Callable[[set[str]], dict[str, str]]
    money: str
    note: str = ""

    @property
    def shipped(self) -> Count:
        return Count(f"{self.parts}pk", filter=self._gone)

    @property
    def in_time(self) -> Count:
        """Shipped by the day that was promised; without a promise nothing is late."""
        punctual = Q(**{f"{self.parts}due_at": None}) | Q(**{f"{self.parts}shipped_at__lte": F(f"{self.parts}due_at")})
        return Count(f"{self.parts}pk", filter=self._gone & punctual)

    @property
    def _gone(self) -> Q:
        return Q(**{f"{self.parts}shipped_at__isnull": False})


_SOURCES = {f"source-{value}": label for value, label in OrderSource.choices}
_ORDER_UNITS = Sum("lines__quantity", filter=~Q(lines__kind=LineKind.CHARGE))
_PART_UNITS = Sum(F("lines__quantity") - F("lines__quantity_cancelled"))


def basis_of(company: Company, side: str, by: str, period: Period) -> Basis:
    """What a report of ``company`` counts; ``side`` is "supplies" or "sells", ``by`` "integration", "partner" or "period"."""
    if side == "supplies":
        return _supplied(company, by, period)
    return _bought(company, period) if by == "partner" else _sold(company, by, period)


def _supplied(company: Company, by: str, period: Period) -> Basis:
    rows = _within(SupplierOrder.objects.filter(supplier=company), company, period)
    rows = rows.exclude(state=SupplierOrderState.CANCELLED)
    keys = {"integration": _sent_to(company), "partner": Cast("retailer_id", CharField())}
    names = _integration_names(company, "Not sent to a store") if by == "integration" else _company_names
    return Basis(
        rows.annotate(key=keys.get(by, Value(""))), _PART_UNITS, "", names, "what partners pay you", "Net, without tax."
    )


def _bought(company: Company, period: Period) -> Basis:
    rows = _within(SupplierOrder.objects.filter(retailer=company), company, period)
    rows = rows.exclude(state=SupplierOrderState.CANCELLED).annotate(key=Cast("supplier_id", CharField()))
    note = "An order that two partners ship counts once with each."
    return Basis(rows, _PART_UNITS, "", _company_names, "what you pay partners", note)


def _sold(company: Company, by: str, period: Period) -> Basis:
    rows = _within(Order.objects.filter(company=company), company, period).exclude(state=OrderState.CANCELLED)
    # Orders without a store are told apart by how they came.
    source = Concat(Value("source-"), "source", output_field=CharField())
    key = Coalesce(NullIf("source_key", Value("")), source) if by == "integration" else Value("")
    names = _integration_names(company, "Not from a store")
    note = "With postage and tax, as the store says."
    return Basis(rows.annotate(key=key), _ORDER_UNITS, "supplier_orders__", names, "what customers paid", note)


def _within(rows: QuerySet[Any], company: Company, period: Period) -> QuerySet[Any]:
    return rows.filter(is_sandbox=company.is_sandbox, placed_at__gte=period.begin, placed_at__lt=period.end).order_by()


def _sent_to(company: Company) -> Coalesce:
    """The supplier's own integration that the part was first created at; kept when that integration is removed."""
    links = SupplierOrderLink.objects.filter(supplier_order=OuterRef("pk"), integration__company=company)
    first = Subquery(links.order_by("pk").values("integration_id")[:1])
    return Coalesce(Cast(first, CharField()), Value(NO_STORE))


def _integration_names(company: Company, none: str) -> Callable[[set[str]], dict[str, str]]:
    """Names as they stand now, which for a removed one is its frozen name."""

    def names(keys: set[str]) -> dict[str, str]:
        numbers = {key: key.removeprefix("integration-") for key in keys}
        wanted = [int(number) for number in numbers.values() if number.isdigit()]
        rows = Integration.objects.for_company(company).filter(pk__in=wanted).values_list("pk", "name")
        found = {str(pk): name for pk, name in rows}
        return {key: found.get(number) or _SOURCES.get(key) or none for key, number in numbers.items()}

    return names


def _company_names(keys: set[str]) -> dict[str, str]:
    rows = Company.objects.filter(pk__in=[int(key) for key in keys if key]).values_list("pk", "name")
    return {str(pk): name for pk, name in rows}
