"""Reads of the catalogue that several parts share: what is available, what an order pays, what stands on the retailer's shelf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, Sum

from catalog.models import (
    EffectivePrice,
    Listing,
    ListingState,
    PriceList,
    PriceListAssignment,
    PriceListState,
    Reservation,
    RetailRule,
    StockLevel,
    Variant,
)
from catalog.moments import list_at, prices_at
from catalog.retail import Facts, Rule, shelf_price
from catalog.visibility import visible_to
from portal.companies.models import Company, Partnership, PartnershipState
from portal.lib.money import ZERO, to_minor

# What is offered of goods whose source does not count them.
UNCOUNTED = 999


def available(variant_ids: Iterable[int], *, buffers: Mapping[int, int] | None = None) -> dict[int, int]:
    """Units that can be sold of each variant: on hand in the counted places − open reservations − its buffer, never below 0.

    Inactive goods have 0, goods that are not counted UNCOUNTED. Three queries, however many variants; unknown ids are left out.
    """
    ids = list(variant_ids)
    kept = buffers or {}
    goods = Variant.objects.filter(pk__in=ids).values_list("pk", "tracks_stock", "is_active", "product__is_active")
    levels, reserved = on_hand(ids), reserved_units(ids)
    return {
        pk: _sellable(tracks, active and product_active, levels.get(pk, 0) - reserved.get(pk, 0) - kept.get(pk, 0))
        for pk, tracks, active, product_active in goods
    }


def on_hand(variant_ids: Sequence[int]) -> dict[int, int]:
    """Units in the counted places by variant, as the source last said; variants never counted are left out."""
    rows = StockLevel.objects.filter(
        Q(location__key="default") | Q(location__is_counted=True), variant_id__in=variant_ids
    )
    return dict(rows.values("variant_id").annotate(units=Sum("on_hand")).values_list("variant_id", "units"))


def reserved_units(variant_ids: Sequence[int]) -> dict[int, int]:
    """Units in open reservations by variant."""
    rows = Reservation.objects.filter(variant_id__in=variant_ids, released_at__isnull=True)
    return dict(rows.values("variant_id").annotate(units=Sum("quantity")).values_list("variant_id", "units"))


def available_for_listings(listing_ids: Iterable[int]) -> dict[int, int]:
    """Units that each listing may show in its store: what is available less its own buffer, else the partnership's; 0 when it is not active."""
    return {offer.listing.pk: offer.available for offer in offers_of(listing_ids)}


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing as its store should show it.

    ``shelf_price``, ``cost`` and ``msrp`` are in ``currency`` (the list's retail currency); None where there is none. ``cost`` is what the retailer pays and
    must never stand on a shelf; ``missing`` are the sentences that keep the listing from being published.
    """

    listing: Listing
    currency: str
    shelf_price: Decimal | None
    cost: Decimal | None
    msrp: Decimal | None
    available: int
    missing: tuple[str, ...]


def offers_of(listing_ids: Iterable[int]) -> list[Offer]:
    """What the stores should show of these listings, today. Six queries, however many; ordered by product, then variant."""
    listings = list(
        Listing.objects.filter(pk__in=list(listing_ids))
        .select_related("variant__product", "product")
        .order_by("product_id", "variant__position", "variant_id")
    )
    lists = _assignments({listing.partnership_id for listing in listings})
    prices = _prices_in_force(listings, lists)
    units = available([one.variant_id for one in listings])
    return [_offer(one, lists.get(one.partnership_id), prices, units.get(one.variant_id, 0)) for one in listings]


@dataclass(frozen=True, slots=True)
class ListingTerms:
    """What a listing costs and sells for: ``amount`` is the dropship price in ``currency``, ``retail_amount`` the shelf price in
    ``retail_currency``, ``cost`` the dropship price in that same retail currency."""

    amount: Decimal
    currency: str
    retail_amount: Decimal
    retail_currency: str
    cost: Decimal


def listing_terms(listings: Sequence[Listing]) -> dict[int, ListingTerms]:
    """The terms of each listing by its id; those without any price are left out. Two queries.

    Its own shelf price goes before what the retailer's rule makes, and that before the suggested one.

    While a list has no rate to its retail currency, its own currency stands as ``retail_currency``: a store in another one must not take the figures.
    """
    lists = _assignments({listing.partnership_id for listing in listings})
    prices = _prices_in_force(listings, lists)
    found = {}
    for listing in listings:
        assignment = lists.get(listing.partnership_id)
        price = prices.get((assignment.price_list_id, listing.variant_id)) if assignment else None
        if assignment and price and (terms := _terms(listing, assignment.price_list, price, _rule(assignment))):
            found[listing.pk] = terms
    return found


def _terms(listing: Listing, price_list: PriceList, price: EffectivePrice, rule: Rule | None) -> ListingTerms | None:
    """None where nothing can stand on the shelf. Without a rate the sum is left in the list's own currency."""
    if _needs_rate(price_list):
        retail = Decimal(price.explanation.get("base") or 0)
        currency, cost = price_list.currency, price.amount
    else:
        facts = _facts(listing, price_list, price)
        shelf = shelf_price(facts, rule=rule, own=listing.retail_price)
        if shelf is None or facts.cost is None:
            return None
        retail, currency, cost = shelf.amount, facts.currency, facts.cost
    return ListingTerms(price.amount, price_list.currency, retail, currency, cost) if retail > ZERO else None


def listing_currency(partnership: Partnership) -> str:
    """The currency in which ``partnership``'s goods stand on the retailer's shelf: compare it with the store's; "" without a list."""
    row = PriceListAssignment.objects.filter(partnership=partnership).select_related("price_list").first()
    return (row.price_list.retail_currency or row.price_list.currency) if row else ""


def price_for_order(partnership: Partnership, variant_ids: Iterable[int], *, at: datetime) -> dict[int, EffectivePrice]:
    """What ``partnership`` pays at ``at`` by the list that it had then, by variant; {} unless it has a live list now. Three queries.

    A moment before a variant's first price gets that first price: the store's orders may be older than the partnership. Variants whose price had ended
    by ``at`` are left out.
    """
    has_list = PriceListAssignment.objects.filter(partnership=partnership, price_list__state=PriceListState.LIVE)
    price_list_id = list_at(partnership, at) if has_list.exists() else None
    return prices_at(price_list_id, variant_ids, at) if price_list_id else {}


def is_offered(partnership: Partnership, variant_ids: Iterable[int]) -> set[int]:
    """Those of ``variant_ids`` that the retailer of ``partnership`` can see through it now."""
    if partnership.retailer_id is None:
        return set()
    rows = visible_to(partnership.retailer_id, partnership=partnership).filter(pk__in=list(variant_ids))
    return set(rows.values_list("pk", flat=True))


def partners_without_list(company: Company) -> list[Partnership]:
    """Accepted partnerships of ``company`` (as supplier) without a live price list: these partners see nothing."""
    rows = Partnership.objects.filter(supplier=company, state=PartnershipState.ACCEPTED)
    return list(rows.exclude(price_assignment__price_list__state=PriceListState.LIVE).select_related("retailer"))


def missing_for_listing(
    variant: Variant,
    *,
    price_list: PriceList | None,
    price: EffectivePrice | None,
    own_price: Decimal | None = None,
) -> tuple[str, ...]:
    """Why ``variant`` cannot be published yet: one sentence each, saying who can mend it. Empty when nothing is missing.

    ``own_price`` is the shelf price that the retailer set itself; with one no suggested price is needed.
    """
    if price_list is None or price is None:
        return ("It has no price for you. Ask your supplier to add it to your price list.",)
    checks = (
        (not variant.sku, "It has no SKU, so orders for it could not be told apart. Ask your supplier to give it one."),
        (not variant.product.name.strip(), "It has no name. Ask your supplier to give it one."),
        (_needs_rate(price_list), _rate_sentence(price_list)),
        (
            not _needs_rate(price_list) and price.retail_amount <= ZERO and own_price is None,
            "It has no retail price. Set your own price, or ask your supplier for one.",
        ),
    )
    return tuple(sentence for is_missing, sentence in checks if is_missing)


def _needs_rate(price_list: PriceList) -> bool:
    return _sells_in_another(price_list) and price_list.retail_rate is None


def _sells_in_another(price_list: PriceList) -> bool:
    """Whether the goods stand on the shelf in another currency than that of the list."""
    return bool(price_list.retail_currency) and price_list.retail_currency != price_list.currency


def _rate_sentence(price_list: PriceList) -> str:
    return (
        f"The price list is in {price_list.currency} and has no rate to {price_list.retail_currency} yet. "
        "Ask your supplier to set one on their Prices page."
    )


def _sellable(tracks: bool, is_active: bool, units: int) -> int:
    if not is_active:
        return 0
    return max(units, 0) if tracks else UNCOUNTED


def _assignments(partnership_ids: Iterable[int]) -> dict[int, PriceListAssignment]:
    rows = PriceListAssignment.objects.filter(partnership_id__in=list(partnership_ids)).select_related(
        "price_list", "partnership__retail_rule"
    )
    return {row.partnership_id: row for row in rows}


def _rule(assignment: PriceListAssignment) -> Rule | None:
    """The retailer's rule for the partnership, as the sum needs it."""
    row: RetailRule | None = getattr(assignment.partnership, "retail_rule", None)
    return Rule(row.basis, row.percent, row.rounding_ending, row.rounding_direction) if row else None


def _facts(listing: Listing, price_list: PriceList, price: EffectivePrice | None) -> Facts:
    """What a price on the shelf is made from, in the list's retail currency."""
    return Facts(
        currency=price_list.retail_currency or price_list.currency,
        suggested=price.retail_amount if price else None,
        cost=_converted(price.amount if price else None, price_list),
        map_price=_converted(listing.variant.map_price, price_list),
    )


def kept_fields(partnership_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """What retailers keep as it is in their stores ("title", "description", "images", "price", "stock"), by partnership; without a rule left out. One query."""
    return {row.partnership_id: row.keeps for row in RetailRule.objects.filter(partnership_id__in=set(partnership_ids))}


def _prices_in_force(
    listings: Sequence[Listing], lists: Mapping[int, PriceListAssignment]
) -> dict[tuple[int, int], EffectivePrice]:
    rows = EffectivePrice.objects.filter(
        price_list_id__in={row.price_list_id for row in lists.values()},
        variant_id__in=[listing.variant_id for listing in listings],
        valid_until__isnull=True,
    )
    return {(row.price_list_id, row.variant_id): row for row in rows}


def _offer(
    listing: Listing,
    assignment: PriceListAssignment | None,
    prices: Mapping[tuple[int, int], EffectivePrice],
    units: int,
) -> Offer:
    if assignment is None:
        return Offer(
            listing, "", None, None, None, 0, missing_for_listing(listing.variant, price_list=None, price=None)
        )
    price_list = assignment.price_list
    price = prices.get((price_list.pk, listing.variant_id))
    buffer = assignment.stock_buffer if listing.stock_buffer is None else listing.stock_buffer
    is_shown = listing.is_active and listing.state != ListingState.STOPPED
    shelf = shelf_price(_facts(listing, price_list, price), rule=_rule(assignment), own=listing.retail_price)
    return Offer(
        listing=listing,
        currency=price_list.retail_currency or price_list.currency,
        shelf_price=shelf.amount if shelf else None,
        cost=_converted(price.amount if price else None, price_list),
        msrp=_converted(listing.variant.msrp, price_list),
        available=max(units - buffer, 0) if is_shown else 0,
        missing=missing_for_listing(
            listing.variant, price_list=price_list, price=price, own_price=shelf.amount if shelf else None
        ),
    )


def _converted(amount: Decimal | None, price_list: PriceList) -> Decimal | None:
    """An amount of the list's currency in its retail currency; None without amount or rate."""
    if amount is None or not _sells_in_another(price_list):
        return amount
    rate = price_list.retail_rate
    return None if rate is None else to_minor(amount * rate, price_list.retail_currency)
