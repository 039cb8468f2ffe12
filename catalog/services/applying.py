"""Writing a change into a price list, and reading what it replaces. Nothing is repriced here: see ``publishing``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field

from catalog.models import PriceBreak, PriceList, PriceListState, PriceOverride, PriceRule
from catalog.pricing import Rule
from catalog.pricing.change import Change, Fixed, QuantityBreak
from catalog.services.checking import check_breaks, check_overrides, check_rules, check_terms
from catalog.services.listings import refresh_activity
from catalog.services.terms import rules_of
from portal.companies.models import User
from portal.lib import clock
from portal.lib.errors import Conflict, DomainError

# What a person may change of a list after it was made; its currency is the store's and stays.
EDITABLE = frozenset(
    {
        "name",
        "retail_currency",
        "retail_rate",
        "percent_off",
        "amount_off",
        "basis",
        "rounding_ending",
        "rounding_direction",
        "floor_cost",
        "floor_percent",
        "floor_map",
        "ceiling_msrp",
        "valid_from",
        "valid_until",
        "state",
        "adds_new_products",
        "is_default",
    }
)


def check_change(price_list: PriceList, change: Change) -> None:
    """Raise DomainError for what makes no sense on ``price_list``."""
    check_rules(change.rules or ())
    check_breaks(price_list, change.breaks or ())
    check_overrides(price_list, {pk: one.amount for pk, one in change.overrides.items() if one.amount is not None})
    check_terms(with_terms(PriceList.objects.get(pk=price_list.pk), change.terms))


def apply_change(price_list: PriceList, change: Change, *, by: User | None = None) -> Change:
    """Write ``change`` into the list and return the change that takes it back. In a transaction of the caller's. Raises like ``check_change``, and Conflict
    for a name in use."""
    before = inverse(price_list, change)
    check_change(price_list, change)
    if change.terms:
        _write_terms(price_list, change.terms)
    if change.rules is not None:
        _write_rules(price_list, change.rules)
    if change.breaks is not None:
        _write_breaks(price_list, change.breaks)
    if change.overrides:
        _write_overrides(price_list, change.overrides, by)
    return before


def inverse(price_list: PriceList, change: Change) -> Change:
    """What takes ``change`` back: the present values of all that it touches."""
    held = PriceOverride.objects.filter(price_list=price_list, variant_id__in=list(change.overrides))
    fixed = {pk: Fixed(amount, locked) for pk, amount, locked in held.values_list("variant_id", "amount", "is_locked")}
    return Change(
        terms=terms_json({name: getattr(price_list, name) for name in change.terms}),
        rules=None if change.rules is None else rules_of(price_list),
        breaks=None if change.breaks is None else all_breaks_of(price_list),
        overrides={pk: fixed.get(pk, Fixed(None)) for pk in change.overrides},
    )


def overrides_in_force(price_list: PriceList, overrides: Mapping[int, Fixed]) -> set[int]:
    """The variants of which the list says already what ``overrides`` says."""
    held = inverse(price_list, Change(overrides=overrides)).overrides
    return {pk for pk, one in overrides.items() if one == held[pk]}


def all_breaks_of(price_list: PriceList) -> list[QuantityBreak]:
    """The quantity breaks of the list and of its single variants."""
    rows = PriceBreak.objects.filter(price_list=price_list).order_by("variant_id", "quantity")
    return [QuantityBreak(one.quantity, one.variant_id, one.percent_off, one.amount) for one in rows]


def terms_json(terms: Mapping[str, Any]) -> dict[str, str | bool | None]:
    """Fields of a list as a change holds them. Raises TypeError for what is no term."""
    if unknown := terms.keys() - EDITABLE:
        raise TypeError(f"not terms of a price list: {sorted(unknown)}")
    return {name: _json_of(value) for name, value in terms.items()}


def with_terms(price_list: PriceList, terms: Mapping[str, Any]) -> PriceList:
    """``price_list`` with ``terms`` set on it, not saved. Raises DomainError for a text that the field cannot hold."""
    rate = price_list.retail_rate
    for name, value in terms.items():
        try:
            # Terms are columns of the list, which relations from elsewhere are not.
            setattr(price_list, name, cast(Field, PriceList._meta.get_field(name)).to_python(value))
        except ValidationError as error:
            raise DomainError(" ".join(error.messages), field=name) from error
    if price_list.retail_rate != rate:
        price_list.retail_rate_on = clock.now().date() if price_list.retail_rate else None
    return price_list


def save_list(price_list: PriceList) -> None:
    """Write the list; a new default takes the place of the old one. Raises Conflict for a name in use."""
    if price_list.is_default:
        others = PriceList.objects.filter(company=price_list.company_id, is_default=True).exclude(pk=price_list.pk)
        others.update(is_default=False)
    price_list.updated_at = clock.now()
    try:
        with transaction.atomic():
            price_list.save()
            price_list.refresh_from_db()
    except IntegrityError as error:
        raise Conflict(
            f"You have a price list called “{price_list.name}” already. Choose another name.", field="name"
        ) from error


def _write_terms(price_list: PriceList, terms: Mapping[str, Any]) -> None:
    was_live = price_list.state == PriceListState.LIVE
    save_list(with_terms(price_list, terms))
    if was_live != (price_list.state == PriceListState.LIVE):
        refresh_activity(price_list=price_list)


def _write_rules(price_list: PriceList, rules: Iterable[Rule]) -> None:
    price_list.rules.all().delete()
    PriceRule.objects.bulk_create(
        PriceRule(
            price_list=price_list,
            target=rule.target,
            value=rule.value.strip(),
            percent_off=rule.percent_off,
            amount_off=rule.amount_off,
            basis=rule.basis,
            position=position,
        )
        for position, rule in enumerate(rules)
    )


def _write_breaks(price_list: PriceList, breaks: Iterable[QuantityBreak]) -> None:
    price_list.breaks.all().delete()
    PriceBreak.objects.bulk_create(
        PriceBreak(
            price_list=price_list,
            variant_id=one.variant_id,
            quantity=one.quantity,
            percent_off=one.percent_off,
            amount=one.amount,
        )
        for one in breaks
    )


def _write_overrides(price_list: PriceList, overrides: Mapping[int, Fixed], by: User | None) -> None:
    gone = [pk for pk, one in overrides.items() if one.amount is None]
    PriceOverride.objects.filter(price_list=price_list, variant_id__in=gone).delete()
    PriceOverride.objects.bulk_create(
        [
            PriceOverride(price_list=price_list, variant_id=pk, amount=one.amount, is_locked=one.is_locked, set_by=by)
            for pk, one in overrides.items()
            if one.amount is not None
        ],
        update_conflicts=True,
        unique_fields=("price_list", "variant"),
        update_fields=("amount", "is_locked", "set_by", "set_at"),
    )


def _json_of(value: Any) -> str | bool | None:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
