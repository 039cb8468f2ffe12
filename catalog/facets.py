"""How many of the goods that a retailer sees fall under each supplier, brand, category, price band, stock and state, counted over a bounded number.

Counts are exact to MOST products and "at least" beyond: what one looks at is then so much that the next click matters more than the number.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from catalog.models import Listing, ListingState, Product
from catalog.numbers import with_units
from catalog.visibility import visible_to
from portal.companies.models import Company
from portal.lib.money import display

MOST = 5_000
MOST_VALUES = 8
LOW = 10
# (value, words, at least, less than) of what the retailer pays, in the list's currency.
Band = tuple[str, str, Decimal, Decimal]
BANDS: tuple[Band, ...] = (
    ("0", "Under {high}", Decimal(0), Decimal(5)),
    ("5", "{low} to {high}", Decimal(5), Decimal(20)),
    ("20", "{low} to {high}", Decimal(20), Decimal(50)),
    ("50", "{low} and more", Decimal(50), Decimal(10) ** 10),
)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One choice; ``value`` is what the filter of the same key takes."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow; ``is_capped`` means that the counts are "at least"."""

    key: str
    label: str
    values: tuple[FacetValue, ...]
    is_capped: bool = False


def count_facets(company: Company, products: QuerySet[Product], *, keys: Sequence[str] | None = None) -> list[Facet]:
    """The facets ``keys`` (all by default) of ``products`` that ``company`` may see, values without goods left out. One query, and one a facet."""
    found = list(products.order_by().values_list("pk", flat=True)[: MOST + 1])
    is_capped, ids = len(found) > MOST, among(found[:MOST])
    wanted = keys if keys is not None else list(_FACETS)
    facets = [Facet(key, _FACETS[key][0], _FACETS[key][1](company, ids), is_capped) for key in wanted]
    return [facet for facet in facets if facet.values]


def among(ids: Sequence[int]) -> RawSQL:
    """``ids`` as a subquery of one parameter: thousands of them make no longer statement."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [list(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(list(ids))])


def listed_by(company: Company | int) -> Exists:
    """Whether some variant of a product is among the company's listings."""
    held = Listing.objects.filter(company=company, product=OuterRef("pk"))
    return Exists(held.exclude(state=ListingState.STOPPED))


def price_band(company: Company, low: Decimal, high: Decimal) -> Q:
    """Products with a variant for which ``company`` pays at least ``low`` and less than ``high``."""
    offers = visible_to(company).filter(_in_band(low, high), product=OuterRef("pk"))
    return Q(Exists(offers))


def _suppliers(company: Company, ids: RawSQL) -> tuple[FacetValue, ...]:
    rows = Product.objects.filter(pk__in=ids).values("company_id", "company__name").annotate(n=Count("pk"))
    found = rows.order_by("-n", "company__name")[:MOST_VALUES]
    return tuple(FacetValue(str(row["company_id"]), row["company__name"], row["n"]) for row in found)


def _by_field(field: str) -> Callable[[Company, RawSQL], tuple[FacetValue, ...]]:
    def count(company: Company, ids: RawSQL) -> tuple[FacetValue, ...]:
        rows = Product.objects.filter(pk__in=ids).exclude(**{field: ""}).values(field).annotate(n=Count("pk"))
        return tuple(FacetValue(row[field], row[field], row["n"]) for row in rows.order_by("-n", field)[:MOST_VALUES])

    return count


def _prices(company: Company, ids: RawSQL) -> tuple[FacetValue, ...]:
    offers = visible_to(company).filter(product_id__in=ids).annotate(paid_in=F("prices__price_list__currency"))
    bands = {
        f"b{value}": Count("product_id", filter=_in_band(low, high), distinct=True) for value, _, low, high in BANDS
    }
    found = offers.aggregate(**bands, first=Min("paid_in"), last=Max("paid_in"))
    currency = found["first"] if found["first"] == found["last"] else ""
    return _values(found, [(f"b{band[0]}", band[0], band_words(band, currency)) for band in BANDS])


def band_words(band: Band, currency: str) -> str:
    """``£5 to £20`` where every offer is in ``currency``; ``5 to 20`` where it is "" because they differ."""
    _, words, low, high = band
    amounts = {"low": low, "high": high}
    return words.format(**{name: _whole(amount, currency) for name, amount in amounts.items()})


def _whole(amount: Decimal, currency: str) -> str:
    return display(amount, currency).removesuffix(".00") if currency else str(amount)


def _in_band(low: Decimal, high: Decimal) -> Q:
    """By the retailer's own price: a condition on the relation would join the prices of other partners' lists."""
    return Q(dropship__gte=low, dropship__lt=high)


def _stock(company: Company, ids: RawSQL) -> tuple[FacetValue, ...]:
    rows = with_units(Product.objects.filter(pk__in=ids), by="variant__product")
    counts = rows.aggregate(
        stocked=Count("pk", filter=Q(units__gt=0)), low=Count("pk", filter=Q(units__gt=0, units__lt=LOW))
    )
    return _values(counts, [("stocked", "in", "In stock"), ("low", "low", f"Low, under {LOW}")])


def _listed(company: Company, ids: RawSQL) -> tuple[FacetValue, ...]:
    rows = Product.objects.filter(pk__in=ids).annotate(is_listed=listed_by(company))
    counts = rows.aggregate(yes=Count("pk", filter=Q(is_listed=True)), no=Count("pk", filter=Q(is_listed=False)))
    return _values(counts, [("no", "no", "Not listed"), ("yes", "yes", "Listed")])


def _values(counts: dict[str, Any], names: Sequence[tuple[str, str, str]]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(value, label, counts[name]) for name, value, label in names if counts[name])


_FACETS: dict[str, tuple[str, Callable[[Company, RawSQL], tuple[FacetValue, ...]]]] = {
    "supplier": ("Supplier", _suppliers),
    "category": ("Category", _by_field("category")),
    "brand": ("Brand", _by_field("brand")),
    "listed": ("Your store", _listed),
    "stock": ("Stock", _stock),
    "price": ("You pay", _prices),
}
