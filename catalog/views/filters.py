"""List filters that depend on who looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from catalog.models import Product, Variant, sku_key
from portal.companies.models import Partnership, PartnershipState

MOST_OPTIONS = 40


@dataclass(frozen=True, slots=True)
class OneOf:
    """A choice among a few conditions, each made for the viewer: (value, label, function of the view that gives the condition)."""

    key: str
    label: str
    choices: tuple[tuple[str, str, Callable[[Any], Q]], ...]

    def options(self, view: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, label, _ in self.choices]

    def where(self, values: list[str], view: Any) -> Q:
        condition = Q()
        for value, _, make in self.choices:
            if value in values:
                condition |= make(view)
        return condition

    def said(self, values: list[str], view: Any) -> str:
        return " or ".join(label.lower() for value, label, _ in self.choices if value in values)


def partners_of(view: Any) -> Iterable[tuple[str, str]]:
    """The suppliers that the viewer's company trades with."""
    rows = Partnership.objects.filter(retailer=view.request.scope.company, state=PartnershipState.ACCEPTED)
    return rows.order_by("supplier__name").values_list("supplier_id", "supplier__name")[:MOST_OPTIONS]


def values_of(field: str) -> Callable[[Any], Iterable[tuple[str, str]]]:
    """A function of the view: the values of ``field`` among the products that it lists, the most common ones of many."""

    def read(view: Any) -> Iterable[tuple[str, str]]:
        rows = view.goods().exclude(**{field: ""}).order_by(field).values_list(field, flat=True).distinct()
        return [(value, value) for value in rows[:MOST_OPTIONS]]

    return read


def search_products(rows: QuerySet[Product], text: str) -> QuerySet[Product]:
    """Products whose name holds ``text`` or that have a SKU beginning with it."""
    skus = Variant.objects.filter(product=OuterRef("pk"), sku_key__startswith=sku_key(text))
    return rows.filter(Q(name__icontains=text) | Exists(skus))
