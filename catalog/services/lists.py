"""Price lists as a pricing manager edits them: create, change, override, assign. Every change refreshes the prices in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from catalog import signals
from catalog.models import (
    Listing,
    PriceList,
    PriceListAssignment,
    PriceListState,
    PriceOverride,
    PriceRule,
    RoundingDirection,
    Variant,
)
from catalog.services.listings import refresh_activity
from catalog.services.prices import refresh_prices
from portal.companies.models import Company, Partnership, User
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError
from portal.lib.money import ZERO

# What a person may change of a list after it was made; its currency is the store's and stays.
EDITABLE = frozenset(
    {
        "name",
        "retail_currency",
        "retail_rate",
        "percent_off",
        "rounding_ending",
        "rounding_direction",
        "state",
        "adds_new_products",
        "is_default",
    }
)
HIGHEST = Decimal(10) ** 9


def create_price_list(company: Company, *, name: str, currency: str = "", **terms: Any) -> PriceList:
    """A new list of ``company`` with all its present goods priced; the first one becomes the default.

    ``currency`` defaults to that of the company's goods, else of the company. ``terms`` are fields of EDITABLE. Raises Conflict for a name in use and
    DomainError for terms that make no sense.
    """
    with transaction.atomic():
        price_list = PriceList(company=company, name=name.strip()[:80], currency=currency or _goods_currency(company))
        is_first = not PriceList.objects.filter(company=company).exists()
        _set(price_list, {"is_default": is_first, **terms})
        _save(price_list)
    refresh_prices(price_list, add=True)
    return price_list


def change_price_list(price_list: PriceList, **terms: Any) -> list[int]:
    """Change fields of EDITABLE and reprice. Returns the variants whose price moved. Raises like ``create_price_list``."""
    with transaction.atomic():
        was_live = price_list.state == PriceListState.LIVE
        _set(price_list, terms)
        _save(price_list)
        if was_live != (price_list.state == PriceListState.LIVE):
            refresh_activity(price_list=price_list)
    return refresh_prices(price_list)


def set_rules(price_list: PriceList, rules: Sequence[tuple[str, str, Decimal]]) -> list[int]:
    """Replace the rules by (target, value, percent off) in the order in which they are tried, and reprice. Returns the variants whose price moved."""
    for target, value, percent_off in rules:
        if target not in PriceRule.Target.values or not value.strip():
            raise DomainError("A rule needs a brand or category that it is for. Choose one.", field="rules")
        _check_percent(percent_off)
    with transaction.atomic():
        price_list.rules.all().delete()
        PriceRule.objects.bulk_create(
            PriceRule(price_list=price_list, target=target, value=value.strip(), percent_off=percent, position=position)
            for position, (target, value, percent) in enumerate(rules)
        )
    return refresh_prices(price_list)


def set_overrides(price_list: PriceList, amounts: Mapping[int, Decimal], *, by: User | None = None) -> list[int]:
    """Fix the dropship prices of variants (id → amount in the list's currency). Returns the variants whose price moved.

    Raises DomainError for a negative or absurd amount, and for variants that are not the supplier's own.
    """
    rounded = {variant_id: _clean_amount(amount) for variant_id, amount in amounts.items()}
    own = Variant.objects.filter(company_id=price_list.company_id, pk__in=rounded).count()
    if own != len(rounded):
        raise DomainError("Some of these products are not yours. Reload the page and try again.")
    with transaction.atomic():
        PriceOverride.objects.bulk_create(
            [
                PriceOverride(price_list=price_list, variant_id=i, amount=amount, set_by=by)
                for i, amount in rounded.items()
            ],
            update_conflicts=True,
            unique_fields=("price_list", "variant"),
            update_fields=("amount", "set_by", "set_at"),
        )
    return refresh_prices(price_list, variant_ids=rounded, add=True)


def clear_overrides(price_list: PriceList, variant_ids: Iterable[int]) -> list[int]:
    """Give variants back to the rules. Returns those whose price moved."""
    ids = list(variant_ids)
    PriceOverride.objects.filter(price_list=price_list, variant_id__in=ids).delete()
    return refresh_prices(price_list, variant_ids=ids)


def assign_price_list(
    partnership: Partnership, price_list: PriceList | None, *, stock_buffer: int | None = None
) -> None:
    """Make ``price_list`` what ``partnership`` sees and pays, or take it away (None): then the partner sees nothing. Raises DomainError for another's list."""
    if price_list and price_list.company_id != partnership.supplier_id:
        raise DomainError("This price list belongs to another supplier. Choose one of your own.", field="price_list")
    with transaction.atomic():
        if price_list is None:
            PriceListAssignment.objects.filter(partnership=partnership).delete()
        else:
            _assign(partnership, price_list, stock_buffer)
        listing_ids = list(Listing.objects.filter(partnership=partnership).values_list("pk", flat=True))
        refresh_activity(partnership=partnership)
        if listing_ids and partnership.retailer_id:
            signals.listings_changed.send(sender=Listing, company_id=partnership.retailer_id, listing_ids=listing_ids)


def _assign(partnership: Partnership, price_list: PriceList, stock_buffer: int | None) -> None:
    values: dict[str, Any] = {"price_list": price_list, "assigned_at": clock.now()}
    if stock_buffer is not None:
        values["stock_buffer"] = stock_buffer
    PriceListAssignment.objects.update_or_create(partnership=partnership, defaults=values)


def _goods_currency(company: Company) -> str:
    first = Variant.objects.filter(company=company).exclude(currency="").values_list("currency", flat=True).first()
    return first or company.currency


def _set(price_list: PriceList, terms: Mapping[str, Any]) -> None:
    unknown = terms.keys() - EDITABLE
    if unknown:
        raise TypeError(f"not terms of a price list: {sorted(unknown)}")
    before = price_list.retail_rate
    for name, value in terms.items():
        setattr(price_list, name, value)
    if price_list.retail_rate != before:
        price_list.retail_rate_on = clock.now().date() if price_list.retail_rate else None
    _check(price_list)


def _check(price_list: PriceList) -> None:
    if not price_list.name.strip():
        raise DomainError("A price list needs a name. Type one.", field="name")
    _check_percent(price_list.percent_off)
    ending, rate = price_list.rounding_ending, price_list.retail_rate
    if ending is not None and not ZERO <= ending < 1:
        raise DomainError(
            "An ending lies between .00 and .99. Type one such as 0.99, or leave it empty.", field="rounding_ending"
        )
    if rate is not None and rate <= ZERO:
        raise DomainError(
            "A rate is above 0. Type how much retail currency one unit of the list is.", field="retail_rate"
        )
    if price_list.rounding_direction not in RoundingDirection.values:
        raise DomainError("Choose nearest, up or down.", field="rounding_direction")
    if price_list.state not in PriceListState.values:
        raise DomainError("Choose draft, scheduled or live.", field="state")


def _check_percent(percent_off: Decimal) -> None:
    if not -1000 < percent_off < 100:
        raise DomainError(
            "Percent off must be below 100. 20 means that partners pay 80 % of retail.", field="percent_off"
        )


def _clean_amount(amount: Decimal) -> Decimal:
    if not amount.is_finite() or not ZERO <= amount < HIGHEST:
        raise DomainError("A price cannot be below 0. Type an amount such as 9.95.", field="amount")
    return amount.quantize(Decimal("0.0001"))


def _save(price_list: PriceList) -> None:
    """Write the list; a new default takes the place of the old one."""
    if price_list.is_default:
        PriceList.objects.filter(company=price_list.company_id, is_default=True).exclude(pk=price_list.pk).update(
            is_default=False
        )
    price_list.updated_at = clock.now()
    try:
        with transaction.atomic():
            price_list.save()
            price_list.refresh_from_db()
    except IntegrityError as error:
        raise Conflict(
            f"You have a price list called “{price_list.name}” already. Choose another name.", field="name"
        ) from error
