"""Bodies of products and variants to publish: pure functions (vendor reference, sections 4.1 and 4.2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import Any

from channels.connectors.bigcommerce.bodies import without_none
from channels.contract import ListingRequest, ListingVariant
from channels.errors import Rejected
from portal.lib.money import ZERO

NAME_LENGTH = 250
SKU_LENGTH = 255
CODE_LENGTH = 14
LABEL_LENGTH = 255
MOST_VARIANTS = 600
MOST_VALUES = 250
MOST_STOCK = 2_147_483_647
CHOICE = "Choice"
NONE = "–"
Labels = dict[str, dict[str, str]]


def check(request: ListingRequest) -> None:
    """Refuse, with the reason, what the store could never take. Raises Rejected."""
    if not request.variants:
        raise Rejected("There is no variant to publish.", field="variants")
    if len(request.variants) > MOST_VARIANTS:
        raise Rejected(
            f"BigCommerce takes at most {MOST_VARIANTS} variants a product; this one has {len(request.variants)}."
            " Choose fewer.",
            code="too_many_variants",
            field="variants",
        )
    for variant in request.variants:
        if not variant.sku or len(variant.sku) > SKU_LENGTH:
            raise Rejected(
                f"A SKU of 1 to {SKU_LENGTH} characters is needed; “{variant.sku[:40]}” is not.",
                code="sku_missing" if not variant.sku else "",
                field="sku",
            )
    for name in {name for variant in request.variants for name in variant.options}:
        if len({variant.options.get(name, NONE) for variant in request.variants}) > MOST_VALUES:
            raise Rejected(
                f"BigCommerce takes at most {MOST_VALUES} values of a choice; “{name}” has more. Choose fewer variants.",
                code="too_many_variants",
                field="variants",
            )


def is_simple(request: ListingRequest) -> bool:
    """Whether it becomes a product without choices."""
    return len(request.variants) == 1 and not request.variants[0].options


def new_product(
    request: ListingRequest, variants: Sequence[ListingVariant], name: str, category: str
) -> dict[str, Any]:
    """A hidden product with all its variants in one body: it is there whole or not at all, and found again by any SKU."""
    first = variants[0]
    body = {
        "name": cut(name, NAME_LENGTH),
        "type": "physical",
        "is_visible": False,
        "price": first.price,
        "weight": first.weight or ZERO,
        "categories": [int(part) for part in category.split(",") if part.strip().isdecimal()] or None,
        **texts(request),
    }
    if is_simple(request):
        money = {**amounts(first), **codes(first)}
        return without_none(
            {**body, **money, "sku": first.sku, "inventory_tracking": "product", "inventory_level": units(first)}
        )
    labels = option_labels(request.variants)
    made = [new_variant(variant, labels[variant.listing_id]) for variant in variants]
    return without_none({**body, "inventory_tracking": "variant", "variants": made})


def new_variant(variant: ListingVariant, labels: dict[str, str]) -> dict[str, Any]:
    """A variant by the names of its option values; what does not exist of them is made."""
    return without_none(
        {
            "sku": variant.sku,
            "option_values": [{"option_display_name": name, "label": label} for name, label in labels.items()],
            "purchasing_disabled": not variant.is_active,
            "weight": variant.weight,
            "inventory_level": units(variant),
            **amounts(variant),
            **codes(variant),
        }
    )


def texts(request: ListingRequest) -> dict[str, Any]:
    """Description and brand. A name that had to be cut stands in full above the description."""
    description = request.description
    if len(request.name) > NAME_LENGTH:
        description = f"<p><strong>{escape(request.name)}</strong></p>{description}"
    return without_none({"description": description, "brand_name": request.brand or None})


def kept_up(request: ListingRequest) -> dict[str, Any]:
    """The texts of a product that is there already: what the retailer lets us write of them."""
    changes = texts(request) if request.writes("description", by_habit=True) else {}
    if request.writes("title", by_habit=False) and request.name.strip():
        changes["name"] = cut(request.name.strip(), NAME_LENGTH)
    return changes


def amounts(variant: ListingVariant, *, priced: bool = True) -> dict[str, Any]:
    """The shelf price as price (unless the retailer keeps its own); the dropship price as cost and nowhere else."""
    shelf = {"price": variant.price, "retail_price": variant.msrp} if priced else {}
    return without_none({**shelf, "cost_price": variant.cost})


def units(variant: ListingVariant) -> int:
    """What may be sold of it: nothing of one that was stopped."""
    return min(max(variant.stock, 0), MOST_STOCK) if variant.is_active else 0


def codes(variant: ListingVariant) -> dict[str, Any]:
    """The barcode where it fits their field."""
    return {"upc": variant.barcode} if 0 < len(variant.barcode) <= CODE_LENGTH else {}


def option_labels(variants: Sequence[ListingVariant]) -> Labels:
    """Option name → value for each variant by listing id: every variant gets every option, and no two the same values."""
    names = list(dict.fromkeys(name for variant in variants for name in variant.options)) or [CHOICE]
    labels = {
        variant.listing_id: {
            cut(name, LABEL_LENGTH): cut(variant.options.get(name) or _fallback(variant, names), LABEL_LENGTH)
            for name in names
        }
        for variant in variants
    }
    count = Counter(tuple(values.values()) for values in labels.values())
    for variant in variants:
        values = labels[variant.listing_id]
        if count[tuple(values.values())] > 1:
            first = next(iter(values))
            values[first] = cut(f"{values[first]} ({variant.sku})", LABEL_LENGTH)
    return labels


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def with_sku(name: str, sku: str) -> str:
    """A name that is taken, made unique: names are unique in a store."""
    return f"{cut(name, NAME_LENGTH - len(sku[:100]) - 3)} ({sku[:100]})"


def _fallback(variant: ListingVariant, names: Sequence[str]) -> str:
    return (variant.name or variant.sku) if names == [CHOICE] else NONE
