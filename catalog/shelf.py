"""What cards of a page of products need beside the products: the retailer's best offer, units and whether it lists them. Two statements a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from catalog.facets import listed_by
from catalog.models import Product
from catalog.numbers import shown, with_units
from catalog.visibility import offers_on_any
from portal.companies.models import Company
from portal.lib.prepared import Prepared

_OFFERED = ("variant__sku", "amount", "retail_amount", "its_currency", "its_shelf_currency", "its_rate")
_NOTHING = (None, "", None, None, "", "", None)


_OFFERS = Prepared(
    lambda lists, ids: (
        shown(offers_on_any(lists), path="price_list")
        .filter(variant__product__in=ids)
        .order_by()
        .values_list("variant__product_id", "variant_id", *_OFFERED)
    ),
    ids=("lists", "ids"),
)
_STOCKED = Prepared(
    lambda company, ids: (
        with_units(Product.objects.filter(pk__in=ids).annotate(is_listed=listed_by(company)), by="variant__product")
        .order_by()
        .values_list("pk", "units", "is_listed")
    ),
    ids=("ids",),
)


def stand(products: Sequence[Product], company: Company, *, lists: Sequence[int]) -> Sequence[Product]:
    """Put onto each of ``products`` what ``with_offer``, ``with_units`` and ``listed_by`` would have annotated for ``company``, which buys by ``lists``."""
    ids = [product.pk for product in products]
    offers = _by_product(_OFFERS.values(lists=lists, ids=ids))
    stocked = {pk: rest for pk, *rest in _STOCKED.values(company=company.pk, ids=ids)}
    for product in products:
        mine = offers.get(product.pk, ())
        product.variant_count = len(mine)
        best = min(mine, key=_price_then_age) if mine else _NOTHING
        _, product.first_sku, product.dropship, product.suggested, *terms = best
        product.currency, product.shelf_currency, product.rate = terms
        product.units, product.is_listed = stocked[product.pk]
    return products


def _price_then_age(offer: Sequence[Any]) -> tuple[Any, int]:
    return offer[2], offer[0]


def _by_product(rows: Iterable[Sequence[Any]]) -> dict[int, list[Sequence[Any]]]:
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for product_id, *offer in rows:
        found[product_id].append(offer)
    return found
