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
from catalog.visibility import offers_on
from catalog.walks import LiveList, Steps, live_lists, possible
from portal.companies.models import Company
from portal.lib.prepared import Prepared

_PLACE = "(walked rows)"


def _step(price_list: int, beyond: int, sign: str, order: str) -> QuerySet:
    """The bound stands on both tables: PostgreSQL may merge two indexes, and would read one of them from its end to where the page begins."""
    here = offers_on(price_list).extra(  # nosec B610  # the sign is ours, the values are parameters
        where=[f"catalog_effectiveprice.variant_id {sign} %s", f"catalog_variant.id {sign} %s"], params=[beyond, beyond]
    )
    named = here.annotate(walked_key=F("pk"), walked_by=F("variant_id"))
    return named.order_by(order).values_list("walked_key", "walked_by")


_STEPS = Steps(
    down=Prepared(lambda price_list, beyond: _step(price_list, beyond, "<", "-variant_id")),
    up=Prepared(lambda price_list, beyond: _step(price_list, beyond, ">", "variant_id")),
)
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


@dataclass(frozen=True, slots=True)
class Walk:
    """The offers of some lists in the order of their variants: newest first, or oldest first when ``is_up``, from beyond a variant's id."""

    lists: Sequence[LiveList]
    is_up: bool = False
    beyond: int | None = None

    @classmethod
    def of(cls, company: Company) -> Walk:
        """All that ``company`` is offered."""
        return cls(live_lists(company))

    @property
    def is_possible(self) -> bool:
        return not self.lists or possible(self.lists)

    def read(self, size: int) -> list[tuple[Any, ...]]:
        """The next ``size`` offers as rows of ``COLUMNS``, values as the driver gives them."""
        if not self.lists:
            return []
        before, after = _DETAILS.sql()[0].split(_PLACE)
        fixed = _DETAILS.sql()[1]
        walks, values = _STEPS.merged(
            ({"price_list": one.pk} for one in self.lists), size=size, beyond=self.beyond, is_up=self.is_up
        )
        at = before.count("%s")
        order = "ASC" if self.is_up else "DESC"
        with connection.cursor() as cursor:
            cursor.execute(f"{before}{walks}{after} ORDER BY 1 {order}", [*fixed[:at], *values, *fixed[at:]])
            return cursor.fetchall()


def _details() -> QuerySet:
    shelf = Coalesce(NullIf(F("price_list__retail_currency"), Value("")), F("price_list__currency"))
    rows = EffectivePrice.objects.filter(pk__in=RawSQL(_PLACE, ())).annotate(shelf=shelf)  # nosec B611  # a mark of ours
    return with_units(rows, by="variant", outer="variant_id").order_by().values_list(*COLUMNS)


_DETAILS = Prepared(_details)
