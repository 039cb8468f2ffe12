"""What goes into a price: the goods, the rules, and the terms of a list. Frozen, without a database behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from portal.lib.money import ZERO, minor_unit, places

RETAIL, MSRP, COST = "retail", "msrp", "cost"
ONE = Decimal(1)
_BASES = {RETAIL: "", MSRP: "list price ", COST: "cost "}


@dataclass(frozen=True, slots=True)
class Goods:
    """What of a variant matters to its price. Amounts are in the list's currency, None where there is none; ``retail`` is the supplier's retail price."""

    retail: Decimal | None
    brand: str = ""
    category: str = ""
    sku: str = ""
    tags: Sequence[str] = ()
    cost: Decimal | None = None
    msrp: Decimal | None = None
    map_price: Decimal | None = None

    def amount(self, basis: str) -> Decimal | None:
        """The figure that a margin on ``basis`` starts from, above 0 or None."""
        found = _FIGURES[basis](self)
        return found if found is not None and found > ZERO else None


# Figures by name, without ``getattr``: this runs once for every SKU of a list.
_FIGURES: dict[str, Callable[[Goods], Decimal | None]] = {
    RETAIL: lambda goods: goods.retail,
    MSRP: lambda goods: goods.msrp,
    COST: lambda goods: goods.cost,
}


@dataclass(frozen=True, slots=True)
class Margin:
    """What is taken off a figure of the goods: ``amount_off`` in the list's currency, or ``percent_off`` where that is None. Below 0 it is added."""

    percent_off: Decimal = ZERO
    amount_off: Decimal | None = None
    basis: str = RETAIL

    def taken_off(self, base: Decimal) -> Decimal:
        """``base`` after it, not rounded, never below 0."""
        if self.amount_off is not None:
            return max(base - self.amount_off, ZERO)
        return base * (100 - self.percent_off) / 100

    @property
    def words(self) -> str:
        """``−20 %``, ``cost +30 %``, ``list price −2.00``."""
        return f"{_BASES[self.basis]}{signed(self.percent_off) if self.amount_off is None else signed_amount(self.amount_off)}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A margin for some of the goods. ``basis`` "" stands on what the list stands on. Texts are compared without case; ``value`` of a band is ``10-20``."""

    target: str
    value: str
    percent_off: Decimal = ZERO
    amount_off: Decimal | None = None
    basis: str = ""

    def margin(self, terms: Terms) -> Margin:
        return Margin(self.percent_off, self.amount_off, self.basis or terms.basis)

    def label(self, terms: Terms) -> str:
        return f"{self.value} {self.margin(terms).words}"


@dataclass(frozen=True, slots=True)
class Break:
    """From ``quantity`` units on a unit costs ``percent_off`` less, for all goods of the list."""

    quantity: int
    percent_off: Decimal


@dataclass(frozen=True)
class Terms:
    """What a list decides. ``retail_rate`` None with another ``retail_currency`` means that no retail price can be suggested yet.

    ``floor_cost`` keeps prices at cost plus ``floor_percent`` or above, ``floor_map`` at MAP or above, ``ceiling_msrp`` at MSRP or below.
    What follows from them is worked out once: thousands of SKUs are priced by the same terms.
    """

    currency: str
    percent_off: Decimal = ZERO
    amount_off: Decimal | None = None
    basis: str = RETAIL
    rounding_ending: Decimal | None = None
    rounding_direction: str = "nearest"
    retail_currency: str = ""
    retail_rate: Decimal | None = None
    rules: Sequence[Rule] = ()
    breaks: Sequence[Break] = ()
    floor_cost: bool = False
    floor_percent: Decimal = ZERO
    floor_map: bool = False
    ceiling_msrp: bool = False

    @cached_property
    def margin(self) -> Margin:
        return Margin(self.percent_off, self.amount_off, self.basis)

    @cached_property
    def rate(self) -> Decimal | None:
        return ONE if self.shelf_currency == self.currency else self.retail_rate

    @cached_property
    def shelf_currency(self) -> str:
        return self.retail_currency or self.currency

    @cached_property
    def coin(self) -> Decimal:
        """The smallest step of the list's currency."""
        return minor_unit(self.currency)

    @cached_property
    def shelf_coin(self) -> Decimal:
        return minor_unit(self.shelf_currency)

    @cached_property
    def ending(self) -> Decimal | None:
        """The ending on which prices land, unless the currency has no such small coins (yen)."""
        return self.rounding_ending if self.coin < ONE else None

    @cached_property
    def label(self) -> str:
        return f"List {self.margin.words}"


def signed(percent_off: Decimal) -> str:
    """``−20 %`` for 20 off, ``+5 %`` for a surcharge, with no needless zeros."""
    return f"{'+' if percent_off < 0 else '−'}{abs(percent_off).normalize():f} %"


def signed_amount(amount_off: Decimal) -> str:
    """``−2.00`` for 2 off, ``+0.125`` for a surcharge."""
    return f"{'+' if amount_off < 0 else '−'}{figure(abs(amount_off))}"


def figure(value: Decimal) -> str:
    """A figure as it stands in explanations: plain notation, at most six places, at least two."""
    digits = places(value)
    if digits == 2:
        return format(value, "f")
    if digits > 6:
        value = value.quantize(_SIX_PLACES, rounding=ROUND_HALF_UP)
    whole, _, parts = format(value, "f").partition(".")
    return f"{whole}.{parts.rstrip('0').ljust(2, '0')}"


_SIX_PLACES = Decimal("0.000001")
