"""Goods, prices and listings of the cast."""

from __future__ import annotations

from catalog.tests.factories import ListingFactory, PriceListFactory, ProductFactory, VariantFactory
from portal.tests.examples.base import Cast, Example, Maker


def _product(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": ProductFactory(company=cast.kingsway).pk})


def _price_list(cast: Cast) -> Example:
    return Example(cast.kingsway, {"pk": PriceListFactory(company=cast.kingsway).pk})


def _price(cast: Cast) -> Example:
    variant = VariantFactory(product__company=cast.kingsway)
    return Example(cast.kingsway, {**_price_list(cast).values, "variant_id": variant.pk})


def _listing(cast: Cast) -> Example:
    return Example(cast.acme, {"pk": ListingFactory(partnership=cast.partnership).pk})


EXAMPLES: dict[str, Maker] = {
    "product": _product,
    "price-list": _price_list,
    "price-list-terms": _price_list,
    "price-list-partners": _price_list,
    "price-list-default": _price_list,
    "price-cell": _price,
    "price-explain": _price,
    "listing-price": _listing,
}
