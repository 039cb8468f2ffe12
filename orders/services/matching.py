"""Which goods a line means: the source's own link first, then what people taught us, then the SKU exactly as written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from catalog.models import Listing, SkuAlias, Variant, sku_key
from catalog.services import own_skus, resolve_skus
from catalog.services.matches import ambiguous_skus
from orders.holds import Fault, fault
from orders.models import LineKind, Order, OrderLine


@dataclass(frozen=True, slots=True)
class Known:
    """What the retailer's matches and listings say of some SKUs, by ``sku_key``."""

    own: set[str]
    taught: set[str]
    found: dict[str, int]
    ambiguous: dict[str, tuple[int, ...]]
    sku_of: dict[int, str]


def match_open_lines(order: Order, lines: Sequence[OrderLine]) -> list[Fault]:
    """Match the goods lines that have no variant yet, saving what was found; a fault for each that stays open. No query when none is open."""
    open_lines = [line for line in lines if line.needs_match]
    if not open_lines:
        return []
    known = _ask(order, [line.sku for line in open_lines])
    faults = [one for line in open_lines if (one := _match(line, known))]
    matched = [line for line in open_lines if not line.needs_match]
    _set_listings(order, matched)
    OrderLine.objects.bulk_update(matched, ["kind", "variant", "listing"])
    return faults


def _ask(order: Order, skus: Sequence[str]) -> Known:
    company = order.company
    found, ambiguous = resolve_skus(company, skus), ambiguous_skus(company, skus)
    ids = {*found.values(), *(pk for ids in ambiguous.values() for pk in ids)}
    return Known(
        own=own_skus(company, skus),
        taught=set(
            SkuAlias.objects.filter(company=company, sku_key__in={sku_key(sku) for sku in skus}).values_list(
                "sku_key", flat=True
            )
        ),
        found=found,
        ambiguous=ambiguous,
        sku_of=dict(Variant.objects.filter(pk__in=ids).values_list("pk", "sku")),
    )


def _match(line: OrderLine, known: Known) -> Fault | None:
    key, name = sku_key(line.sku), line.name[:60] or "no name"
    if not key:
        return fault("empty_sku", line_id=line.pk, about=name, name=name)
    if key in known.own:
        line.kind = LineKind.OWN
        return None
    if key in known.taught and key in known.found:
        line.variant_id = known.found[key]
        return None
    return _match_exactly(line, known, key, name)


def _match_exactly(line: OrderLine, known: Known, key: str, name: str) -> Fault | None:
    candidates = known.ambiguous.get(key) or ((known.found[key],) if key in known.found else ())
    exact = [pk for pk in candidates if known.sku_of[pk].strip() == line.sku.strip()]
    if len(exact) == 1:
        line.variant_id = exact[0]
        return None
    if len(candidates) > 1:
        return fault("ambiguous_sku", line_id=line.pk, about=key, sku=line.sku[:60])
    if candidates:
        return fault("sku_case", line_id=line.pk, about=key, sku=line.sku[:60], other=known.sku_of[candidates[0]][:60])
    return fault("no_such_sku", line_id=line.pk, about=key, sku=line.sku[:60], name=name)


def _set_listings(order: Order, lines: Sequence[OrderLine]) -> None:
    variant_ids = [line.variant_id for line in lines if line.variant_id]
    rows = Listing.objects.filter(company=order.company_id, variant_id__in=variant_ids)
    listings = dict(rows.values_list("variant_id", "pk"))
    for line in lines:
        if line.variant_id:
            line.listing_id = line.listing_id or listings.get(line.variant_id)
