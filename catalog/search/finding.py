"""From what somebody typed to products, best first: exact SKU or barcode, its beginning, the words, then what is near."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Concat, StrIndex
from rapidfuzz import fuzz

from catalog.facets import among
from catalog.models import Product, Variant, sku_key
from catalog.search import words
from catalog.search.backends import Groups, index
from catalog.search.text import fold, looks_like_code, wanted_words
from portal.lib.prepared import Prepared

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Placed(TypedDict):
    """``found_at``: the place of a row among what was found; ascending is best first."""

    found_at: int


# A search shows its best matches, not a catalogue: who wants more narrows it.
MOST = 500
# Matches of other words that are looked at for the sake of filters before the search gives up.
MOST_EXAMINED = 20_000
# Matches that are looked at in one go: as many as are shown, and some that filters leave out.
CHUNK = MOST + 100
# Fewer matches than this, and near spellings are tried as well.
FEW = 5
_VARIANTS = Variant.objects.order_by().values_list("product_id")
_BY_SKU = Prepared(
    lambda companies, key: _VARIANTS.filter(company_id__in=companies, sku_key=key), ids=("companies",), texts=("key",)
)
_BY_BARCODE = Prepared(
    lambda companies, code: _VARIANTS.filter(company_id__in=companies, barcode=code),
    ids=("companies",),
    texts=("code",),
)


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
    known = _coded(products, text, company_ids, most) if looks_like_code(text) else {}
    ids = list(known)
    asked = wanted_words(text)
    if asked:
        matching = _matching(products, company_ids, [[word] for word in asked], most, known)
        ids = _added(ids, _ranked(matching, typed))
    instead: tuple[str, ...] = ()
    if asked and len(ids) < FEW:
        groups, instead = _forgiving(company_ids, asked)
        if instead:
            ids = _added(ids, _ranked(_matching(products, company_ids, groups, most, known), typed))
    return Found(tuple(ids[:most]), instead if ids else ())


def in_order(
    products: QuerySet[Product], found: Found, *, key: str = "pk"
) -> QuerySet[WithAnnotations[Product, Placed]]:
    """``products`` that were found, annotated with ``found_at``, their place (ascending is best first). ``key`` leads from the row to the product."""
    places = Value("," + "".join(f"{pk}," for pk in found.ids))
    one = Concat(Value(","), Cast(F(key), CharField()), Value(","))
    return products.filter(**{f"{key}__in": found.ids}).annotate(found_at=StrIndex(places, one))


def _coded(products: QuerySet[Product], text: str, company_ids: Sequence[int], most: int) -> dict[int, str]:
    """Products with a variant of exactly this SKU or barcode, then those with a SKU that begins with it; with their names."""
    by_sku = _firsts(_BY_SKU.rows(companies=company_ids, key=sku_key(text), limit=CHUNK))
    by_barcode = _firsts(_BY_BARCODE.rows(companies=company_ids, code=text.strip(), limit=CHUNK))
    # What has blanks in it is looked for as words, too: as a beginning it would be read twice.
    beginnings = index().beginnings(company_ids, sku_key(text), most=most) if len(text.split()) == 1 else []
    return _passing(products, [*by_sku, *by_barcode, *beginnings], {})


def _firsts(rows: Iterable[Sequence[int]]) -> list[int]:
    return [row[0] for row in rows]


def _matching(
    products: QuerySet[Product], company_ids: Sequence[int], groups: Groups, most: int, known: Mapping[int, str]
) -> dict[int, str]:
    """Products that pass and hold a spelling of every group, with their names; of ``known`` that is seen already."""
    found: dict[int, str] = {}
    after = examined = 0
    while len(found) < most and examined < MOST_EXAMINED:
        chunk = index().candidates(company_ids, groups, after=after, most=CHUNK)
        found |= _passing(products, chunk, known)
        if len(chunk) < CHUNK:
            break
        after, examined = chunk[-1], examined + len(chunk)
    return dict(islice(found.items(), most))


def _forgiving(company_ids: Sequence[int], asked: Sequence[str]) -> tuple[list[list[str]], tuple[str, ...]]:
    """The words with their near spellings, and these spellings alone."""
    near = [words.spellings(company_ids, word) for word in asked]
    groups = [[word, *others] for word, others in zip(asked, near, strict=True)]
    return groups, tuple(others[0] for others in near if others)


def _ranked(found: Mapping[int, str], typed: str) -> list[int]:
    """The ids of ``found`` by how near their names are to what was typed; names that begin with it come first."""
    scored = [(_score(fold(name), typed), -pk) for pk, name in found.items()]
    return [-pk for _, pk in sorted(scored, reverse=True)]


def _score(name: str, typed: str) -> float:
    return fuzz.token_set_ratio(name, typed) + (100 if name.startswith(typed) else 0)


def _passing(products: QuerySet[Product], ids: Iterable[int], known: Mapping[int, str]) -> dict[int, str]:
    """Those of ``ids`` that are among ``products``, each once, in their order, with their names; ``known`` are, and are not asked for again."""
    wanted = list(dict.fromkeys(ids))
    asked = [pk for pk in wanted if pk not in known]
    rows = products.filter(pk__in=among(asked)).order_by().values_list("pk", "name") if asked else ()
    names = {**known, **dict(rows)}
    return {pk: names[pk] for pk in wanted if pk in names}


def _added(ids: list[int], more: Iterable[int]) -> list[int]:
    return list(dict.fromkeys([*ids, *more]))
