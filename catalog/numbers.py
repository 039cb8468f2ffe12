"""Figures that lists show beside each row, as subqueries: read for the rows of a page only, sortable and exportable."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf

from catalog.models import EffectivePrice, Reservation, StockLevel, Variant
from catalog.visibility import offers_to, sellers_to, visible_to
from portal.companies.models import Company

COUNTED = Q(location__key="default") | Q(location__is_counted=True)


def with_units(rows: QuerySet, *, by: str, outer: str = "pk") -> QuerySet:
    """``rows`` with ``units``: on hand less open reservations of the active variants matched by ``by`` ("variant", "variant__product").

    None where nothing was ever counted.
    """
    on_hand, reserved = _figures(by, outer)
    return rows.annotate(units=on_hand - reserved)


def with_stock(variants: QuerySet) -> QuerySet:
    """``variants`` with ``on_hand``, ``reserved`` (0 for none) and what is left of them, ``units``."""
    on_hand, reserved = _figures("variant", "pk")
    return variants.annotate(on_hand=on_hand, reserved=reserved).annotate(units=F("on_hand") - F("reserved"))


def _figures(by: str, outer: str) -> tuple[Subquery, Coalesce]:
    """What is counted and what open orders hold of it, for the active variants matched by ``by``."""
    match = {by: OuterRef(outer), "variant__is_active": True}
    levels = StockLevel.objects.filter(COUNTED, **match).order_by().values(by)
    open_ = Reservation.objects.filter(released_at__isnull=True, **match).order_by().values(by)
    return (
        Subquery(levels.annotate(n=Sum("on_hand")).values("n")),
        Coalesce(Subquery(open_.annotate(n=Sum("quantity")).values("n")), 0),
    )


def with_own_prices(products: QuerySet) -> QuerySet:
    """The company's own products with ``variant_count``, ``first_sku``, ``low`` and ``high`` retail price, and their ``currency``."""
    active = Variant.objects.filter(product=OuterRef("pk"), is_active=True)
    by_price = active.exclude(price=None).order_by("price")
    return products.annotate(
        variant_count=Coalesce(Subquery(_counted(active)), 0),
        first_sku=Subquery(active.order_by("position", "pk").values("sku")[:1]),
        low=Subquery(by_price.values("price")[:1]),
        high=Subquery(by_price.reverse().values("price")[:1]),
        currency=Coalesce(Subquery(active.values("currency")[:1]), Value("GBP")),
    )


def with_offer(products: QuerySet, company: Company) -> QuerySet:
    """Partners' products with the lowest price that ``company`` gets: ``dropship`` in ``currency``, ``suggested`` in ``shelf_currency``, ``rate``."""
    offers = shown(visible_to(company).filter(product=OuterRef("pk"))).order_by("dropship", "pk")
    return products.annotate(
        variant_count=Coalesce(Subquery(_counted(visible_to(company).filter(product=OuterRef("pk")))), 0),
        **{name: Subquery(offers.values(f"its_{name}")[:1]) for name in OFFERED},
        dropship=Subquery(offers.values("dropship")[:1]),
        suggested=Subquery(offers.values("suggested")[:1]),
        first_sku=Subquery(offers.values("sku")[:1]),
    )


OFFERED = ("currency", "shelf_currency", "rate")


def shown(visible: QuerySet, *, path: str = "prices__price_list") -> QuerySet:
    """Visible variants with what a price needs to be shown: ``its_currency``, ``its_shelf_currency`` and ``its_rate`` of the list. Prices themselves
    lead to their list by another ``path``."""
    return visible.annotate(
        its_currency=F(f"{path}__currency"),
        its_shelf_currency=Coalesce(NullIf(F(f"{path}__retail_currency"), Value("")), F(f"{path}__currency")),
        its_rate=_rate(path),
    )


def offered_variants(company: Company) -> QuerySet:
    """As ``shown(visible_to(company))``, for long lists read from their end: the goods are walked in order and each is asked for its price, so that a page
    costs the same among a million."""
    prices = offers_to(company).filter(variant=OuterRef("pk")).order_by()
    shelf = Coalesce(NullIf(F("price_list__retail_currency"), Value("")), F("price_list__currency"))
    rows = Variant.objects.filter(company_id__in=sellers_to(company), is_active=True, product__is_active=True)
    return rows.filter(Exists(prices)).annotate(
        dropship=Subquery(prices.values("amount")[:1]),
        suggested=Subquery(prices.values("retail_amount")[:1]),
        breaks=Subquery(prices.values("breaks")[:1]),
        its_currency=Subquery(prices.values("price_list__currency")[:1]),
        its_shelf_currency=Subquery(prices.annotate(shelf=shelf).values("shelf")[:1]),
    )


def with_terms(listings: QuerySet) -> QuerySet:
    """Listings with ``dropship`` and ``suggested`` of today, the currencies of both, ``rate``, and the retailer's rule: what ``Listing.shelf`` needs."""
    prices = EffectivePrice.objects.filter(
        variant=OuterRef("variant_id"),
        price_list__assignments__partnership=OuterRef("partnership_id"),
        valid_until__isnull=True,
    ).annotate(
        shelf_currency=Coalesce(NullIf(F("price_list__retail_currency"), Value("")), F("price_list__currency")),
        rate=_rate("price_list"),
    )
    rule = "partnership__retail_rule"
    return listings.annotate(
        dropship=Subquery(prices.values("amount")[:1]),
        suggested=Subquery(prices.values("retail_amount")[:1]),
        currency=Subquery(prices.values("price_list__currency")[:1]),
        shelf_currency=Subquery(prices.values("shelf_currency")[:1]),
        rate=Subquery(prices.values("rate")[:1]),
        map_price=F("variant__map_price"),
        rule_basis=F(f"{rule}__basis"),
        rule_percent=F(f"{rule}__percent"),
        rule_ending=F(f"{rule}__rounding_ending"),
        rule_direction=F(f"{rule}__rounding_direction"),
    )


def _rate(path: str) -> Case:
    """1 where the list sells in its own currency, else its rate (None while it has none)."""
    own = Q(**{f"{path}__retail_currency": ""}) | Q(**{f"{path}__retail_currency": F(f"{path}__currency")})
    amount = DecimalField(max_digits=14, decimal_places=6)
    return Case(When(own, then=Value(Decimal(1))), default=F(f"{path}__retail_rate"), output_field=amount)


def _counted(rows: QuerySet) -> QuerySet:
    return rows.order_by().values("product").annotate(n=Count("pk")).values("n")
