"""From what somebody typed to products, best first: exact SKU or barcode, its beginning, the words, then what is near."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat, StrIndex
from rapidfuzz import fuzz

from catalog.models import Product, Variant, sku_key
from catalog.search import words
from catalog.search.backends import Groups, index
from catalog.search.text import fold, wanted_words

# A search shows its best matches, not a catalogue: who wants more narrows it.
MOST = 500
# Matches of other words that are looked at for the sake of filters before the search gives up.
MOST_EXAMINED = 20_000
CHUNK = 1_000
# Fewer matches than this, and near spellings are tried as well.
FEW = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Product ids, best first. ``instead`` is what was searched beside the words typed, because they alone found little: ("lantern",) for "lantren"."""

    ids: tuple[int, ...] = ()
    instead: tuple[str, ...] = ()


def find(products: QuerySet[Product], text: str, *, company_ids: Sequence[int], most: int = MOST) -> Found:
    """The best matches for ``text`` among ``products``, which belong to ``company_ids``. A bounded number of statements on any catalogue.

    ``products`` may be filtered at will: only what passes is found.
    """
    typed = fold(text)
    if not typed or not company_ids:
        return Found()
    ids = list(dict.fromkeys([*_exact(products, text, company_ids), *_beginning(products, text, company_ids, most)]))
    asked = wanted_words(text)
    if asked:
        ids = _added(ids, _ranked(products, _matching(products, company_ids, [[word] for word in asked], most), typed))
    instead: tuple[str, ...] = ()
    if asked and len(ids) < FEW:
        groups, instead = _forgiving(company_ids, asked)
        if instead:
            ids = _added(ids, _ranked(products, _matching(products, company_ids, groups, most), typed))
    return Found(tuple(ids[:most]), instead if ids else ())


def in_order(products: QuerySet[Product], found: Found, *, key: str = "pk") -> QuerySet[Product]:
    """``products`` that were found, annotated with ``found_at``, their place (ascending is best first). ``key`` leads from the row to the product."""
    places = Value("," + "".join(f"{pk}," for pk in found.ids))
    one = Concat(Value(","), Cast(F(key), CharField()), Value(","))
    return products.filter(**{f"{key}__in": found.ids}).annotate(found_at=StrIndex(places, one))


def _exact(products: QuerySet[Product], text: str, company_ids: Sequence[int]) -> list[int]:
    """Products with a variant of exactly this SKU or barcode: one look-up in an index each."""
    mine = Variant.objects.filter(company_id__in=company_ids).order_by()
    by_sku = mine.filter(sku_key=sku_key(text)).values_list("product_id", flat=True)[:CHUNK]
    by_barcode = mine.filter(barcode=text.strip()).values_list("product_id", flat=True)[:CHUNK]
    return _passing(products, [*by_sku, *by_barcode])


def _beginning(products: QuerySet[Product], text: str, company_ids: Sequence[int], most: int) -> list[int]:
    return _passing(products, index().beginnings(company_ids, sku_key(text), most=most))


def _matching(products: QuerySet[Product], company_ids: Sequence[int], groups: Groups, most: int) -> list[int]:
    """Ids of products that pass and hold a spelling of every group."""
    found: list[int] = []
    after = examined = 0
    while len(found) < most and examined < MOST_EXAMINED:
        chunk = index().candidates(company_ids, groups, after=after, most=CHUNK)
        found += _passing(products, chunk)
        if len(chunk) < CHUNK:
            break
        after, examined = chunk[-1], examined + len(chunk)
    return found[:most]


def _forgiving(company_ids: Sequence[int], asked: Sequence[str]) -> tuple[list[list[str]], tuple[str, ...]]:
    """The words with their near spellings, and these spellings alone."""
    near = [words.spellings(company_ids, word) for word in asked]
    groups = [[word, *others] for word, others in zip(asked, near, strict=True)]
    return groups, tuple(others[0] for others in near if others)


def _ranked(products: QuerySet[Product], ids: Sequence[int], typed: str) -> list[int]:
    """``ids`` by how near their names are to what was typed; names that begin with it come first."""
    names = Product.objects.filter(pk__in=ids).values_list("pk", "name")
    scored = [(_score(fold(name), typed), -pk) for pk, name in names]
    return [-pk for _, pk in sorted(scored, reverse=True)]


def _score(name: str, typed: str) -> float:
    return fuzz.token_set_ratio(name, typed) + (100 if name.startswith(typed) else 0)


def _passing(products: QuerySet[Product], ids: Iterable[int]) -> list[int]:
    """Those of ``ids`` that are among ``products``, each once, in their order."""
    wanted = list(dict.fromkeys(ids))
    passing = set(products.filter(pk__in=wanted).order_by().values_list("pk", flat=True)) if wanted else set()
    return [pk for pk in wanted if pk in passing]


def _added(ids: list[int], more: Iterable[int]) -> list[int]:
    return list(dict.fromkeys([*ids, *more]))
