"""What a price list is computed from: its terms, and the goods, overrides and own breaks of some variants, read in sets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from catalog.models import PriceBreak, PriceList, PriceOverride, PriceRule, ProductTag, Variant
from catalog.pricing import Break, Goods, Price, Rule, Step, Terms, price_of

# The fields of a list that its terms copy under the same name.
SAME = (
    "currency",
    "percent_off",
    "amount_off",
    "basis",
    "rounding_ending",
    "rounding_direction",
    "retail_currency",
    "retail_rate",
    "floor_cost",
    "floor_percent",
    "floor_map",
    "ceiling_msrp",
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What prices of some variants are computed from, by variant id."""

    goods: dict[int, Goods]
    overrides: dict[int, Decimal] = field(default_factory=dict)
    own_breaks: Mapping[int, Sequence[Step]] = field(default_factory=dict)

    def price(self, variant_id: int, *, terms: Terms) -> Price | None:
        """The price of one of them under ``terms``; None where it has none."""
        return price_of(
            self.goods[variant_id],
            terms=terms,
            override=self.overrides.get(variant_id),
            own_breaks=self.own_breaks.get(variant_id, ()),
        )


def terms_of(price_list: PriceList) -> Terms:
    """What ``price_list`` decides, with its rules in their order and its breaks by quantity. Two queries."""
    return Terms(
        **{name: getattr(price_list, name) for name in SAME},
        rules=tuple(rules_of(price_list)),
        breaks=tuple(breaks_of(price_list)),
    )


def rules_of(price_list: PriceList) -> list[Rule]:
    """The rules of ``price_list`` in their order."""
    rows = PriceRule.objects.filter(price_list=price_list).order_by("position", "pk")
    return [Rule(one.target, one.value, one.percent_off, one.amount_off, one.basis) for one in rows]


def breaks_of(price_list: PriceList) -> list[Break]:
    """The quantity breaks that hold for all goods of ``price_list``."""
    rows = PriceBreak.objects.filter(price_list=price_list, variant__isnull=True).order_by("quantity")
    return [Break(one.quantity, one.percent_off) for one in rows if one.percent_off is not None]


def inputs_of(price_list: PriceList, variant_ids: Iterable[int] | None) -> Inputs:
    """What the prices of these variants (None: of all the supplier's) on ``price_list`` are computed from. Four queries."""
    ids = None if variant_ids is None else list(variant_ids)
    overrides = PriceOverride.objects.filter(_among("variant_id", ids), price_list=price_list)
    return Inputs(
        goods_of(price_list, ids),
        dict(overrides.values_list("variant_id", "amount")),
        own_breaks_of(price_list, ids),
    )


def _among(field: str, ids: Sequence[int] | None) -> Q:
    """Rows of these ids; of all where there are none given: ten thousand ids in a query cost more than the rows."""
    return Q() if ids is None else Q(**{f"{field}__in": ids})


def goods_of(price_list: PriceList, ids: Sequence[int] | None) -> dict[int, Goods]:
    """What matters of the variants; figures in another currency than the list's are no basis for it."""
    columns = ("pk", "currency", "price", "cost", "msrp", "map_price", "sku", "product_id")
    found = Variant.objects.filter(_among("pk", ids), company_id=price_list.company_id)
    tags = _tags(price_list, ids)
    return {
        pk: Goods(retail, brand, category, sku, tags.get(product_id, ()), cost, msrp, map_price)
        if currency == price_list.currency
        else Goods(None, brand, category, sku, tags.get(product_id, ()))
        for pk, currency, retail, cost, msrp, map_price, sku, product_id, brand, category in found.values_list(
            *columns, "product__brand", "product__category"
        )
    }


def own_breaks_of(price_list: PriceList, ids: Sequence[int] | None) -> dict[int, list[Step]]:
    """The quantity breaks of single variants."""
    found: dict[int, list[Step]] = defaultdict(list)
    rows = PriceBreak.objects.filter(_among("variant_id", ids), price_list=price_list, variant__isnull=False).order_by(
        "quantity"
    )
    for variant_id, quantity, amount in rows.values_list("variant_id", "quantity", "amount"):
        if amount is not None:
            found[variant_id].append((quantity, amount))
    return found


def _tags(price_list: PriceList, ids: Sequence[int] | None) -> dict[int, list[str]]:
    """The tags by product, read for every list: a rule that a draft adds may ask for them."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = ProductTag.objects.filter(_among("product__variants", ids), product__company=price_list.company_id)
    for product_id, name in rows.order_by("product_id", "key").values_list("product_id", "name").distinct():
        found[product_id].append(name)
    return found
