"""Step: chosen goods into the retailer's store, one product at a time, hidden until complete; safe to repeat."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, Model, OuterRef

from catalog import selectors
from catalog import services as catalog
from catalog.models import Adoption, Listing, Product
from channels.contract import ListingRequest, ListingVariant, PublishResult
from channels.errors import Rejected
from channels.models import (
    Integration,
    ListingLink,
    Outbound,
    OutboundKind,
    ProductLink,
    VariantLink,
)
from channels.problems import raise_problem, resolve_record
from channels.supplier_told import tell_listing
from channels.sync.context import StepContext
from channels.sync.pushing import Nothing, Send, drain
from portal.lib import clock


def run(context: StepContext) -> None:
    """Send what waits."""
    drain(context, SEND)


def send(context: StepContext, row: Outbound) -> str:
    """Publish one product with its chosen variants, or hide it when none is offered any more."""
    listings = _without_twins(context.integration, _listings(context.integration, row.record_id))
    if not listings:
        raise Nothing("Nothing of this product is chosen any more.")
    request = _request(context.integration, listings)
    if not any(listing.is_active for listing in listings):
        if not request.remote_product_id:
            raise Nothing("It was never published.")
        context.connector.unpublish(request)
        _stopped(context.integration, listings)
        return "Hidden, stock 0."
    result = context.connector.publish(request)
    _keep(context.integration, request, result)
    return " ".join(("Published.", *result.notes))


def _listings(integration: Integration, product_id: int) -> list[Listing]:
    return list(
        Listing.objects.filter(company_id=integration.company_id, product_id=product_id)
        .select_related("product", "variant", "partnership__price_assignment__price_list")
        .order_by("variant__position", "variant_id")
    )


def _request(integration: Integration, listings: list[Listing]) -> ListingRequest:
    """Today's truth of a product as the partner may sell it. Raises Rejected when it has no price or no rate for the store's currency."""
    product = listings[0].product
    terms = selectors.listing_terms(listings)
    available = selectors.available_for_listings([listing.pk for listing in listings])
    links = {
        link.listing_id: link for link in ListingLink.objects.filter(integration=integration, listing__in=listings)
    }
    adopted = _adopted(integration, [one for one in listings if one.pk not in links])
    return ListingRequest(
        name=product.name,
        description=product.description,
        brand=product.brand,
        category=product.category,
        image_url=product.image_url,
        is_visible=any(listing.is_active for listing in listings),
        remote_product_id=next((link.remote_product_id for link in links.values()), ""),
        keeps=_kept(listings),
        told_image_url=next((link.told_image for link in links.values() if link.told_image), ""),
        variants=tuple(
            _variant(
                integration,
                listing,
                terms.get(listing.pk),
                available.get(listing.pk, 0),
                links.get(listing.pk),
                adopted.get(listing.pk),
            )
            for listing in listings
            if listing.is_active or listing.pk in links
        ),
    )


def _adopted(integration: Integration, listings: list[Listing]) -> dict[int, VariantLink]:
    """Where the store's own goods that these listings take over live, by listing."""
    by_variant = {listing.variant_id: listing.pk for listing in listings}
    owned = dict(
        Adoption.objects.filter(company_id=integration.company_id, variant__in=by_variant).values_list(
            "own_id", "variant_id"
        )
    )
    links = VariantLink.objects.filter(integration=integration, variant_id__in=owned)
    return {by_variant[owned[link.variant_id]]: link for link in links}


def _kept(listings: list[Listing]) -> frozenset[str] | None:
    """What the retailer lets nobody write: by its rule, and the texts and pictures of what it had before."""
    first = listings[0]
    keeps = selectors.kept_fields([first.partnership_id]).get(first.partnership_id)
    variant_ids = [listing.variant_id for listing in listings]
    if Adoption.objects.filter(company_id=first.company_id, variant__in=variant_ids).exists():
        return (keeps or frozenset()) | {"title", "description", "images"}
    return keeps


def _without_twins(integration: Integration, listings: list[Listing]) -> list[Listing]:
    """Stores compare SKUs without case: of variants that differ only by it the first is sold, the others are a Problem each."""
    kept: dict[str, Listing] = {}
    for listing in listings:
        key = listing.variant.sku_key or str(listing.pk)
        first = kept.setdefault(key, listing)
        if first is not listing:
            raise_problem(
                integration.company_id,
                "sku_twice",
                f"The SKUs {first.variant.sku} and {listing.variant.sku} of {listing.product.name} differ only by case or not at all,"
                " and stores take them for one. Only the first is sold until your supplier renames one.",
                integration=integration,
                record=listing,
                record_name=listing.variant.sku,
                cause_key=f"sku_twice:{integration.pk}:{listing.product_id}",
            )
        else:
            resolve_record(listing, code="sku_twice", resolution="The SKUs differ now.")
    return list(kept.values())


