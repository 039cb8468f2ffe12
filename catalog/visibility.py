"""Which goods a retailer may see: the one condition that catalogue, listings, orders and API share.

Goods are shared only through an accepted partnership with a live price list, on which they have a price in force, and only while they are active.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict

from django.db.models import Exists, F, OuterRef, QuerySet

from catalog.models import EffectivePrice, PriceList, PriceListState, Product, Variant
from portal.companies.models import Company, Partnership, PartnershipState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Offered(TypedDict):
    """What ``visible_to`` tells of a variant beside it: through which partnership and list, whose goods, and its price."""

    partnership_id: int
    price_list_id: int
    seller_id: int
    dropship: Decimal
    suggested: Decimal
    breaks: list[list[str]]


# From a price in force to the partnership that it is for.
_LINK = "price_list__assignments__partnership"


def offers_to(company: Company | int, *, partnership: Partnership | None = None) -> QuerySet[EffectivePrice]:
    """The prices in force that ``company`` (a retailer) gets, one a variant, annotated with ``partnership_id``; of one partner only, if given."""
    rows = EffectivePrice.objects.filter(
        **_traded(_LINK, company, partnership),
        valid_until__isnull=True,
        price_list__state=PriceListState.LIVE,
        variant__is_active=True,
        variant__product__is_active=True,
    )
    return rows.annotate(partnership_id=F(f"{_LINK}_id"))


def visible_to(
    company: Company | int, *, partnership: Partnership | None = None
) -> QuerySet[WithAnnotations[Variant, Offered]]:
    """The variants that ``company`` (a retailer) may see, annotated with ``partnership_id``, ``price_list_id``, ``seller_id`` and its price:
    ``dropship`` in the list's currency (``breaks``: from so many units, each) and ``suggested`` in its retail currency."""
    path = f"prices__{_LINK}"
    rows = Variant.objects.filter(
        **_traded(path, company, partnership),
        prices__valid_until__isnull=True,
        prices__price_list__state=PriceListState.LIVE,
        is_active=True,
        product__is_active=True,
    )
    return rows.annotate(
        partnership_id=F(f"{path}_id"),
        price_list_id=F("prices__price_list_id"),
        seller_id=F("company_id"),
        dropship=F("prices__amount"),
        suggested=F("prices__retail_amount"),
        breaks=F("prices__breaks"),
    )


def lists_for(company: Company | int) -> QuerySet[PriceList]:
    """The live lists by which ``company`` (a retailer) buys from accepted partners."""
    path = "assignments__partnership"
    return PriceList.objects.filter(**_traded(path, company, None), state=PriceListState.LIVE)


def offers_on(price_list: PriceList | int) -> QuerySet[EffectivePrice]:
    """The prices in force on one of ``lists_for`` a retailer, as in ``offers_to``: one index holds them in the order of the variants."""
    return _in_force().filter(price_list=price_list)


def offers_on_any(lists: Any) -> QuerySet[EffectivePrice]:
    """The prices in force on ``lists``, which are all of ``lists_for`` a retailer: as ``offers_to``, with less to join."""
    return _in_force().filter(price_list__in=lists)


def _in_force() -> QuerySet[EffectivePrice]:
    return EffectivePrice.objects.filter(
        valid_until__isnull=True, variant__is_active=True, variant__product__is_active=True
    )


def offered_products(company: Company | int) -> QuerySet[Product]:
    """The products of which ``company`` (a retailer) may see a variant."""
    return Product.objects.filter(Exists(visible_to(company).filter(product=OuterRef("pk"))), is_active=True)


def sellers_to(company: Company | int) -> list[int]:
    """The companies whose goods ``company`` (a retailer) may see."""
    rows = Partnership.objects.filter(retailer=company, state=PartnershipState.ACCEPTED)
    return list(rows.values_list("supplier_id", flat=True))


def _traded(path: str, company: Company | int, partnership: Partnership | None) -> dict[str, Any]:
    """The partnership's conditions in one piece: split over two filter calls they could be met by two different partnerships."""
    only = {path: partnership} if partnership is not None else {}
    return {f"{path}__retailer": company, f"{path}__state": PartnershipState.ACCEPTED, **only}
