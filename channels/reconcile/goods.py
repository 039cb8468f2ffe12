"""One page of a store's products, looked up once for the books of stock and of prices."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from catalog import selectors
from channels.contract import ChannelProduct, ChannelVariant
from channels.models import ListingLink, ProductLink, VariantLink
from channels.reconcile.entries import Reading

Place = tuple[str, str]


class GoodsPage:
    """Products as the store has them, with what we know of each: three queries, made when a book first asks."""

    def __init__(self, reading: Reading, products: Sequence[ChannelProduct]) -> None:
        self.reading = reading
        self.products = {product.remote_id: product for product in products}

    @cached_property
    def variants(self) -> dict[Place, ChannelVariant]:
        """Theirs by (product id, variant id)."""
        return {
            (product.remote_id, variant.remote_id): variant
            for product in self.products.values()
            for variant in product.variants
        }

    @cached_property
    def listings(self) -> list[ListingLink]:
        """Listings of partners' goods among these products, also those whose variant is gone."""
        rows = ListingLink.objects.filter(
            integration=self.reading.integration, remote_product_id__in=list(self.products)
        )
        return list(rows.select_related("listing__variant__product", "listing__partnership"))

    @cached_property
    def links(self) -> dict[str, ProductLink]:
        """Goods that we took in, by their product id."""
        rows = ProductLink.objects.filter(integration=self.reading.integration, remote_id__in=list(self.products))
        return {link.remote_id: link for link in rows.select_related("product")}

    @cached_property
    def variant_links(self) -> list[VariantLink]:
        """Variants that we took in."""
        rows = VariantLink.objects.filter(
            integration=self.reading.integration, remote_product_id__in=list(self.products)
        )
        return list(rows.select_related("variant__product"))

    @cached_property
    def listed_products(self) -> set[str]:
        """Their ids of products that hold a listing of ours."""
        return {link.remote_product_id for link in self.listings}


def without_left_alone(links: Sequence[ListingLink], field: str) -> list[ListingLink]:
    """The links whose ``field`` ("price", "stock") is ours to write: a retailer may have us leave it as its store has it."""
    kept = selectors.kept_fields({link.listing.partnership_id for link in links})
    return [link for link in links if field not in kept.get(link.listing.partnership_id, ())]


def place_of(link: ListingLink | VariantLink) -> Place:
    """Where a link leads: (product id, variant id) there."""
    return link.remote_product_id, link.remote_id


def name_of(link: ListingLink | VariantLink) -> str:
    """What a person calls the goods behind a link: the SKU, and the name."""
    variant = link.listing.variant if isinstance(link, ListingLink) else link.variant
    return " · ".join(part for part in (variant.sku, variant.product.name) if part)[:255]