def _variant(
    integration, listing: Listing, terms, available: int, link: ListingLink | None, adopted: VariantLink | None
) -> ListingVariant:
    variant = listing.variant
    price, cost = _figures(integration, listing, terms, link)
    place = link or adopted
    return ListingVariant(
        listing_id=str(listing.pk),
        sku=variant.sku,
        name=variant.name,
        options=dict(variant.options),
        price=price,
        cost=cost,
        msrp=variant.msrp if variant.currency == integration.currency else None,
        barcode=variant.barcode,
        weight=variant.weight,
        image_url=variant.image_url,
        stock=available,
        is_active=listing.is_active,
        remote_product_id=place.remote_product_id if place else "",
        remote_variant_id=place.remote_id if place else "",
    )


def _figures(integration, listing: Listing, terms, link: ListingLink | None) -> tuple[Decimal, Decimal | None]:
    """Shelf price and cost. What is only to be hidden needs no price of today: it keeps the one that was told last."""
    if not listing.is_active and link is not None:
        return link.told_price or Decimal(0), link.told_cost
    if terms is None:
        tell_listing(listing)
        raise Rejected(f"{listing.variant} has no price on your partner's list.", field="price", code="no_price")
    if terms.retail_currency != integration.currency:
        raise Rejected(
            f"The price list is in {terms.retail_currency} and {integration.name} sells in {integration.currency}; the list has no rate.",
            field="currency",
            code="currency_differs",
        )
    return terms.retail_amount, terms.cost


@transaction.atomic
def _keep(integration: Integration, request: ListingRequest, result: PublishResult) -> None:
    sent = {variant.listing_id: variant for variant in request.variants}
    _refuse_taken(integration, result)
    for place in result.listings:
        variant = sent[place.listing_id]
        ListingLink.objects.update_or_create(
            integration=integration,
            listing_id=int(place.listing_id),
            defaults={
                "remote_product_id": place.remote_product_id,
                "remote_id": place.remote_variant_id,
                "told_stock": variant.stock,
                "told_price": variant.price,
                "told_cost": variant.cost,
                "told_at": clock.now(),
                **({"told_image": result.image_url[:1000]} if result.image_url else {}),
            },
        )
    _take_over(integration, {place.remote_product_id for place in result.listings})
    catalog.note_published([int(place.listing_id) for place in result.listings])


def _refuse_taken(integration: Integration, result: PublishResult) -> None:
    """A place in the store belongs to one listing. Raises Rejected when the store found another listing's by its SKU."""
    places = {(place.remote_product_id, place.remote_variant_id): int(place.listing_id) for place in result.listings}
    taken = ListingLink.objects.filter(
        integration=integration, remote_product_id__in={product for product, _ in places}
    ).select_related("listing__variant")
    for link in taken:
        listing_id = places.get((link.remote_product_id, link.remote_id))
        if listing_id not in {None, link.listing_id}:
            raise Rejected(
                f"{integration.name} has {link.listing.variant.sku} already, for another product. Your supplier must rename one of them.",
                field="sku",
                code="sku_twice",
            )


def _take_over(integration: Integration, remote_product_ids: set[str]) -> None:
    """A product of the store's own all of whose variants were adopted as listings is no longer its own goods."""
    listed = ListingLink.objects.filter(
        integration=integration,
        remote_product_id=OuterRef("remote_product_id"),
        remote_id=OuterRef("remote_id"),
    )
    still_own = VariantLink.objects.filter(integration=integration, remote_product_id__in=remote_product_ids).exclude(
        Exists(listed)
    )
    own = ProductLink.objects.filter(integration=integration, remote_id__in=remote_product_ids).exclude(
        remote_id__in=still_own.values("remote_product_id")
    )
    product_ids = list(own.values_list("product_id", flat=True))
    if product_ids:
        VariantLink.objects.filter(integration=integration, variant__product_id__in=product_ids).delete()
        ProductLink.objects.filter(integration=integration, product_id__in=product_ids).delete()
        catalog.deactivate_products(integration.company, product_ids)


def _stopped(integration: Integration, listings: list[Listing]) -> None:
    """The listings keep their state: those whose goods come back are published again by themselves."""
    ListingLink.objects.filter(integration=integration, listing__in=listings).update(told_stock=0, told_at=clock.now())


def _owner(context: StepContext, row: Outbound) -> tuple[int, Model, str]:
    product = Product.objects.get(pk=row.record_id)
    return context.integration.company_id, product, product.name


SEND = Send(kind=OutboundKind.PUBLISH, send=send, owner=_owner)
