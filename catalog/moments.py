"""What was in force at a moment: which list a partner had, and what a variant cost on it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from catalog.models import AssignmentPeriod, EffectivePrice, PriceListAssignment
from portal.companies.models import Partnership


def list_at(partnership: Partnership, at: datetime) -> int | None:
    """The id of the list that ``partnership`` had at ``at``; before its first one that first one, None where it had none then."""
    periods = AssignmentPeriod.objects.filter(partnership=partnership)
    row = periods.filter(began_at__lte=at).first() or periods.last()
    if row is None:
        held = PriceListAssignment.objects.filter(partnership=partnership).values_list("price_list_id", flat=True)
        return held.first()
    return row.price_list_id if row.ended_at is None or row.ended_at > at else None


def prices_at(price_list_id: int, variant_ids: Iterable[int], at: datetime) -> dict[int, EffectivePrice]:
    """The prices in force on a list at ``at``, by variant; a moment before a variant's first price gets that first price. Two queries at most.

    Variants whose price had ended by ``at`` are left out.
    """
    ids = set(variant_ids)
    rows = EffectivePrice.objects.filter(price_list=price_list_id)
    in_force = Q(valid_from__lte=at) & (Q(valid_until__gt=at) | Q(valid_until__isnull=True))
    found = {row.variant_id: row for row in rows.filter(in_force, variant_id__in=ids)}
    if missing := ids - found.keys():
        found |= _first_prices(rows.filter(variant_id__in=missing), at)
    return found


def _first_prices(rows: QuerySet[EffectivePrice], at: datetime) -> dict[int, EffectivePrice]:
    first: dict[int, EffectivePrice] = {}
    for row in rows.order_by("variant_id", "valid_from", "pk"):
        first.setdefault(row.variant_id, row)
    return {pk: row for pk, row in first.items() if row.valid_from > at}
