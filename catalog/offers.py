"""A page of what partners offer to a retailer, read in one statement into plain rows: the same cost on any page of any number of goods.

Each live list of the retailer is walked by variant in its own index; the page is what comes first of all walks. Only for those few rows names, prices and
units are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, NullIf

from catalog.models import EffectivePrice
from catalog.numbers import with_units
from catalog.visibility import lists_for, offers_on
from portal.companies.models import Company
from portal.lib.prepared import Prepared

# SQLite puts no more than 500 queries together.
MOST_LISTS = 300
_PLACE = "(walked rows)"
_LISTS = Prepared(lambda company: lists_for(company).order_by().values_list("pk"))


def _step(price_list: int, beyond: int, sign: str, order: str) -> QuerySet:
    """The bound stands on both tables: PostgreSQL may merge two indexes, and would read one of them from its end to where the page begins."""
    here = offers_on(price_list).extra(
        where=[f"catalog_effectiveprice.variant_id {sign} %s", f"catalog_variant.id {sign} %s"], params=[beyond, beyond]
    )
    return here.order_by(order).values_list("pk", "variant_id")


_DOWN = Prepared(lambda price_list, beyond: _step(price_list, beyond, "<", "-variant_id"))
_UP = Prepared(lambda price_list, beyond: _step(price_list, beyond, ">", "variant_id"))
_ENDS = (2**63 - 1, 0)
COLUMNS = (
    "variant_id",
    "variant__product_id",
    "variant__product__name",
    "variant__product__brand",
    "variant__product__category",
    "variant__company_id",
    "variant__company__name",
    "variant__sku",
    "variant__name",
    "variant__options",
    "variant__barcode",
    "amount",
    "breaks",
    "price_list__currency",
    "retail_amount",
    "shelf",
    "variant__image_url",
    "variant__tracks_stock",
    "units",
)


def live_lists(company: Company) -> list[int]:
    """The ids of ``lists_for`` it."""
    return [pk for (pk,) in _LISTS.rows(company=company.pk)]


@dataclass(frozen=True, slots=True)
class Walk:
    """The offers of some lists in the order of their variants: newest first, or oldest first when ``is_up``, from beyond a variant's id."""

    lists: Sequence[int]
    is_up: bool = False
    beyond: int | None = None

    @classmethod
    def of(cls, company: Company) -> Walk:
        """All that ``company`` is offered."""
        return cls(live_lists(company))

    @property
    def is_possible(self) -> bool:
        return len(self.lists) <= MOST_LISTS

    def read(self, size: int) -> list[tuple[Any, ...]]:
        """The next ``size`` offers as rows of ``COLUMNS``, values as the driver gives them."""
        if not self.lists:
            return []
        before, after = _DETAILS.sql()[0].split(_PLACE)
        fixed = _DETAILS.sql()[1]
        walks, values = self._walks(size)
        at = before.count("%s")
        order = "ASC" if self.is_up else "DESC"
        with connection.cursor() as cursor:
            cursor.execute(f"{before}{walks}{after} ORDER BY 1 {order}", [*fixed[:at], *values, *fixed[at:]])
            return cursor.fetchall()

    def _walks(self, size: int) -> tuple[str, list[Any]]:
        """The keys of the prices on this page."""
        step, beyond = (_UP, _ENDS[1]) if self.is_up else (_DOWN, _ENDS[0])
        parts, values = [], []
        for price_list in self.lists:
            sql, params = step.sql(
                price_list=price_list, beyond=self.beyond if self.beyond is not None else beyond, limit=size
            )
            parts.append(f"SELECT * FROM ({sql}) one")
            values += params
        order = "ASC" if self.is_up else "DESC"
        return (
            f"SELECT pk FROM ({' UNION ALL '.join(parts)}) every ORDER BY variant_id {order} LIMIT {int(size)}",
            values,
        )


def _details() -> QuerySet:
    shelf = Coalesce(NullIf(F("price_list__retail_currency"), Value("")), F("price_list__currency"))
    rows = EffectivePrice.objects.filter(pk__in=RawSQL(_PLACE, ())).annotate(shelf=shelf)
    return with_units(rows, by="variant", outer="variant_id").order_by().values_list(*COLUMNS)


_DETAILS = Prepared(_details)
