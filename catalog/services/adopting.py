"""Goods that a retailer had in its store before it chose its partner's: taken over instead of made twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from catalog import signals
from catalog.models import Adoption, Listing, Variant, sku_key
from catalog.visibility import visible_to
from portal.companies.models import Company
from portal.lib.errors import Conflict, DomainError

CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Twin:
    """``own_id`` of the retailer's goods looks like the partner's ``variant_id``; ``how`` says by what ("sku", "barcode")."""

    variant_id: int
    own_id: int
    how: str


def twins_of(company: Company, variant_ids: Iterable[int]) -> dict[int, Twin]:
    """Which of ``company``'s own goods are the partner's ``variant_ids``: by SKU without case, else by barcode. By variant; two queries a thousand.

    What two own goods share is nobody's twin, and what was adopted already is left out.
    """
    ids = list(variant_ids)
    found: dict[int, Twin] = {}
    for start in range(0, len(ids), CHUNK):
        found |= _twins(company, ids[start : start + CHUNK])
    return found


def adopt(company: Company, pairs: Mapping[int, int], *, how: str = Adoption.How.HAND) -> int:
    """``company``'s own goods ``pairs[variant]`` are its partner's ``variant`` from now on; its stores are told. Returns how many are new; twice is once.

    Raises DomainError for goods that are not its own or not offered to it, Conflict for own goods that stand for another variant.
    """
    with transaction.atomic():
        _check(company, pairs)
        held = dict(Adoption.objects.filter(company=company, variant__in=pairs).values_list("variant_id", "own_id"))
        new = {variant: own for variant, own in pairs.items() if held.get(variant) != own}
        Adoption.objects.filter(company=company, variant__in=new).delete()
        Adoption.objects.bulk_create(
            Adoption(company=company, variant_id=variant, own_id=own, how=how) for variant, own in new.items()
        )
        _announce(company, list(new))
    return len(new)


def adopt_by_sku(company: Company, variant_ids: Sequence[int]) -> int:
    """Note which of these goods its store has under the same SKU: stores know two products of one SKU as one. Announces nothing. Returns how many."""
    twins = [twin for twin in twins_of(company, variant_ids).values() if twin.how == Adoption.How.SKU]
    Adoption.objects.bulk_create(
        Adoption(company=company, variant_id=twin.variant_id, own_id=twin.own_id, how=twin.how) for twin in twins
    )
    return len(twins)


def adopt_own(company: Company, variant: Variant, sku: str) -> Adoption:
    """Match by hand: the own goods with this SKU are ``variant``. Raises DomainError where there are none or several."""
    mine = _own(company).filter(sku_key=sku_key(sku)).exclude(sku_key="").order_by("pk")[:2]
    rows = list(mine.values_list("pk", flat=True))
    if len(rows) != 1:
        what = "Several products of your store have" if rows else "No product of your store has"
        raise DomainError(f"{what} the SKU “{sku.strip()[:60]}”. Type the SKU as your store shows it.", field="sku")
    adopt(company, {variant.pk: rows[0]})
    return Adoption.objects.get(company=company, variant=variant)


def forget_adoption(company: Company, variant_id: int) -> bool:
    """Drop a match; goods that were published by it stay where they are. Whether there was one."""
    gone, _ = Adoption.objects.filter(company=company, variant_id=variant_id).delete()
    return bool(gone)


def _twins(company: Company, ids: Sequence[int]) -> dict[int, Twin]:
    goods = list(Variant.objects.filter(pk__in=ids).values_list("pk", "sku_key", "barcode"))
    taken = set(Adoption.objects.filter(company=company, variant__in=ids).values_list("variant_id", flat=True))
    by_sku = _only(_own(company).filter(sku_key__in={key for _, key, _ in goods if key}), "sku_key")
    by_barcode = _only(_own(company).filter(barcode__in={code for _, _, code in goods if code}), "barcode")
    found: dict[int, Twin] = {}
    for pk, key, code in goods:
        if pk in taken:
            continue
        if own := by_sku.get(key):
            found[pk] = Twin(pk, own, Adoption.How.SKU)
        elif own := by_barcode.get(code):
            found[pk] = Twin(pk, own, Adoption.How.BARCODE)
    return _each_own_once(found.values())


def _each_own_once(twins: Iterable[Twin]) -> dict[int, Twin]:
    """Two variants cannot be one and the same product of the store: the first keeps it."""
    by_own: dict[int, Twin] = {}
    for twin in twins:
        by_own.setdefault(twin.own_id, twin)
    return {twin.variant_id: twin for twin in by_own.values()}


def _only(rows: QuerySet[Variant], field: str) -> dict[str, int]:
    """Value of ``field`` → the one own variant that has it."""
    found: dict[str, list[int]] = defaultdict(list)
    for value, pk in rows.order_by("pk").values_list(field, "pk"):
        found[value].append(pk)
    return {value: pks[0] for value, pks in found.items() if value and len(pks) == 1}


def _own(company: Company) -> QuerySet[Variant]:
    """The goods that the company's own store brought, in trade and not adopted yet."""
    return Variant.objects.filter(company=company, is_active=True, product__is_active=True).exclude(
        pk__in=Adoption.objects.filter(company=company).values("own_id")
    )


def _check(company: Company, pairs: Mapping[int, int]) -> None:
    own = set(Variant.objects.filter(company=company, pk__in=pairs.values()).values_list("pk", flat=True))
    offered = set(visible_to(company).filter(pk__in=list(pairs)).values_list("pk", flat=True))
    if set(pairs.values()) - own or set(pairs) - offered:
        raise DomainError("Only your own goods can be matched, and only with goods that are offered to you.")
    if len(set(pairs.values())) < len(pairs):
        raise Conflict("One product of your store cannot stand for two.")
    others = Adoption.objects.filter(company=company, own__in=pairs.values()).exclude(variant__in=pairs)
    if clash := others.select_related("variant").first():
        raise Conflict(f"This product of your store stands for {clash.variant} already. Remove that match first.")


def _announce(company: Company, variant_ids: Sequence[int]) -> None:
    ids = list(Listing.objects.filter(company=company, variant__in=variant_ids).values_list("pk", flat=True))
    if ids:
        signals.listings_changed.send(sender=Listing, company_id=company.pk, listing_ids=ids)
