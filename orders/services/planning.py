"""Who would ship an order and at what price: read once, used to find faults and to route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog.models import EffectivePrice, PriceList, Variant
from catalog.selectors import price_for_order
from orders.models import Order, OrderLine
from portal.companies.models import Partnership, PartnershipState


@dataclass(frozen=True, slots=True)
class Plan:
    """The goods by variant id, the partnerships by supplier id (any state but ended, or the latest ended), the prices and their lists."""

    variants: dict[int, Variant] = field(default_factory=dict)
    partnerships: dict[int, Partnership] = field(default_factory=dict)
    prices: dict[int, EffectivePrice] = field(default_factory=dict)
    lists: dict[int, PriceList] = field(default_factory=dict)

    def variant_of(self, line: OrderLine) -> Variant:
        """The goods of ``line``, which must be matched."""
        return self.variants[_matched(line)]

    def price_of(self, line: OrderLine) -> EffectivePrice:
        """The price of ``line``, which must be matched and have one."""
        return self.prices[_matched(line)]

    def list_of(self, line: OrderLine) -> PriceList:
        """The price list that ``price_of`` stands on."""
        return self.lists[self.price_of(line).price_list_id]

    def partnership_of(self, line: OrderLine) -> Partnership | None:
        return self.partnerships.get(self.variant_of(line).company_id)

    def supplier_name(self, line: OrderLine) -> str:
        return self.variant_of(line).company.name[:60]


def _matched(line: OrderLine) -> int:
    """The variant of ``line``. Raises ValueError for a line that nobody has matched yet: no plan says anything of it."""
    if line.variant_id is None:
        raise ValueError(f"Line {line.pk} is matched to no product.")
    return line.variant_id


def plan_of(order: Order, lines: Sequence[OrderLine]) -> Plan:
    """The plan for the matched goods among ``lines``; prices are those in force when the order was placed. Four queries and two a supplier."""
    ids = {line.variant_id for line in lines if line.is_goods and line.variant_id}
    if not ids:
        return Plan()
    variants = Variant.objects.select_related("product", "company").in_bulk(ids)
    partnerships = _partnerships(order, {variant.company_id for variant in variants.values()})
    prices: dict[int, EffectivePrice] = {}
    for supplier_id, partnership in partnerships.items():
        if partnership.state == PartnershipState.ACCEPTED:
            own = [pk for pk, variant in variants.items() if variant.company_id == supplier_id]
            prices |= price_for_order(partnership, own, at=order.placed_at)
    lists = PriceList.objects.in_bulk({price.price_list_id for price in prices.values()})
    return Plan(variants, partnerships, prices, lists)


def _partnerships(order: Order, supplier_ids: set[int]) -> dict[int, Partnership]:
    """The live partnership with each supplier; where there is none, the last one that ended."""
    rows = Partnership.objects.filter(retailer=order.company_id, supplier__in=supplier_ids).order_by("pk")
    live_last = sorted(rows, key=lambda row: row.state != PartnershipState.ENDED)
    return {row.supplier_id: row for row in live_last if row.supplier_id}
