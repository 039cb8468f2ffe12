"""Taking a store's products into our catalogue: links by their ids, digests to pass over what did not change, sets to write the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from catalog import services as catalog
from catalog.data import ProductData, StockData, VariantData
from catalog.models import Listing, sku_key
from catalog.services.pace import paced
from channels.contract import ChannelProduct, ChannelVariant
from channels.models import Integration, ListingLink, Problem, ProblemState, ProductLink, VariantLink
from channels.problems import raise_problem, resolve


def digest_of(product: ChannelProduct) -> str:
    """A short fingerprint of everything that the catalogue keeps of a product; stock is told apart."""
    record = asdict(product)
    record.pop("modified_at")
    for variant in record["variants"]:
        variant.pop("stock")
    return hashlib.sha1(json.dumps(record, sort_keys=True, default=str).encode(), usedforsecurity=False).hexdigest()


def take_products(
    integration: Integration, products: Sequence[ChannelProduct], *, walk: int | None = None
) -> dict[str, int]:
    """Apply one page of products and their stock; counts of read, created, updated, unchanged, refused.

    Products that are our own listings in a retailer's store are passed over. ``walk`` marks what a full walk saw.
    """
    counts = {"read": len(products)}
    goods = _without_listings(integration, products)
    links = {
        link.remote_id: link
        for link in ProductLink.objects.filter(integration=integration, remote_id__in=[p.remote_id for p in goods])
    }
    digests = {product.remote_id: digest_of(product) for product in goods}
    changed = [p for p in goods if p.remote_id not in links or links[p.remote_id].digest != digests[p.remote_id]]
    counts["unchanged"] = len(products) - len(changed)
    if changed:
        parts = paced(changed, rows=lambda product: 1 + len(product.variants))
        counts["created"] = sum(_apply(integration, part, links, digests).created for part in parts)
        counts["updated"] = len(changed) - counts["created"]
        _tell_sku_problems(integration, changed)
    _take_stock(integration, goods)
    if walk is not None:
        ProductLink.objects.filter(integration=integration, remote_id__in=list(digests)).exclude(walk=walk).update(
            walk=walk
        )
    return counts


def _without_listings(integration: Integration, products: Sequence[ChannelProduct]) -> list[ChannelProduct]:
    if not integration.sells:
        return list(products)
    listed = set(
        ListingLink.objects.filter(
            integration=integration, remote_product_id__in=[p.remote_id for p in products]
        ).values_list("remote_product_id", flat=True)
    )
    rest = [product for product in products if product.remote_id not in listed]
    being_published = _listed_skus(integration, rest)
    return [product for product in rest if not _skus(product) or not _skus(product) <= being_published]


def _listed_skus(integration: Integration, products: Sequence[ChannelProduct]) -> set[str]:
    """SKUs that the company chose to list: such a product is being published or will be adopted, it is not its own goods."""
    wanted = set().union(*(_skus(product) for product in products)) if products else set()
    return set(
        Listing.objects.filter(company_id=integration.company_id, variant__sku_key__in=wanted).values_list(
            "variant__sku_key", flat=True
        )
    )


def _skus(product: ChannelProduct) -> set[str]:
    return {sku_key(variant.sku) for variant in product.variants if variant.sku.strip()}


@transaction.atomic
def _apply(integration, changed, links, digests):
    """Write products, variants and their links in one short transaction."""
    variant_links = {
        (link.remote_product_id, link.remote_id): link.variant_id
        for link in VariantLink.objects.filter(
            integration=integration, remote_product_id__in=[p.remote_id for p in changed]
        )
    }
    applied = catalog.apply_products(
        integration.company,
        [_product_data(p, links, variant_links) for p in changed],
        currency=integration.currency or integration.company.currency,
    )
    _link_products(integration, applied, links, digests)
    _link_variants(integration, applied, variant_links)
    return applied


def _product_data(product: ChannelProduct, links, variant_links) -> ProductData:
    link = links.get(product.remote_id)
    return ProductData(
        key=product.remote_id,
        product_id=link.product_id if link else None,
        name=product.name[:255],
        description=product.description,
        brand=product.brand[:120],
        category=product.category[:200],
        image_url=product.image_url[:1000],
        is_active=product.is_active,
        variants=tuple(
            _variant_data(product, variant, position, variant_links)
            for position, variant in enumerate(product.variants)
        ),
    )


def _variant_data(product: ChannelProduct, variant: ChannelVariant, position: int, variant_links) -> VariantData:
    return VariantData(
        key=variant.remote_id,
        variant_id=variant_links.get((product.remote_id, variant.remote_id)),
        sku=variant.sku[:255],
        name=variant.name[:255],
        options=dict(variant.options),
        barcode=variant.barcode[:50],
        price=variant.price,
        cost=variant.cost,
        msrp=variant.msrp,
        map_price=variant.map_price,
        weight=variant.weight,
        image_url=variant.image_url[:1000],
        tracks_stock=variant.stock is not None,
        is_active=variant.is_active and product.is_active,
        position=position,
    )


def _link_products(integration, applied, links, digests) -> None:
    fresh, stale = [], []
    for remote_id, (product_id, _) in applied.ids.items():
        link = links.get(remote_id)
        if link is None:
            fresh.append(
                ProductLink(
                    integration=integration, product_id=product_id, remote_id=remote_id, digest=digests[remote_id]
                )
            )
        else:
            link.digest = digests[remote_id]
            stale.append(link)
    ProductLink.objects.bulk_create(fresh, batch_size=500)
    ProductLink.objects.bulk_update(stale, ["digest"], batch_size=500)


def _link_variants(integration, applied, variant_links) -> None:
    VariantLink.objects.bulk_create(
        [
            VariantLink(
                integration=integration, variant_id=variant_id, remote_id=remote_id, remote_product_id=product_remote_id
            )
            for product_remote_id, (_, variants) in applied.ids.items()
            for remote_id, variant_id in variants.items()
            if (product_remote_id, remote_id) not in variant_links
        ],
        batch_size=500,
    )


def _take_stock(integration: Integration, products: Sequence[ChannelProduct]) -> None:
    """The figures that came with the products; without them the first hour would show none."""
    links = variant_ids(integration, [product.remote_id for product in products])
    figures = [
        StockData(variant_id=links[product.remote_id, variant.remote_id], on_hand=variant.stock)
        for product in products
        for variant in product.variants
        if variant.stock is not None and (product.remote_id, variant.remote_id) in links
    ]
    if figures:
        catalog.apply_stock(integration.company, figures, cause="pull")


def variant_ids(integration: Integration, remote_product_ids: Sequence[str]) -> dict[tuple[str, str], int]:
    """(their product id, their variant id) → our variant id."""
    return {
        (product, variant): ours
        for product, variant, ours in VariantLink.objects.filter(
            integration=integration, remote_product_id__in=set(remote_product_ids)
        ).values_list("remote_product_id", "remote_id", "variant_id")
    }


def _tell_sku_problems(integration: Integration, products: Sequence[ChannelProduct]) -> None:
    """Goods without a SKU, or with one that stands twice in the product, cannot be traded: say so, per product. One query where all is well."""
    keys = {
        f"{code}:{integration.pk}:{product.remote_id}" for product in products for code in ("sku_missing", "sku_twice")
    }
    wrong = {
        f"{code}:{integration.pk}:{product.remote_id}": (code, product)
        for product in products
        for code in _sku_faults(product)
    }
    open_keys = set(
        Problem.objects.filter(
            company_id=integration.company_id, state=ProblemState.OPEN, cause_key__in=keys
        ).values_list("cause_key", flat=True)
    )
    for key, (code, product) in wrong.items():
        raise_problem(
            integration.company_id,
            code,
            SKU_FAULTS[code].format(product=product.name),
            integration=integration,
            record_name=product.name,
            cause_key=key,
        )
    if mended := open_keys - wrong.keys():
        resolve(company_id=integration.company_id, cause_key__in=mended, resolution="The store has it right now.")


SKU_FAULTS = {
    "sku_missing": "{product} has no SKU, so orders for it cannot be matched. Give it one in the store.",
    "sku_twice": "{product} has two variants with the same SKU, so orders cannot tell them apart. Give each its own in the store.",
}


def _sku_faults(product: ChannelProduct) -> list[str]:
    skus = [variant.sku.strip().casefold() for variant in product.variants if variant.is_active]
    faults = []
    if product.is_active and "" in skus:
        faults.append("sku_missing")
    if _has_twins(skus):
        faults.append("sku_twice")
    return faults


def _has_twins(skus: list[str]) -> bool:
    named = [sku for sku in skus if sku]
    return len(named) != len(set(named))
