"""What cards of a page of products need beside the products: the retailer's best offer, units and whether it lists them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from catalog.facets import listed_by
from catalog.models import Product
from catalog.numbers import shown, with_units
from catalog.visibility import offers_on_any
from portal.companies.models import Company
from portal.lib.prepared import Prepared

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Card(TypedDict):
    """What a card shows beside the product: its goods that are offered and the best of these offers, units, and whether the retailer lists it."""

    variant_count: int
    first_sku: str
    dropship: Decimal | None
    suggested: Decimal | None
    currency: str
    shelf_currency: str
    rate: Decimal | None
    units: int | None
    is_listed: bool


_OFFERED = ("variant__sku", "amount", "retail_amount", "its_currency", "its_shelf_currency", "its_rate")
_NOTHING: Sequence[Any] = (None, "", None, None, "", "", None)


_OFFERS = Prepared(
    lambda lists, ids: (
        shown(offers_on_any(lists), path="price_list")
        .filter(variant__product__in=ids)
        .order_by()
        .values_list("variant__product_id", "variant_id", *_OFFERED)
    ),
    ids=("lists", "ids"),
)
_DRAWN = ("name", "image_url", "company__name")
_CARDS = Prepared(
    lambda company, ids: (
        with_units(Product.objects.filter(pk__in=ids).annotate(is_listed=listed_by(company)), by="variant__product")
        .select_related("company")
        .only(*_DRAWN)
        .order_by()
    ),
    ids=("ids",),
)


def cards_of(ids: Sequence[int], company: Company, *, lists: Sequence[int]) -> list[WithAnnotations[Product, Card]]:
    """The products ``ids`` in this order, each with its supplier and with what ``with_offer``, ``with_units`` and ``listed_by`` would have annotated for
    ``company``, which buys by ``lists``. Two statements."""
    found = {product.pk: product for product in _CARDS.objects(company=company.pk, ids=ids)}
    products = [found[pk] for pk in ids if pk in found]
    _put_offers(products, lists)
    return products


def _put_offers(products: Sequence[WithAnnotations[Product, Card]], lists: Sequence[int]) -> None:
    offers = _by_product(_OFFERS.values(lists=lists, ids=[product.pk for product in products]))
    for product in products:
        mine = offers.get(product.pk, ())
        product.variant_count = len(mine)
        best = min(mine, key=_price_then_age) if mine else _NOTHING
        _, product.first_sku, product.dropship, product.suggested, *terms = best
        product.currency, product.shelf_currency, product.rate = terms


def _price_then_age(offer: Sequence[Any]) -> tuple[Any, int]:
    return offer[2], offer[0]


def _by_product(rows: Iterable[Sequence[Any]]) -> dict[int, list[Sequence[Any]]]:
    found: dict[int, list[Sequence[Any]]] = defaultdict(list)
    for product_id, *offer in rows:
        found[product_id].append(offer)
    return found
