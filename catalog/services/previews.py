"""What a change would do, before it does it: every price of the list worked out anew beside the one in force, in a few queries however many SKUs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from heapq import nlargest

from catalog.models import EffectivePrice, PriceList, PriceListAssignment, Variant
from catalog.pricing import Break, Goods, Price, Step, Terms, amount_of, margin_percent
from catalog.pricing.change import Change
from catalog.services.applying import with_terms
from catalog.services.terms import Inputs, breaks_of, inputs_of, rules_of, terms_of
from catalog.sold import units_sold
from portal.companies.models import PartnershipState
from portal.lib import clock
from portal.lib.money import ZERO

MONTH = timedelta(days=30)
MOST_SHOWN = 8
# What is wrong with a price: the worst first.
TROUBLES = ("below cost", "below MAP", "over MSRP")


@dataclass(slots=True)
class Moved:
    """One price as it is and as it would be (None: no price), in the list's currency; ``share`` is the change in percent. ``name`` and ``sku`` are filled
    for those that are shown."""

    variant_id: int
    now: Decimal | None
    new: Decimal | None
    share: Decimal | None
    trouble: str = ""
    limit: Decimal | None = None
    name: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class MonthEffect:
    """What the orders of the last 30 days would have brought the supplier: units, takings now and then, in the list's currency; cost where it is known."""

    units: int
    now: Decimal
    new: Decimal
    cost: Decimal

    @property
    def margin_now(self) -> Decimal | None:
        return margin_percent(self.cost, self.now)

    @property
    def margin_new(self) -> Decimal | None:
        return margin_percent(self.cost, self.new)

    @property
    def difference(self) -> Decimal:
        return self.new - self.now


@dataclass(frozen=True, slots=True)
class Preview:
    """Counts by direction (``added``: has a price now, ``gone``: has none any more), violations worst first, the biggest movers, and who pays these prices."""

    up: int
    down: int
    same: int
    added: int
    gone: int
    violations: list[Moved]
    movers: list[Moved]
    trouble_counts: dict[str, int]
    partners: list[str]
    month: MonthEffect | None
    changed_ids: list[int] = field(repr=False, default_factory=list)
    biggest: Decimal = ZERO

    @property
    def total(self) -> int:
        return self.up + self.down + self.same + self.added + self.gone

    @property
    def changed(self) -> int:
        return self.total - self.same

    @property
    def share(self) -> Decimal:
        """How many percent of the prices change."""
        return Decimal(100) * self.changed / self.total if self.total else ZERO


def preview_change(price_list: PriceList, change: Change) -> Preview:
    """What ``change`` would do to the prices of ``price_list``. Writes nothing; about ten queries."""
    held = dict(
        EffectivePrice.objects.filter(price_list=price_list, valid_until__isnull=True).values_list(
            "variant_id", "amount"
        )
    )
    inputs = planned_inputs(inputs_of(price_list, None), change)
    terms = planned_terms(price_list, change)
    on_list = inputs.goods.keys() if _joins(price_list, change) else _members(held.keys(), inputs)
    found = ((pk, amount_of(inputs.goods[pk], terms=terms, override=inputs.overrides.get(pk))) for pk in on_list)
    return _counted(price_list, held, {pk: amount for pk, amount in found if amount is not None}, inputs)


def planned_prices(price_list: PriceList, change: Change, ids: Iterable[int]) -> tuple[dict[int, Price], Inputs]:
    """The prices of these variants under ``change``, and what they come from."""
    inputs = planned_inputs(inputs_of(price_list, ids), change)
    terms = planned_terms(price_list, change)
    found = ((pk, inputs.price(pk, terms=terms)) for pk in inputs.goods)
    return {pk: price for pk, price in found if price}, inputs


def planned_terms(price_list: PriceList, change: Change) -> Terms:
    """The terms of ``price_list`` under ``change``."""
    planned = with_terms(PriceList.objects.get(pk=price_list.pk), change.terms)
    shared = sorted((one for one in change.breaks or () if one.variant_id is None), key=lambda one: one.quantity)
    breaks = (
        breaks_of(price_list)
        if change.breaks is None
        else [Break(one.quantity, one.percent_off) for one in shared if one.percent_off is not None]
    )
    rules = rules_of(price_list) if change.rules is None else change.rules
    return replace(terms_of(planned), rules=tuple(rules), breaks=tuple(breaks))


def planned_inputs(inputs: Inputs, change: Change) -> Inputs:
    """``inputs`` with the overrides and own breaks of ``change``."""
    overrides = {**inputs.overrides, **{pk: one.amount for pk, one in change.overrides.items()}}
    return replace(
        inputs,
        overrides={pk: amount for pk, amount in overrides.items() if amount is not None},
        own_breaks=inputs.own_breaks if change.breaks is None else _own_breaks(change),
    )


