"""Cost and rule → price. Pure: every rounding of a price is decided here and nowhere else.

The dropship price is the supplier's retail price less the percentage that decided (an override, else the first matching rule, else the list's own), landed
on the list's ending or on the currency's smallest step. The suggested retail price is the retail price times the list's rate, on the smallest step of the
retail currency. Both come with the sum that made them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from portal.lib.money import ZERO, minor_unit, to_minor

ONE = Decimal(1)
HUNDRED = Decimal(100)
FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Rule:
    """A percentage off for goods of one brand or category; compared without case."""

    target: str
    value: str
    percent_off: Decimal

    @property
    def label(self) -> str:
        return f"{self.value} {signed(self.percent_off)}"

    def fits(self, goods: Goods) -> bool:
        return getattr(goods, self.target).casefold() == self.value.casefold()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a list decides. ``retail_rate`` None with another ``retail_currency`` means that no retail price can be suggested yet."""

    currency: str
    percent_off: Decimal = ZERO
    rounding_ending: Decimal | None = None
    rounding_direction: str = "nearest"
    retail_currency: str = ""
    retail_rate: Decimal | None = None
    rules: Sequence[Rule] = ()

    @property
    def rate(self) -> Decimal | None:
        return ONE if self.shelf_currency == self.currency else self.retail_rate

    @property
    def shelf_currency(self) -> str:
        return self.retail_currency or self.currency

    @property
    def label(self) -> str:
        return f"List {signed(self.percent_off)}"


@dataclass(frozen=True, slots=True)
class Goods:
    """What of a variant matters to its price; ``retail`` is the supplier's retail price in the list's currency."""

    retail: Decimal | None
    brand: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """``amount`` is the dropship price, ``retail_amount`` the suggested one (0: none can be suggested), ``explanation`` the sum in stored facts."""

    amount: Decimal
    retail_amount: Decimal
    rule: str
    explanation: dict[str, str]


def price_of(goods: Goods, *, terms: Terms, override: Decimal | None = None) -> Price | None:
    """The price of ``goods`` under ``terms``; None where there is nothing to compute it from (no retail price, or zero, and no override)."""
    if override is None and not _has_retail(goods):
        return None
    retail = suggested(goods, terms=terms)
    computed = _computed(goods, terms) if _has_retail(goods) else None
    if override is not None:
        return _overridden(override, terms=terms, retail=retail, goods=goods, computed=computed)
    amount, rule, explanation = computed
    return Price(amount, retail, rule, {**explanation, **_retail_facts(terms, retail)})


def suggested(goods: Goods, *, terms: Terms) -> Decimal:
    """The suggested retail price in the list's retail currency; 0 where there is no retail price or no rate."""
    if not _has_retail(goods) or terms.rate is None:
        return ZERO
    return to_minor(goods.retail * terms.rate, terms.shelf_currency)


def land(amount: Decimal, *, terms: Terms) -> Decimal:
    """``amount`` on the list's ending in its direction, or on the currency's smallest step. What was above zero never lands on zero or below."""
    ending = _usable_ending(terms)
    if amount <= ZERO:
        return ZERO
    landed = (
        to_minor(amount, terms.currency) if ending is None else _DIRECTIONS[terms.rounding_direction](amount, ending)
    )
    return landed if landed > ZERO else max(to_minor(amount, terms.currency), minor_unit(terms.currency))


def signed(percent_off: Decimal) -> str:
    """``−20 %`` for 20 off, ``+5 %`` for a surcharge, with no needless zeros."""
    number = abs(percent_off).normalize()
    return f"{'+' if percent_off < 0 else '−'}{number:f} %"


def rounding_words(terms: Terms) -> str:
    """How the list rounds, for people: ``ends .99, up`` or ``0.01, half up``."""
    ending = _usable_ending(terms)
    if ending is None:
        return f"{minor_unit(terms.currency)}, half up"
    return f"ends {str(ending.quantize(Decimal('0.01')))[1:]}, {terms.rounding_direction}"


def margin_percent(amount: Decimal, retail: Decimal) -> Decimal | None:
    """What the retailer keeps of the shelf price, in percent to one place; both in one currency. None without a shelf price."""
    if retail <= ZERO:
        return None
    return ((retail - amount) / retail * HUNDRED).quantize(Decimal("0.1"))


def _has_retail(goods: Goods) -> bool:
    return goods.retail is not None and goods.retail > ZERO


def _computed(goods: Goods, terms: Terms) -> tuple[Decimal, str, dict[str, str]]:
    rule = next((rule for rule in terms.rules if rule.fits(goods)), None)
    percent = rule.percent_off if rule else terms.percent_off
    unrounded = goods.retail * (HUNDRED - percent) / HUNDRED
    amount = land(unrounded, terms=terms)
    label = rule.label if rule else terms.label
    facts = {
        "base": _text(goods.retail),
        "percent": f"{percent.normalize():f}",
        "rule": label,
        "beats": terms.label if rule else "",
        "unrounded": _text(unrounded),
        "rounding": rounding_words(terms),
        "amount": _text(amount),
    }
    return amount, label, facts


def _overridden(
    override: Decimal,
    *,
    terms: Terms,
    retail: Decimal,
    goods: Goods,
    computed: tuple[Decimal, str, dict[str, str]] | None,
) -> Price:
    facts = {
        "base": _text(goods.retail) if _has_retail(goods) else "",
        "override": _text(override),
        "rule": "Override",
        "beats": computed[1] if computed else "",
        "instead_of": _text(computed[0]) if computed else "",
        "amount": _text(override),
    }
    return Price(override, retail, "Override", {**facts, **_retail_facts(terms, retail)})


def _retail_facts(terms: Terms, retail: Decimal) -> dict[str, str]:
    return {"rate": _text(terms.rate) if terms.rate is not None else "", "retail": _text(retail) if retail else ""}


def _usable_ending(terms: Terms) -> Decimal | None:
    """The ending, unless the currency has no such small coins (yen)."""
    return terms.rounding_ending if minor_unit(terms.currency) < ONE else None


def _up(amount: Decimal, ending: Decimal) -> Decimal:
    return (amount - ending).to_integral_value(rounding=ROUND_CEILING) + ending


def _down(amount: Decimal, ending: Decimal) -> Decimal:
    return (amount - ending).to_integral_value(rounding=ROUND_FLOOR) + ending


def _nearest(amount: Decimal, ending: Decimal) -> Decimal:
    """The nearer of both; the upper one in the middle."""
    lower, upper = _down(amount, ending), _up(amount, ending)
    return lower if amount - lower < upper - amount else upper


_DIRECTIONS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {"up": _up, "down": _down, "nearest": _nearest}


def _text(value: Decimal) -> str:
    """A figure as stored in explanations: plain notation, at most six places, at least two."""
    number = value.quantize(Decimal("0.000001")).normalize()
    return f"{number:f}" if number.as_tuple().exponent < -2 else f"{value:.2f}"
