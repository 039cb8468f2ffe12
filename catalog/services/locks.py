"""The locks of the catalogue, taken in the order in which they stand here and held until the transaction ends.

On SQLite every write transaction is alone already.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from catalog.models import PriceList, PriceOverride, PriceRevision
from catalog.models.revision import OPEN

# The first half of the advisory lock's key; the second is the company.
CATALOGUE = 7401


def lock_catalogue(company_id: int) -> None:
    """Wait until nobody else writes the catalogue of ``company_id``: its products, stock or prices."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CATALOGUE, company_id])


def lock_draft(price_list: PriceList) -> PriceRevision | None:
    """Wait until nobody else edits, begins, publishes or drops the draft of ``price_list``. Returns the draft, None where there is none."""
    PriceList.objects.select_for_update(no_key=True).filter(pk=price_list.pk).first()
    return PriceRevision.objects.select_for_update().filter(price_list=price_list, state__in=OPEN).first()


def lock_prices(price_list: PriceList, variant_ids: Collection[int]) -> None:
    """Wait until nobody else edits what the list says of these variants, in force or drafted: what is read now stands until the transaction ends."""
    lock_catalogue(price_list.company_id)
    lock_draft(price_list)
    held = PriceOverride.objects.filter(price_list=price_list, variant_id__in=variant_ids)
    list(held.select_for_update().order_by("pk").values_list("pk", flat=True))
