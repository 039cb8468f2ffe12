"""Goods, prices and listings of the cast."""

from __future__ import annotations

from catalog.models import EffectivePrice, Variant
from catalog.services import assign_price_list, create_price_list
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


def _offer(cast: Cast) -> Example:
    variant = VariantFactory(product__company=cast.kingsway)
    assign_price_list(cast.partnership, create_price_list(cast.kingsway, name="Trade"))
    return Example(cast.acme, {"pk": variant.pk})


def _offered_product(cast: Cast) -> Example:
    pk = _offer(cast).values["pk"]
    return Example(cast.acme, {"pk": Variant.objects.get(pk=pk).product_id})


def _effective_price(cast: Cast) -> Example:
    _offer(cast)
    return Example(cast.kingsway, {"pk": EffectivePrice.objects.get().pk})


EXAMPLES: dict[str, Maker] = {
    "product": _product,
    "product-choose": _offered_product,
    "price-list": _price_list,
    "price-list-terms": _price_list,
    "price-list-partners": _price_list,
    "price-cell": _price,
    "price-explain": _price,
    "listing-price": _listing,
    "api:product-detail": _product,
    "api:offer-detail": _offer,
    "api:listing-detail": _listing,
    "api:listing-stop": _listing,
    "api:listing-resume": _listing,
    "api:price-list-detail": _price_list,
    "api:price-detail": _effective_price,
}
