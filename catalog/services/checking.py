"""What a price list cannot be told: each refusal names the field, says what is wrong and what to type instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from catalog.models import PriceBasis, PriceList, PriceListState, PriceRule, RoundingDirection, Variant
from catalog.pricing import Rule, read_band
from catalog.pricing.change import QuantityBreak
from portal.lib.errors import DomainError
from portal.lib.money import ZERO

HIGHEST = Decimal(10) ** 9
MOST_RULES, MOST_BREAKS = 500, 2_000


def check_terms(price_list: PriceList) -> None:
    """Raise DomainError unless the fields of ``price_list`` make sense together."""
    if not price_list.name.strip():
        raise DomainError("A price list needs a name. Type one.", field="name")
    check_margin(price_list.percent_off, price_list.amount_off)
    ending, rate = price_list.rounding_ending, price_list.retail_rate
    for is_wrong, sentence, field in (
        (
            ending is not None and not ZERO <= ending < 1,
            "An ending lies between .00 and .99. Type one such as 0.99, or leave it empty.",
            "rounding_ending",
        ),
        (
            rate is not None and rate <= ZERO,
            "A rate is above 0. Type how much retail currency one unit of the list is.",
            "retail_rate",
        ),
        (
            price_list.rounding_direction not in RoundingDirection.values,
            "Choose nearest, up or down.",
            "rounding_direction",
        ),
        (price_list.state not in PriceListState.values, "Choose draft, scheduled or live.", "state"),
        (price_list.basis not in PriceBasis.values, "Choose retail price, list price or cost.", "basis"),
        (
            not ZERO <= price_list.floor_percent < 1000,
            "The floor above cost is a percentage from 0 to 999. Type one such as 5.",
            "floor_percent",
        ),
        (
            _ends_before_it_begins(price_list),
            "The last day lies before the first. Choose a later last day, or leave it empty.",
            "valid_until",
        ),
        (
            price_list.state == PriceListState.SCHEDULED and price_list.valid_from is None,
            "A scheduled list needs the day on which it goes live. Choose one.",
            "valid_from",
        ),
    ):
        if is_wrong:
            raise DomainError(sentence, field=field)


def check_margin(percent_off: Decimal, amount_off: Decimal | None = None) -> None:
    """Raise DomainError for a margin that would leave nothing, or that no column holds."""
    if not -1000 < percent_off < 100:
        raise DomainError(
            "Percent off must be below 100. 20 means that partners pay 80 % of retail.", field="percent_off"
        )
    if amount_off is not None and not -HIGHEST < amount_off < HIGHEST:
        raise DomainError("This amount is too large. Type one such as 2.50.", field="amount_off")


def check_rules(rules: Sequence[Rule]) -> None:
    """Raise DomainError for a rule for nothing, an unreadable price band, or too many rules."""
    if len(rules) > MOST_RULES:
        raise DomainError(f"A list holds at most {MOST_RULES} rules. Use a tag to gather products.", field="rules")
    for rule in rules:
        if rule.target not in PriceRule.Target.values or not rule.value.strip():
            raise DomainError("A rule needs the goods that it is for. Choose a kind and type a value.", field="value")
        if rule.target == PriceRule.Target.BAND and read_band(rule.value) is None:
            raise DomainError(
                "A price band reads 10-20: from 10 to below 20. 50- is from 50 on, -5 is below 5.", field="value"
            )
        if rule.basis and rule.basis not in PriceBasis.values:
            raise DomainError("Choose retail price, list price or cost.", field="basis")
        check_margin(rule.percent_off, rule.amount_off)


def check_breaks(price_list: PriceList, breaks: Iterable[QuantityBreak]) -> None:
    """Raise DomainError for a break at one unit, one said twice, one without a saving, or for goods of somebody else."""
    seen: set[tuple[int | None, int]] = set()
    for one in breaks:
        if not 1 < one.quantity < 1_000_000:
            raise DomainError("A quantity break begins at 2 units or more.", field="quantity")
        if (one.variant_id, one.quantity) in seen:
            raise DomainError(f"There are two breaks at {one.quantity} units. Keep one of them.", field="quantity")
        seen.add((one.variant_id, one.quantity))
        _check_saving(one)
    check_own(price_list, {one.variant_id for one in breaks if one.variant_id})


def check_overrides(price_list: PriceList, amounts: Mapping[int, Decimal]) -> None:
    """Raise DomainError for a negative or absurd amount, and for variants that are not the supplier's own."""
    for amount in amounts.values():
        clean_amount(amount)
    check_own(price_list, set(amounts))


def check_own(price_list: PriceList, variant_ids: set[int]) -> None:
    """Raise DomainError unless all the variants are the supplier's own."""
    if not variant_ids:
        return
    if Variant.objects.filter(company_id=price_list.company_id, pk__in=variant_ids).count() != len(variant_ids):
        raise DomainError("Some of these products are not yours. Reload the page and try again.")


def clean_amount(amount: Decimal) -> Decimal:
    """``amount`` as it is stored; raises DomainError below 0 and where no column holds it."""
    if not amount.is_finite() or not ZERO <= amount < HIGHEST:
        raise DomainError("A price cannot be below 0. Type an amount such as 9.95.", field="amount")
    return amount.quantize(Decimal("0.0001"))


def _check_saving(one: QuantityBreak) -> None:
    if one.variant_id is None:
        if one.percent_off is None or not ZERO < one.percent_off < 100:
            raise DomainError("A quantity break takes off more than 0 and less than 100 percent.", field="percent_off")
    elif one.amount is None or not ZERO < one.amount < HIGHEST:
        raise DomainError("A quantity break for one SKU is a price above 0.", field="amount")


def _ends_before_it_begins(price_list: PriceList) -> bool:
    begins, ends = price_list.valid_from, price_list.valid_until
    return begins is not None and ends is not None and ends <= begins
