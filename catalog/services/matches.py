"""Which of our variants a SKU on a retailer's order means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from catalog.models import Listing, SkuAlias, Variant, sku_key
from portal.companies.models import Company
from portal.lib.errors import DomainError


def remember_match(company: Company, sku: str, variant: Variant | None) -> SkuAlias:
    """From now on ``sku`` on ``company``'s orders means ``variant``, or (None) goods of its own. Raises DomainError for an empty SKU."""
    key = sku_key(sku)[:300]
    if not key:
        raise DomainError(
            "This line has no SKU, so the match cannot be remembered. It counts for this order only.", field="sku"
        )
    alias, _ = SkuAlias.objects.update_or_create(company=company, sku_key=key, defaults={"variant": variant})
    return alias


def forget_match(company: Company, sku: str) -> bool:
    """Drop a remembered match, or that the goods are the company's own; whether anything was remembered."""
    forgotten, _ = SkuAlias.objects.filter(company=company, sku_key=sku_key(sku)).delete()
    return bool(forgotten)


def resolve_skus(company: Company, skus: Iterable[str]) -> dict[str, int]:
    """The variants that ``skus`` mean on ``company``'s orders, by ``sku_key(sku)``: remembered matches first, then the SKUs of its listings.

    Case and outer blanks do not matter. A SKU that two of its listings share, or that is remembered as the company's own goods, is left out (see
    ``own_skus`` and ``ambiguous_skus``). Two queries, however many SKUs.
    """
    keys = _keys(skus)
    aliases = dict(SkuAlias.objects.filter(company=company, sku_key__in=keys).values_list("sku_key", "variant_id"))
    listed = _listed(company, keys - aliases.keys())
    found = {key: next(iter(ids)) for key, ids in listed.items() if len(ids) == 1}
    return found | {key: variant_id for key, variant_id in aliases.items() if variant_id is not None}


def own_skus(company: Company, skus: Iterable[str]) -> set[str]:
    """Those of ``skus``, as ``sku_key``, that a person said are ``company``'s own goods."""
    rows = SkuAlias.objects.filter(company=company, sku_key__in=_keys(skus), variant__isnull=True)
    return set(rows.values_list("sku_key", flat=True))


def ambiguous_skus(company: Company, skus: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Those of ``skus``, as ``sku_key``, that several listings share (perhaps differing by case only), with their variants."""
    listed = _listed(company, _keys(skus))
    return {key: tuple(sorted(ids)) for key, ids in listed.items() if len(ids) > 1}


def _keys(skus: Iterable[str]) -> set[str]:
    return {key for key in map(sku_key, skus) if key}


def _listed(company: Company, keys: Iterable[str]) -> dict[str, set[int]]:
    rows = Listing.objects.filter(company=company, variant__sku_key__in=list(keys))
    found: dict[str, set[int]] = defaultdict(set)
    for key, variant_id in rows.values_list("variant__sku_key", "variant_id"):
        found[key].add(variant_id)
    return found
