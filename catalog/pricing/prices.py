"""Cost and rule → price, with the sum that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from catalog.pricing.breaks import Step, breaks_of
from catalog.pricing.limits import Limit, hold
from catalog.pricing.rounding import land, rounding_words
from catalog.pricing.rules import Decider, RuleBook
from catalog.pricing.terms import RETAIL, Goods, Terms, figure
from portal.lib.money import ZERO

HUNDRED = Decimal(100)
OVERRIDE = "Override"


@dataclass(frozen=True, slots=True)
class Price:
    """``amount`` is the dropship price, ``retail_amount`` the suggested one (0: none can be suggested), ``explanation`` the sum in stored facts,
    ``breaks`` what a unit costs from a quantity on."""

    amount: Decimal
    retail_amount: Decimal
    rule: str
    explanation: dict[str, str]
    breaks: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class _Computed:
    """A price on its way: the figure it starts from, before and after landing, and the limit that held it."""

    decider: Decider
    base: Decimal
    unrounded: Decimal
    landed: Decimal
    amount: Decimal
    limit: Limit | None


def price_of(
    goods: Goods, *, terms: Terms, override: Decimal | None = None, own_breaks: Sequence[Step] = ()
) -> Price | None:
    """The price of ``goods`` under ``terms``; None where there is nothing to compute it from (no figure, or zero, and no override)."""
    computed = _compute(goods, terms)
    if override is not None:
        amount, rule, facts = override, OVERRIDE, _override_facts(override, goods, computed)
    elif computed is not None:
        amount, rule, facts = computed.amount, computed.decider.label, _sum_facts(computed, terms)
    else:
        return None
    retail = suggested(goods, terms=terms)
    breaks = breaks_of(amount, goods, terms, own_breaks)
    return Price(amount, retail, rule, {**facts, **_retail_facts(terms, retail)}, breaks)


def amount_of(goods: Goods, *, terms: Terms, override: Decimal | None = None) -> Decimal | None:
    """The dropship price alone, as ``price_of`` has it: for thousands of SKUs of which only the amounts are asked."""
    if override is not None:
        return override
    computed = _compute(goods, terms)
    return computed.amount if computed else None


def suggested(goods: Goods, *, terms: Terms) -> Decimal:
    """The suggested retail price in the list's retail currency, kept between MAP and MSRP where the list says so; 0 without a retail price or a rate."""
    base, rate = goods.amount(RETAIL), terms.rate
    if base is None or rate is None:
        return ZERO
    if terms.ceiling_msrp and goods.msrp:
        base = min(base, goods.msrp)
    if terms.floor_map and goods.map_price:
        base = max(base, goods.map_price)
    return (base * rate).quantize(terms.shelf_coin, rounding=ROUND_HALF_UP)


def margin_percent(amount: Decimal, retail: Decimal) -> Decimal | None:
    """What the retailer keeps of the shelf price, in percent to one place; both in one currency. None without a shelf price."""
    if retail <= ZERO:
        return None
    return ((retail - amount) / retail * HUNDRED).quantize(Decimal("0.1"))


def _compute(goods: Goods, terms: Terms) -> _Computed | None:
    book = book_of(terms)
    decider = book.deciding(goods)
    margin = decider.margin
    base = goods.amount(margin.basis)
    if base is None:
        return None
    unrounded = margin.taken_off(base)
    landed = land(unrounded, terms=terms)
    amount, limit = hold(landed, goods, terms)
    return _Computed(decider, base, unrounded, landed, amount, limit)


def _sum_facts(computed: _Computed, terms: Terms) -> dict[str, str]:
    """The sum in stored facts."""
    return {
        **_fixed_facts(terms, computed.decider),
        "base": figure(computed.base),
        "unrounded": figure(computed.unrounded),
        "amount": figure(computed.amount),
        **(_limit_facts(computed.landed, computed.limit) if computed.limit else {}),
    }


def book_of(terms: Terms) -> RuleBook:
    """The rule book of ``terms``, made once and kept with them."""
    book = terms.__dict__.get("_book")
    if book is None:
        book = terms.__dict__["_book"] = RuleBook(terms)
    return book


def _fixed_facts(terms: Terms, decider: Decider) -> dict[str, str]:
    """The facts that all goods share for which ``decider`` decides; kept with the terms."""
    kept = terms.__dict__.setdefault("_facts", {})
    if decider.place not in kept:
        kept[decider.place] = _facts_of(terms, decider)
    return kept[decider.place]


def _facts_of(terms: Terms, decider: Decider) -> dict[str, str]:
    margin = decider.margin
    facts = {
        "basis": margin.basis,
        "percent": f"{margin.percent_off.normalize():f}",
        "rule": decider.label,
        "beats": "" if decider.place < 0 else terms.label,
        "rounding": rounding_words(terms),
        "step": str(terms.coin),
    }
    if margin.amount_off is not None:
        facts["off"] = figure(margin.amount_off)
    if terms.ending is not None:
        facts |= {"ending": str(terms.ending), "direction": terms.rounding_direction}
    return facts


def _limit_facts(landed: Decimal, limit: Limit) -> dict[str, str]:
    return {"landed": figure(landed), "limit": figure(limit.amount), "limit_why": limit.why}


def _override_facts(override: Decimal, goods: Goods, computed: _Computed | None) -> dict[str, str]:
    base = goods.amount(RETAIL)
    return {
        "base": figure(base) if base else "",
        "override": figure(override),
        "rule": OVERRIDE,
        "beats": computed.decider.label if computed else "",
        "instead_of": figure(computed.amount) if computed else "",
        "amount": figure(override),
    }


def _retail_facts(terms: Terms, retail: Decimal) -> dict[str, str]:
    rate = terms.rate
    return {"rate": figure(rate) if rate is not None else "", "retail": figure(retail) if retail else ""}
