"""The overrides of a price list as they stand, drafted or in force, and the way back to what stood before."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction

from catalog.models import PriceList, PriceOverride
from catalog.pricing.change import Change, Fixed
from catalog.services.locks import lock_prices
from catalog.services.releasing import put
from catalog.services.revisions import open_revision
from portal.companies.models import User


def standing_overrides(price_list: PriceList, variant_ids: Collection[int]) -> dict[int, Fixed]:
    """What the draft says of each variant, else what is in force; ``Fixed(None)`` where the rules decide."""
    rows = PriceOverride.objects.filter(price_list=price_list, variant__in=variant_ids)
    live = {
        pk: Fixed(amount, is_locked) for pk, amount, is_locked in rows.values_list("variant_id", "amount", "is_locked")
    }
    revision = open_revision(price_list)
    drafted = Change.from_json(revision.change).overrides if revision else {}
    return {pk: drafted.get(pk) or live.get(pk) or Fixed(None) for pk in variant_ids}


@transaction.atomic
def restore_overrides(
    price_list: PriceList, before: Mapping[int, Fixed], after: Mapping[int, Fixed], *, by: User | None
) -> int:
    """Take the variants of ``before`` back to it, but for those that no longer stand as in ``after``. Returns how many went back.

    Nobody edits these prices between the comparing and the writing."""
    lock_prices(price_list, before.keys())
    now = standing_overrides(price_list, before.keys())
    back = {pk: fixed for pk, fixed in before.items() if now[pk] == after.get(pk)}
    if back:
        put(price_list, Change(overrides=back), by=by)
    return len(back)
