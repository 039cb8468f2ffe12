"""SKUs that look alike: the same but for case, blanks, dashes, leading zeros or the short form of a long number."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from catalog.models import Variant
from catalog.sku_health.forms import SkuForm, sku_form
from portal.companies.models import Company

MOST = 500


def look_alikes(company: Company, skus: Iterable[str]) -> dict[str, str]:
    """For SKUs that ``company`` does not have: one of its own that has the same bare form, by SKU key. One query, for the first 500."""
    asked = {sku.strip().casefold(): sku_form(sku) for sku in list(skus)[:MOST]}
    forms = {form for form in asked.values() if form}
    if not forms:
        return {}
    rows: QuerySet = Variant.objects.filter(company=company, is_active=True).annotate(form=SkuForm("sku_key"))
    held = dict(rows.filter(form__in=forms).values_list("form", "sku"))
    return {key: held[form] for key, form in asked.items() if form in held}
