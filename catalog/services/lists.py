"""Price lists as a pricing manager edits them: create, change, override, assign. Every change is in force at once and kept as a revision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from catalog import signals
from catalog.models import AssignmentPeriod, Listing, PriceList, PriceListAssignment, PriceOverride, Variant
from catalog.pricing import Rule
from catalog.pricing.change import Change, Fixed, QuantityBreak
from catalog.services.applying import save_list, terms_json, with_terms
from catalog.services.checking import check_own, check_terms, clean_amount
from catalog.services.listings import refresh_activity
from catalog.services.prices import refresh_prices
from catalog.services.publishing import publish_change
from portal.companies.models import Company, Partnership, User
from portal.lib import clock
from portal.lib.errors import DomainError


def create_price_list(company: Company, *, name: str, currency: str = "", **terms: Any) -> PriceList:
    """A new list of ``company`` with all its present goods priced; the first one becomes the default.

    ``currency`` defaults to that of the company's goods, else of the company. ``terms`` are fields of EDITABLE. Raises Conflict for a name in use and
    DomainError for terms that make no sense.
    """
    with transaction.atomic():
        price_list = PriceList(company=company, name=name.strip()[:80], currency=currency or _goods_currency(company))
        is_first = not PriceList.objects.filter(company=company).exists()
        with_terms(price_list, terms_json({"is_default": is_first, **terms}))
        check_terms(price_list)
        save_list(price_list)
    refresh_prices(price_list, add=True)
    return price_list


def change_price_list(price_list: PriceList, *, by: User | None = None, **terms: Any) -> list[int]:
    """Change fields of EDITABLE and reprice. Returns the variants whose price moved. Raises like ``create_price_list``."""
    return publish_change(price_list, terms_change(price_list, terms), by=by)


def terms_change(price_list: PriceList, terms: Mapping[str, Any]) -> Change:
    """What of ``terms`` differs from ``price_list``, as a change."""
    return Change(
        terms=terms_json({name: value for name, value in terms.items() if getattr(price_list, name) != value})
    )


def set_rules(
    price_list: PriceList, rules: Sequence[Rule | tuple[str, str, Decimal]], *, by: User | None = None
) -> list[int]:
    """Replace the rules, in their order, and reprice. Returns the variants whose price moved. Raises DomainError for a rule that fits nothing."""
    return publish_change(
        price_list, Change(rules=[one if isinstance(one, Rule) else Rule(*one) for one in rules]), by=by
    )


def set_breaks(price_list: PriceList, breaks: Sequence[QuantityBreak], *, by: User | None = None) -> list[int]:
    """Replace the quantity breaks and reprice. Returns the variants whose price moved. Raises DomainError for a break that makes no sense."""
    return publish_change(price_list, Change(breaks=list(breaks)), by=by)


def set_overrides(
    price_list: PriceList, amounts: Mapping[int, Decimal], *, by: User | None = None, is_locked: bool = False
) -> list[int]:
    """Fix the dropship prices of variants (id → amount in the list's currency). Locked ones stay. Returns the variants whose price moved.

    Raises DomainError for a negative or absurd amount, and for variants that are not the supplier's own.
    """
    locked = locked_among(price_list, amounts)
    fixed = {pk: Fixed(clean_amount(amount), is_locked) for pk, amount in amounts.items() if pk not in locked}
    check_own(price_list, set(amounts))
    return publish_change(price_list, Change(overrides=fixed), by=by)


def clear_overrides(price_list: PriceList, variant_ids: Iterable[int], *, by: User | None = None) -> list[int]:
    """Give variants back to the rules; locked ones stay. Returns those whose price moved."""
    ids = list(variant_ids)
    held = PriceOverride.objects.filter(price_list=price_list, variant_id__in=ids, is_locked=False)
    freed = {pk: Fixed(None) for pk in held.values_list("variant_id", flat=True)}
    return publish_change(price_list, Change(overrides=freed), by=by)


def lock_overrides(
    price_list: PriceList, variant_ids: Iterable[int], *, is_locked: bool, by: User | None = None
) -> int:
    """Lock the overrides of variants against bulk edits and files, or unlock them. Returns how many changed."""
    held = PriceOverride.objects.filter(price_list=price_list, variant_id__in=list(variant_ids))
    return held.exclude(is_locked=is_locked).update(is_locked=is_locked, set_by=by, set_at=clock.now())


def locked_among(price_list: PriceList, variant_ids: Iterable[int]) -> set[int]:
    """Those of ``variant_ids`` whose override is locked."""
    rows = PriceOverride.objects.filter(price_list=price_list, variant_id__in=list(variant_ids), is_locked=True)
    return set(rows.values_list("variant_id", flat=True))


def assign_price_list(
    partnership: Partnership, price_list: PriceList | None, *, stock_buffer: int | None = None
) -> None:
    """Make ``price_list`` what ``partnership`` sees and pays, or take it away (None): then the partner sees nothing. Raises DomainError for another's list."""
    if price_list and price_list.company_id != partnership.supplier_id:
        raise DomainError("This price list belongs to another supplier. Choose one of your own.", field="price_list")
    with transaction.atomic():
        if price_list is None:
            PriceListAssignment.objects.filter(partnership=partnership).delete()
            note_period(partnership, None)
        else:
            _assign(partnership, price_list, stock_buffer)
        listing_ids = list(Listing.objects.filter(partnership=partnership).values_list("pk", flat=True))
        refresh_activity(partnership=partnership)
        if listing_ids and partnership.retailer_id:
            signals.listings_changed.send(sender=Listing, company_id=partnership.retailer_id, listing_ids=listing_ids)


def _assign(partnership: Partnership, price_list: PriceList, stock_buffer: int | None) -> None:
    values: dict[str, Any] = {"price_list": price_list, "usual_list": None, "assigned_at": clock.now()}
    if stock_buffer is not None:
        values["stock_buffer"] = stock_buffer
    PriceListAssignment.objects.update_or_create(partnership=partnership, defaults=values)
    note_period(partnership, price_list)


def note_period(partnership: Partnership, price_list: PriceList | None) -> None:
    """Keep in the history which list ``partnership`` has from now on; the same list goes on."""
    now, running = clock.now(), AssignmentPeriod.objects.filter(partnership=partnership, ended_at__isnull=True)
    if price_list and running.filter(price_list=price_list).exists():
        return
    running.update(ended_at=now)
    if price_list:
        AssignmentPeriod.objects.create(partnership=partnership, price_list=price_list, began_at=now)


def _goods_currency(company: Company) -> str:
    first = Variant.objects.filter(company=company).exclude(currency="").values_list("currency", flat=True).first()
    return first or company.currency
