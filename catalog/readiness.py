"""What goods lack before a store can take them, said beforehand and for many at once: one pass in chunks, three queries a chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.models import Listing, ListingState, Variant
from catalog.numbers import shown, with_units
from catalog.retail import in_currency
from catalog.visibility import visible_to
from portal.companies.models import Company

CHUNK = 1_000
EXAMPLES = 5
# More variants than this no store of ours takes as one product.
MOST_VARIANTS = 600


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that is missing: ``blocks`` keeps the goods from being published, else it is only good to know."""

    code: str
    title: str
    advice: str
    blocks: bool


LACKS = {
    lack.code: lack
    for lack in (
        Lack("not_offered", "Not offered to you", "Your supplier took them out of trade or off your price list.", True),
        Lack("no_sku", "No SKU", "Orders could not be told apart. Ask your supplier to give them one.", True),
        Lack("sku_twice", "The same SKU twice", "Stores take them for one. Ask your supplier to rename one.", True),
        Lack("no_retail_price", "No retail price", "Set your own price, a rule on what you pay, or ask your supplier.", True),
        Lack("no_rate", "No rate to your currency", "Your supplier sets it on their Prices page.", True),
        Lack("too_many_variants", "Too many variants", f"A store takes at most {MOST_VARIANTS} a product. Choose single variants.", True),
        Lack("no_image", "No picture", "They are published without one. Add it in your store, or ask your supplier.", False),
        Lack("no_weight", "No weight", "Your store may not work out postage. It is published with weight 0.", False),
        Lack("not_counted", "Stock not counted", "The supplier's store does not count them, so they can always be bought.", False),
        Lack("no_stock_figure", "No stock figure yet", "They show 0 until the first figure was read.", False),
        Lack("out_of_stock", "Out of stock", "They show 0 until the supplier has some.", False),
        Lack("below_cost", "Your own price is below what you pay", "You lose money on each sale. Change it in My listings.", False),
        Lack("below_map", "Your own price is below MAP", "Your supplier asks not to advertise below it.", False),
    )
}  # fmt: skip


@dataclass(slots=True)
class Finding:
    """One lack with how many variants have it, and a few of them as (product id, words)."""

    lack: Lack
    count: int = 0
    examples: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class Readiness:
    """``variants`` were looked at in ``products`` products; ``blocked`` of them cannot be published yet. Findings: what blocks first, then the most."""

    variants: int
    products: int
    blocked: int
    findings: list[Finding]

    @property
    def ready(self) -> int:
        return self.variants - self.blocked


def readiness_of(company: Company, *, product_ids: Iterable[int] = (), variant_ids: Iterable[int] = ()) -> Readiness:
    """What the goods lack that ``company`` (a retailer) thinks of publishing: whole products, single variants, or both."""
    wanted = list(dict.fromkeys([*_of_products(company, list(product_ids)), *variant_ids]))
    return _gathered(company, wanted)


def readiness_of_listings(company: Company) -> Readiness:
    """The same for everything that ``company`` has chosen."""
    rows = Listing.objects.filter(company=company).exclude(state=ListingState.STOPPED)
    return _gathered(company, rows.order_by("pk").values_list("variant_id", flat=True).iterator(CHUNK))


def _of_products(company: Company, product_ids: Sequence[int]) -> list[int]:
    """Variants that can be seen, and one of each product that cannot be: it is counted as not offered."""
    seen = list(visible_to(company).filter(product_id__in=product_ids).values_list("pk", "product_id"))
    hidden = set(product_ids) - {product_id for _, product_id in seen}
    gone = Variant.objects.filter(product_id__in=hidden).order_by("product_id", "pk").values_list("product_id", "pk")
    return [pk for pk, _ in seen] + list(dict(gone).values())


def _gathered(company: Company, variant_ids: Iterable[int]) -> Readiness:
    findings = {code: Finding(lack) for code, lack in LACKS.items()}
    products: Counter[int] = Counter()
    skus: dict[tuple[int, str], int] = {}
    total = blocked = 0
    for chunk in _chunks(variant_ids):
        for row, lacks in _looked_at(company, chunk, skus):
            products[row.product_id] += 1
            if products[row.product_id] > MOST_VARIANTS:
                lacks.append("too_many_variants")
            total += 1
            blocked += any(LACKS[code].blocks for code in lacks)
            for code in lacks:
                _note(findings[code], row)
    told = sorted((one for one in findings.values() if one.count), key=lambda one: (not one.lack.blocks, -one.count))
    return Readiness(total, len(products), blocked, told)


def _looked_at(
    company: Company, chunk: Sequence[int], skus: dict[tuple[int, str], int]
) -> Iterator[tuple[Variant, list[str]]]:
    offers = with_units(shown(visible_to(company).filter(pk__in=chunk)), by="variant").select_related("product")
    found = {row.pk: row for row in offers}
    own = dict(Listing.objects.filter(company=company, variant__in=chunk).values_list("variant_id", "retail_price"))
    for row in found.values():
        yield row, _lacks(row, own.get(row.pk), skus)
    for row in Variant.objects.filter(pk__in=set(chunk) - found.keys()).select_related("product"):
        yield row, ["not_offered"]


def _lacks(row: Any, own: Any, skus: dict[tuple[int, str], int]) -> list[str]:
    """``skus`` gathers (product, SKU) over all chunks: a second one is a twin."""
    is_twin = bool(row.sku_key) and skus.setdefault((row.product_id, row.sku_key), row.pk) != row.pk
    is_suggested = bool(row.suggested and row.suggested > 0)
    checks = {
        "no_sku": not row.sku_key,
        "sku_twice": is_twin,
        "no_rate": row.its_rate is None,
        "no_retail_price": row.its_rate is not None and not is_suggested and own is None,
        "no_image": not (row.image_url or row.product.image_url),
        "no_weight": not row.weight,
        "not_counted": not row.tracks_stock,
        "no_stock_figure": row.tracks_stock and row.units is None,
        "out_of_stock": row.tracks_stock and row.units is not None and row.units <= 0,
        "below_cost": _is_below(own, row.dropship, row),
        "below_map": _is_below(own, row.map_price, row),
    }
    return [code for code, is_missing in checks.items() if is_missing]


def _is_below(own: Any, floor: Any, row: Any) -> bool:
    least = in_currency(floor, row.its_rate, row.its_shelf_currency)
    return own is not None and least is not None and own < least


def _note(finding: Finding, row: Variant) -> None:
    finding.count += 1
    if len(finding.examples) < EXAMPLES:
        finding.examples.append((row.product_id, row.full_name + (f" ({row.sku})" if row.sku else "")))


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    part: list[int] = []
    for pk in ids:
        part.append(pk)
        if len(part) == CHUNK:
            yield part
            part = []
    if part:
        yield part
