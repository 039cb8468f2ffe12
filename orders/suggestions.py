"""What a line that nobody knows may be: goods of partners with a similar SKU or name. Proposals only, with a reason; a person decides."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from rapidfuzz import fuzz, process, utils

from catalog.models import Variant, sku_key
from catalog.visibility import visible_to
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
    """The best guesses among the goods that partners offer to ``company``, best first. Two queries."""
    found = {one[0]: one for one in chain(_alike(company, sku), _first(company))}
    ranked = sorted((_score(one, sku, name) for one in found.values()), key=lambda one: -one.score)
    return [one for one in ranked[:most] if one.score >= LEAST]


def search_goods(company: Company, text: str, *, most: int = 8) -> list[Suggestion]:
    """Goods that partners offer to ``company`` whose SKU or name contains ``text``. One query."""
    rows = visible_to(company)
    named = rows.filter(product__name__icontains=text) | rows.filter(sku_key__startswith=sku_key(text))
    return [_made(one, 100, "") for one in named.order_by("product__name", "pk").values_list(*_FIELDS)[:most]]


def _alike(company: Company, sku: str) -> Iterable[tuple]:
    start = sku_key(sku)[:3]
    rows = visible_to(company).filter(sku_key__startswith=start) if start else Variant.objects.none()
    return rows.values_list(*_FIELDS)[:CANDIDATES]


def _first(company: Company) -> Iterable[tuple]:
    return visible_to(company).order_by("pk").values_list(*_FIELDS)[:CANDIDATES]


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
