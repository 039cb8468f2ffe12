"""The price on a retailer's shelf: its rule applied to what the supplier suggests or to what it pays. Pure; all figures in one currency.

Sum: base × percentage, landed on the chosen ending; below the floor (the larger of MAP and the dropship price) it is raised to the next landing above.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from catalog.pricing.rounding import land_on
from portal.lib.money import ZERO, display, minor_unit, to_minor

HUNDRED = Decimal(100)
FLOORS = {"map": "the supplier's minimum advertised price", "cost": "what you pay"}


@dataclass(frozen=True, slots=True)
class Rule:
    """``basis`` is "suggested" (``percent`` comes off) or "cost" (``percent`` goes on)."""

    basis: str
    percent: Decimal
    ending: Decimal | None = None
    direction: str = "nearest"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a variant in ``currency``; None or 0 where there is none."""

    currency: str
    suggested: Decimal | None
    cost: Decimal | None
    map_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ShelfPrice:
    """``amount`` on the shelf; ``decided`` says by what: "own", "rule" or "suggested"; ``raised_to`` names the floor that lifted it, if one did."""

    amount: Decimal
    decided: str
    raised_to: str = ""


def shelf_price(facts: Facts, *, rule: Rule | None, own: Decimal | None = None) -> ShelfPrice | None:
    """The price on the shelf: the listing's own, else what the rule makes, else the suggested one. None where there is nothing to make it from."""
    if own is not None:
        return ShelfPrice(own, "own")
    if rule is None:
        return ShelfPrice(facts.suggested, "suggested") if facts.suggested else None
    base = facts.suggested if rule.basis == "suggested" else facts.cost
    if not base or base <= ZERO:
        return None
    return _held(_landed(base * _factor(rule), facts, rule), facts, rule)


def in_currency(amount: Decimal | None, rate: Decimal | None, currency: str | None) -> Decimal | None:
    """``amount`` of the list's currency in ``currency``, on its smallest coin; None without amount, rate or currency."""
    if amount is None or rate is None or not currency:
        return None
    return amount if rate == 1 else to_minor(amount * Decimal(rate), currency)


def floor_of(facts: Facts) -> tuple[Decimal, str]:
    """The least that a rule may make, and which figure that is, "" for none."""
    floors = [(amount, name) for amount, name in ((facts.map_price, "map"), (facts.cost, "cost")) if amount]
    return max(floors, default=(ZERO, ""))


def rule_words(rule: Rule, currency: str) -> str:
    """The rule as a person would say it: ``What you pay plus 40 %, ends in .99, up``."""
    percent = f"{abs(rule.percent).normalize():f} %"
    if rule.basis == "cost":
        words = f"What you pay {'plus' if rule.percent >= 0 else 'less'} {percent}"
    else:
        words = (
            f"Suggested price {'less' if rule.percent >= 0 else 'plus'} {percent}"
            if rule.percent
            else "Suggested price"
        )
    return words if _ending(rule, currency) is None else f"{words}, ends in {str(rule.ending)[1:]}, {rule.direction}"


def raised_words(price: ShelfPrice, facts: Facts) -> str:
    """Why a price is higher than the rule alone would make it; "" when it is not."""
    if not price.raised_to:
        return ""
    floor, name = floor_of(facts)
    return f"Raised: never below {FLOORS[name]}, {display(floor, facts.currency)}."


def _factor(rule: Rule) -> Decimal:
    return (HUNDRED - rule.percent if rule.basis == "suggested" else HUNDRED + rule.percent) / HUNDRED


def _held(amount: Decimal, facts: Facts, rule: Rule) -> ShelfPrice:
    floor, name = floor_of(facts)
    if amount >= floor:
        return ShelfPrice(amount, "rule")
    raised = _landed(floor, facts, Rule(rule.basis, rule.percent, rule.ending, "up"))
    step = minor_unit(facts.currency)
    return ShelfPrice(raised if raised >= floor else raised + step, "rule", name)


def _landed(amount: Decimal, facts: Facts, rule: Rule) -> Decimal:
    ending = _ending(rule, facts.currency)
    return land_on(amount, ending=ending, direction=rule.direction, step=minor_unit(facts.currency))


def _ending(rule: Rule, currency: str) -> Decimal | None:
    return rule.ending if minor_unit(currency) < 1 else None