def trouble_of(amount: Decimal, goods: Goods) -> tuple[str, Decimal | None]:
    """What is wrong with a dropship price, and the figure that it passes; ("", None) where nothing is."""
    for word, limit, is_passed in (
        (TROUBLES[0], goods.cost, lambda limit: amount < limit),
        (TROUBLES[1], goods.map_price, lambda limit: amount < limit),
        (TROUBLES[2], goods.msrp, lambda limit: amount > limit),
    ):
        if limit is not None and limit > ZERO and is_passed(limit):
            return word, limit
    return "", None


def _members(held: Iterable[int], inputs: Inputs) -> set[int]:
    """What is on the list now, and what has an override."""
    return (set(held) | inputs.overrides.keys()) & inputs.goods.keys()


def _joins(price_list: PriceList, change: Change) -> bool:
    return change.terms.get("adds_new_products", price_list.adds_new_products) is True


def _counted(
    price_list: PriceList, held: Mapping[int, Decimal], prices: Mapping[int, Decimal], inputs: Inputs
) -> Preview:
    moved = [_moved(pk, held.get(pk), prices.get(pk), inputs) for pk in held.keys() | prices.keys()]
    changed = [one for one in moved if one.now != one.new]
    counts = _directions(changed)
    troubled = [one for one in changed if one.trouble]
    movers = nlargest(MOST_SHOWN, changed, key=lambda one: (abs(one.share or ZERO), one.variant_id))
    worst = sorted(troubled, key=lambda one: (TROUBLES.index(one.trouble), one.variant_id))[:MOST_SHOWN]
    _name(movers + worst)
    partnerships = _partnerships(price_list)
    return Preview(
        **counts,
        same=len(moved) - len(changed),
        violations=worst,
        movers=movers,
        trouble_counts={word: n for word in TROUBLES if (n := sum(one.trouble == word for one in troubled))},
        partners=sorted(partnerships.values()),
        month=_month(partnerships, held, prices, inputs),
        changed_ids=[one.variant_id for one in changed],
        biggest=max((abs(one.share) for one in changed if one.share is not None), default=ZERO),
    )


def _moved(pk: int, now: Decimal | None, new: Decimal | None, inputs: Inputs) -> Moved:
    if now == new:
        return Moved(pk, now, new, None)
    share = (new - now) / now * 100 if now and new is not None else None
    goods = inputs.goods.get(pk)
    trouble, limit = trouble_of(new, goods) if new is not None and goods else ("", None)
    return Moved(pk, now, new, share, trouble, limit)


def _directions(changed: Iterable[Moved]) -> dict[str, int]:
    counts = {"up": 0, "down": 0, "added": 0, "gone": 0}
    for one in changed:
        key = "added" if one.now is None else "gone" if one.new is None else "up" if one.new > one.now else "down"
        counts[key] += 1
    return counts


def _name(shown: Iterable[Moved]) -> None:
    lines = list(shown)
    variants = Variant.objects.select_related("product").in_bulk({one.variant_id for one in lines})
    for one in lines:
        variant = variants[one.variant_id]
        one.name, one.sku = variant.full_name, variant.sku


def _partnerships(price_list: PriceList) -> dict[int, str]:
    rows = PriceListAssignment.objects.filter(
        price_list=price_list, partnership__state=PartnershipState.ACCEPTED, partnership__retailer__isnull=False
    )
    return dict(rows.values_list("partnership_id", "partnership__retailer__name"))


def _month(
    partnerships: Mapping[int, str], held: Mapping[int, Decimal], prices: Mapping[int, Decimal], inputs: Inputs
) -> MonthEffect | None:
    """None where these partners bought nothing in the last 30 days. Goods whose price or cost is unknown are left out."""
    sold = units_sold(list(partnerships), since=clock.now() - MONTH) if partnerships else {}
    known = [
        (units, held[pk], prices[pk], cost)
        for pk, units in sold.items()
        if pk in held and pk in prices and (cost := inputs.goods[pk].cost) is not None
    ]
    if not known:
        return None
    return MonthEffect(
        units=sum(units for units, *_ in known),
        now=sum((units * now for units, now, _, _ in known), ZERO),
        new=sum((units * new for units, _, new, _ in known), ZERO),
        cost=sum((units * cost for units, _, _, cost in known), ZERO),
    )


def _own_breaks(change: Change) -> dict[int, list[Step]]:
    found: dict[int, list[Step]] = {}
    for one in sorted(change.breaks or (), key=lambda one: one.quantity):
        if one.variant_id is not None and one.amount is not None:
            found.setdefault(one.variant_id, []).append((one.quantity, one.amount))
    return found
