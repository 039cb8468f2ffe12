"""Vendor dicts out of listings: new products, new figures, names (vendor reference, section 3.2). Pure.

Only the shelf price goes into a price that shoppers see; the dropship price goes into the cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from channels.connectors.shift4shop import limits
from channels.connectors.shift4shop.bulk import Change
from channels.contract import ListingRequest, ListingVariant, PriceUpdate, StockUpdate

NO_IMAGES = "Images are not sent to Shift4Shop. Add them in the store."
NO_OPTIONS = (
    "Shift4Shop cannot take variants from us, so the product is there as {count} products, one for each variant."
)
NAME_CUT = "The name “{name}” is longer than the store takes and was shortened."


def stock_change(update: StockUpdate) -> Change:
    stock = max(0, update.available)
    return Change(
        update.remote_product_id, update.remote_variant_id, {"Stock": stock}, {"AdvancedOptionStock": stock}, {}
    )


def price_change(update: PriceUpdate) -> Change:
    return Change(update.remote_product_id, update.remote_variant_id, *_prices(update.price, update.cost), {})


def listing_change(
    request: ListingRequest, variant: ListingVariant, *, place: tuple[str, str], texts: frozenset[str]
) -> Change:
    """The figures of a listing that is in the store at ``place``, but for those that the retailer keeps; of its ``texts`` those named."""
    priced = request.writes("price", by_habit=True)
    plain, option = _prices(variant.price if priced else None, variant.cost)
    if priced:
        plain |= _list_price(variant)
    if not _is_shown(request, variant) or request.writes("stock", by_habit=True):
        plain["Stock"] = option["AdvancedOptionStock"] = _stock(request, variant)
    product: dict[str, Any] = {"Hide": not _is_shown(request, variant)}
    if "description" in texts:
        product["Description"] = request.description
    if "title" in texts:
        plain["Name"] = listing_name(request, variant)
    return Change(*place, plain, option, product)


def withdrawn(variant: ListingVariant) -> Change:
    """Nothing left and out of sight, never deleted. A variant of the retailer's own product only loses its stock."""
    place = (variant.remote_product_id, variant.remote_variant_id)
    return Change(*place, {"Stock": 0}, {"AdvancedOptionStock": 0}, {"Hide": True})


def product_body(request: ListingRequest, variant: ListingVariant, *, category: str) -> dict[str, Any]:
    """The body of ``POST /Products``: one variant as a product of its own."""
    prices, _ = _prices(variant.price, variant.cost)
    info = {
        "SKU": variant.sku,
        "Name": listing_name(request, variant),
        **prices,
        **_list_price(variant),
        "Stock": _stock(request, variant),
    }
    texts, _ = limits.fitted({"ManufacturerName": request.brand, "GTIN": variant.barcode}, limits.PRODUCT)
    return {
        "SKUInfo": info,
        **texts,
        "Description": limits.clean(request.description),
        "Weight": variant.weight or Decimal(0),
        "Hide": not _is_shown(request, variant),
        "NotForSale": False,
        **({"CategoryList": [{"CategoryID": int(category)}]} if category.isdigit() else {}),
    }


def listing_name(request: ListingRequest, variant: ListingVariant) -> str:
    """As "Alpine Tent - Red": the choice stays whole when the name has to be cut."""
    choice = choice_of(variant)
    if not choice:
        return limits.cut(request.name, limits.SKU_INFO["Name"])
    ending = f" - {limits.cut(choice, 120)}"
    return limits.cut(request.name, limits.SKU_INFO["Name"] - len(ending.encode("utf-16-le")) // 2) + ending


def choice_of(variant: ListingVariant) -> str:
    """What sets a variant apart: "Red / L"."""
    return " / ".join(variant.options.values()) or variant.name


def notes_on(request: ListingRequest, *, split: int) -> tuple[str, ...]:
    """What the store could not take; ``split`` is how many variants became products of their own."""
    has_images = bool(request.image_url) or any(variant.image_url for variant in request.variants)
    is_cut = len(limits.clean(request.name)) > limits.SKU_INFO["Name"]
    notes = (
        (len(request.variants) > 1 and split > 0, NO_OPTIONS.format(count=split)),
        (has_images, NO_IMAGES),
        (is_cut, NAME_CUT.format(name=request.name[:60] + "…")),
    )
    return tuple(note for applies, note in notes if applies)


def _prices(price: Decimal | None, cost: Decimal | None) -> tuple[dict[str, Any], dict[str, Any]]:
    plain: dict[str, Any] = {} if price is None else {"Price": price}
    option: dict[str, Any] = {} if price is None else {"AdvancedOptionPrice": price}
    if cost is not None:
        plain["Cost"] = option["AdvancedOptionCost"] = cost
    return plain, option


def _list_price(variant: ListingVariant) -> Mapping[str, Any]:
    return {"RetailPrice": variant.msrp} if variant.msrp is not None else {}


def _is_shown(request: ListingRequest, variant: ListingVariant) -> bool:
    return request.is_visible and variant.is_active


def _stock(request: ListingRequest, variant: ListingVariant) -> int:
    return max(0, variant.stock) if _is_shown(request, variant) else 0
