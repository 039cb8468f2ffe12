"""Which rule decides: the narrowest that fits, and among equally narrow ones the first.

A SKU is narrower than a tag, a tag than a category, a category than a brand, a brand than a price band; every rule is narrower than the list itself. So the
order of two rules matters only where both are of one kind and both fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from catalog.pricing.terms import Goods, Margin, Rule, Terms

SKU, TAG, CATEGORY, BRAND, BAND = "sku", "tag", "category", "brand", "band"
NARROWEST_FIRST = (SKU, TAG, CATEGORY, BRAND, BAND)
Ends = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Decider:
    """A rule in its place among the rules (from 0), with its margin and label under the list's terms; ``place`` −1 is the list itself."""

    place: int
    margin: Margin
    label: str


class RuleBook:
    """The rules of a list by their kind, so that the one that decides is looked up and not searched."""

    def __init__(self, terms: Terms) -> None:
        self.otherwise = Decider(-1, terms.margin, terms.label)
        self._by_kind: dict[str, dict[str, Decider]] = {}
        self._bands: list[tuple[Ends, Decider]] = []
        for place, rule in enumerate(terms.rules):
            self._add(rule, Decider(place, rule.margin(terms), rule.label(terms)))
        self._kinds = [(self._by_kind[kind], _TEXTS[kind]) for kind in NARROWEST_FIRST if kind in self._by_kind]

    def deciding(self, goods: Goods) -> Decider:
        """What decides for ``goods``."""
        for rules, texts_of in self._kinds:
            fitting = [rules[key] for text in texts_of(goods) if (key := text.casefold()) in rules]
            if fitting:
                return min(fitting, key=lambda one: one.place)
        return next((one for ends, one in self._bands if _within(goods.retail, ends)), self.otherwise)

    def _add(self, rule: Rule, decider: Decider) -> None:
        if rule.target != BAND:
            self._by_kind.setdefault(rule.target, {}).setdefault(rule.value.casefold(), decider)
        elif ends := read_band(rule.value):
            self._bands.append((ends, decider))


def read_band(text: str) -> Ends | None:
    """``10-20`` → from 10 to below 20; ``10-`` and ``-20`` are open at one end. None for anything else."""
    low, dash, high = text.replace("–", "-").replace(" ", "").partition("-")
    if not dash or not (low or high):
        return None
    try:
        begin, end = (Decimal(text) if text else None for text in (low, high))
    except ArithmeticError:
        return None
    if any(one is not None and (not one.is_finite() or one < 0) for one in (begin, end)):
        return None
    return (begin, end) if begin is None or end is None or begin < end else None


def _within(amount: Decimal | None, ends: Ends) -> bool:
    low, high = ends
    return amount is not None and (low is None or amount >= low) and (high is None or amount < high)


_TEXTS: dict[str, Callable[[Goods], Sequence[str]]] = {
    SKU: lambda goods: (goods.sku,),
    TAG: lambda goods: goods.tags,
    CATEGORY: lambda goods: (goods.category,),
    BRAND: lambda goods: (goods.brand,),
}
