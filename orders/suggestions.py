"""What a line that nobody knows may be: goods of partners with a similar SKU or name. Proposals only, with a reason; a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import fuzz, process, utils

from catalog.models import sku_key
from catalog.numbers import offered_variants
from catalog.search import find
from catalog.search.backends import index
from catalog.visibility import offered_products, sellers_to
from portal.companies.models import Company

MOST = 3
# Compared at most, so that a large catalogue costs no more than a small one.
CANDIDATES = 2_000
LEAST = 55
_FIELDS = ("pk", "sku", "name", "product__name", "company__name")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A variant that the line may mean; ``score`` 0 to 100."""

    variant_id: int
    sku: str
    name: str
    supplier: str
    score: int
    why: str


def suggest(company: Company, *, sku: str, name: str, most: int = MOST) -> list[Suggestion]:
    """The best guesses among the goods that partners offer to ``company``, best first. A bounded number of queries."""
    found = {one[0]: one for one in chain(_alike(company, sku), _first(company))}
    ranked = sorted((_score(one, sku, name) for one in found.values()), key=lambda one: -one.score)
    return [one for one in ranked[:most] if one.score >= LEAST]


def search_goods(company: Company, text: str, *, most: int = 8) -> list[Suggestion]:
    """Goods that partners offer to ``company`` as the catalogue's search finds them for ``text``, those of this SKU first. A bounded number of queries."""
    found = find(offered_products(company), text, company_ids=sellers_to(company), most=most)
    rows = offered_variants(company).filter(product_id__in=found.ids).values_list(*_FIELDS, "product_id")[:CANDIDATES]
    best = sorted(
        rows, key=lambda one: (not sku_key(one[1]).startswith(sku_key(text)), found.ids.index(one[-1]), one[0])
    )
    return [_made(one, 100, "") for one in best[:most]]


def _alike(company: Company, sku: str) -> Iterable[tuple]:
    start = sku_key(sku)[:3]
    if not start:
        return ()
    products = index().beginnings(sellers_to(company), start, most=CANDIDATES)
    rows = offered_variants(company).filter(product_id__in=products, sku_key__startswith=start)
    return rows.values_list(*_FIELDS)[:CANDIDATES]


def _first(company: Company) -> Iterable[tuple]:
    return offered_variants(company).order_by("pk").values_list(*_FIELDS)[:CANDIDATES]


def _score(one: tuple, sku: str, name: str) -> Suggestion:
    by_sku = fuzz.ratio(sku_key(sku), sku_key(one[1])) if sku and one[1] else 0
    by_name = process.extractOne(name, [_name(one)], scorer=fuzz.token_sort_ratio, processor=utils.default_process)
    points = by_name[1] if by_name and name else 0
    if by_sku >= points:
        return _made(one, round(by_sku), "same SKU but for case" if by_sku == 100 else "similar SKU")
    return _made(one, round(points), "same name" if points == 100 else "similar name")


def _name(one: tuple) -> str:
    return f"{one[3]}, {one[2]}" if one[2] else one[3]


def _made(one: tuple, score: int, why: str) -> Suggestion:
    return Suggestion(variant_id=one[0], sku=one[1], name=_name(one), supplier=one[4], score=score, why=why)
