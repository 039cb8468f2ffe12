"""The rows of the price grid: each variant with its price in force on one list, what the draft makes of it, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from catalog.models import PriceList, PriceOverride, PriceRevision, Variant
from catalog.pricing import OVERRIDE, margin_percent
from catalog.pricing.change import Change
from catalog.services.previews import planned_prices

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Priced(TypedDict):
    """The price of a variant on a list, None where it has none there."""

    amount: Decimal | None
    retail_amount: Decimal | None
    rule: str | None
    breaks: list[list[str]] | None
    valid_from: datetime | None
    locked: bool


BELOW_COST = Q(amount__lt=F("cost"))
BELOW_MAP = Q(amount__lt=F("map_price")) | Q(price__lt=F("map_price"))
OVER_MSRP = Q(amount__gt=F("msrp")) | Q(price__gt=F("msrp"))


def priced(variants: QuerySet[Variant], price_list: PriceList) -> QuerySet[WithAnnotations[Variant, Priced]]:
    """``variants`` with ``amount``, ``retail_amount``, ``rule``, ``breaks`` and ``valid_from`` in force on ``price_list`` (None where it has no price) and
    whether an override is ``locked``. One query."""
    in_force = Q(prices__price_list=price_list, prices__valid_until__isnull=True)
    locked = PriceOverride.objects.filter(price_list=price_list, variant=OuterRef("pk"), is_locked=True)
    return variants.annotate(now=FilteredRelation("prices", condition=in_force)).annotate(
        amount=F("now__amount"),
        retail_amount=F("now__retail_amount"),
        rule=F("now__rule"),
        breaks=F("now__breaks"),
        valid_from=F("now__valid_from"),
        locked=Exists(locked),
    )


def margin_of(row: Any) -> Any:
    """The partner's margin before any rate: dropship against the supplier's own retail price."""
    return margin_percent(row.amount, row.price) if row.amount is not None and row.price else None


def decorate(row: Any) -> Any:
    """What the grid shows of a row besides its fields: its picture's name, margin and what is wrong with it."""
    row.goods, row.choice, row.margin = row.product, row.name, margin_of(row)
    row.is_below_cost = row.amount is not None and row.cost is not None and row.amount < row.cost
    row.is_below_map = row.price is not None and row.map_price is not None and row.price < row.map_price
    row.is_over_msrp = row.amount is not None and row.msrp is not None and row.amount > row.msrp
    troubles = ((row.is_below_cost, "below cost"), (row.is_below_map, "below MAP"), (row.is_over_msrp, "over MSRP"))
    row.trouble = next((word for is_so, word in troubles if is_so), "")
    row.live = row.amount
    row.is_override = row.rule == OVERRIDE
    return row


def plan(rows: Sequence[Any], price_list: PriceList, revision: PriceRevision | None) -> None:
    """Put the draft's figures into ``rows`` (``live`` keeps what is in force). A few queries, however many rows."""
    if revision is None or not rows:
        return
    prices, _ = planned_prices(price_list, Change.from_json(revision.change), [row.pk for row in rows])
    for row in rows:
        price, live = prices.get(row.pk), row.amount
        row.amount = price.amount if price else None
        row.retail_amount = price.retail_amount if price else None
        row.rule = price.rule if price else ""
        decorate(row)
        row.live, row.is_planned = live, row.amount != live
